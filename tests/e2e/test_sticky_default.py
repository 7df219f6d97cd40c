"""The outage for real: policyTypes that were defaulted once and stay, and what repairs them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command import run
from tests.e2e.manifests import INGRESS, SELECTED
from tests.e2e.server import Namespace

EGRESS = "  egress:\n    - to:\n        - podSelector: {}\n"
HEAD = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\nspec:\n"
SELECTOR = SELECTED.format(name="web")

WITHOUT_EGRESS = HEAD + SELECTOR + INGRESS
WITH_EGRESS = WITHOUT_EGRESS + EGRESS

APPLY = {"client-side": ["apply"], "server-side": ["apply", "--server-side"]}


class Applied:
    """A manifest that is applied again and again, in one way."""

    def __init__(self, namespace: Namespace, path: Path, how: list[str]) -> None:
        self.namespace = namespace
        self.path = path
        self.how = how

    def __call__(self, text: str | None = None) -> dict[str, Any]:
        """Write the text, if any, and apply the file; the object as it is stored."""
        if text is not None:
            self.path.write_text(text, encoding="utf-8")
        done = self.namespace.kubectl(*self.how, "-f", str(self.path))
        assert done.code == 0, done
        return self.namespace.stored("web")

    def differs(self) -> bool:
        """What `kubectl diff` says of the file."""
        options = [option for option in self.how if option.startswith("--")]
        done = self.namespace.kubectl("diff", *options, "-f", str(self.path))
        assert done.code in (0, 1), done
        return done.code == 1


@pytest.fixture(params=APPLY)
def applied(request: pytest.FixtureRequest, namespace: Namespace, tmp_path: Path) -> Applied:
    return Applied(namespace, tmp_path / "web.yaml", APPLY[request.param])


def test_an_egress_section_that_is_deleted_denies_everything(applied: Applied) -> None:
    assert applied(WITH_EGRESS)["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert run("lint", str(applied.path)).code == 1, "policy-types-implicit, before it happens"
    stored = applied(WITHOUT_EGRESS)["spec"]
    assert stored["policyTypes"] == ["Ingress", "Egress"]
    assert "egress" not in stored
    assert not applied.differs(), "nobody would notice"
    linted = run("lint", "-o", "name", str(applied.path))
    assert linted.code == 1


def test_an_egress_section_that_is_added_is_dead(applied: Applied) -> None:
    assert applied(WITHOUT_EGRESS)["spec"]["policyTypes"] == ["Ingress"]
    stored = applied(WITH_EGRESS)["spec"]
    assert stored["policyTypes"] == ["Ingress"]
    assert stored["egress"]
    assert not applied.differs()


def test_fix_repairs_the_denial_when_it_is_applied(applied: Applied) -> None:
    applied(WITH_EGRESS)
    assert "egress" not in applied(WITHOUT_EGRESS)["spec"], "all egress is denied"
    fixed = run("fix", str(applied.path))
    assert (fixed.code, fixed.stderr) == (1, "")
    stored = applied()["spec"]
    assert stored["policyTypes"] == ["Ingress", "Egress"]
    assert stored["egress"] == [{}], "open, as a creation of that file would have been"
    assert not applied.differs()


def test_fix_revives_dead_rules_when_it_is_applied(applied: Applied) -> None:
    applied(WITHOUT_EGRESS)
    assert applied(WITH_EGRESS)["spec"]["policyTypes"] == ["Ingress"], "the rules are dead"
    fixed = run("fix", str(applied.path))
    assert (fixed.code, fixed.stderr) == (1, "")
    stored = applied()["spec"]
    assert stored["policyTypes"] == ["Ingress", "Egress"]
    assert stored["egress"] == [{"to": [{"podSelector": {}}]}]
    assert not applied.differs()


def test_a_fixed_file_never_gets_stuck(applied: Applied) -> None:
    applied.path.write_text(WITHOUT_EGRESS, encoding="utf-8")
    assert run("fix", str(applied.path)).code == 1
    assert applied()["spec"]["egress"] == [{}]
    assert applied(WITH_EGRESS.replace("  ingress", "  policyTypes: [Ingress]\n  ingress"))
    assert applied.namespace.stored("web")["spec"]["policyTypes"] == ["Ingress"]
