"""Proofs that fail: a wrong edit, a wrong plan. Nothing may be written then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from unittest.mock import patch

import pytest

from kubectl_npcheck.fixing import Options
from kubectl_npcheck.fixing.intent import ALL, Intent, with_rules, without_rules
from kubectl_npcheck.fixing.refusing import ProofError
from kubectl_npcheck.manifests import edit
from kubectl_npcheck.manifests.edit import Edit
from tests.command import run
from tests.fixing.support import DENY, WEB, fixed, netpol, strategy, tree

SILENT = netpol(WEB.replace("[{}]", "[{ports: [{port: 1}]}]"))
FILES = {"a.yaml": SILENT + "---\n" + netpol(DENY, "other", "prod")}
real_apply = edit.apply


def wrong(change: Callable[[str], str]) -> Any:
    """Edits whose result is changed by something that nobody asked for."""

    def apply(text: str, edits: Sequence[Edit]) -> str:
        return change(real_apply(text, edits))

    return patch.object(edit, "apply", apply)


WRONG_TEXTS: dict[str, Callable[[str], str]] = {
    "another value": lambda text: text.replace("app: web", "app: wob"),
    "one rule more": lambda text: text.replace("egress: [{}]", "egress: [{}, {}]"),
    "nothing written": lambda text: text.replace(", Egress", "", 1),
    "another document": lambda text: text.replace("name: other", "name: another"),
    "a document lost": lambda text: text.split("---\n")[0],
    "a document more": lambda text: text + "---\n" + SILENT,
    "not YAML": lambda text: text.replace("spec: {", "spec: {{", 1),
    "a key twice": lambda text: text.replace("spec: {", "spec: {podSelector: {}, ", 1),
    "a number for a string": lambda text: text.replace("name: web", "name: 1"),
    "true for a number": lambda text: text.replace("port: 1", "port: true"),
    "a document of another kind more": lambda text: text + "---\nkind: ConfigMap\n",
}


@pytest.mark.parametrize("change", WRONG_TEXTS.values(), ids=WRONG_TEXTS)
def test_a_wrong_edit_is_seen_and_nothing_is_written(change: Callable[[str], str]) -> None:
    with tree(FILES) as root, wrong(change):
        result = run("fix", cwd=root)
        assert result.code == 5
        assert "could not be proved, so nothing was written" in result.stderr
        assert (root / "a.yaml").read_text() == FILES["a.yaml"]
        assert [path.name for path in root.iterdir()] == ["a.yaml"]


def test_the_right_edit_passes() -> None:
    """The tests above would pass for ever if everything failed."""
    with wrong(lambda text: text):
        assert len(fixed(FILES).changes) == 1


@pytest.mark.parametrize("name", ["preserve", "allow-all"])
def test_a_plan_that_opens_what_another_policy_denies_is_not_carried_out(name: str) -> None:
    """As if the classification were blind to the policy that decides."""

    def careless(target: Any, world: Any, settled: Any) -> Intent:
        policy = world.homes(target.origin)[0].policy
        return with_rules(policy, name, ALL, "")

    files = {"a.yaml": SILENT, "b.yaml": netpol(DENY, "deny")}
    with (
        patch("kubectl_npcheck.fixing.plan.classify", careless),
        pytest.raises(ProofError, match="app"),
    ):
        fixed(files, options=strategy(name, notes=True))


def test_a_plan_that_does_not_do_what_it_says_is_not_carried_out() -> None:
    """As if the operations and the meaning that was reasoned with were not the same."""

    def careless(target: Any, world: Any, settled: Any) -> Intent:
        policy = world.homes(target.origin)[0].policy
        denied = without_rules(policy, "deny-all", "")
        return denied._replace(operations=with_rules(policy, "", ALL, "").operations)

    with (
        patch("kubectl_npcheck.fixing.plan.classify", careless),
        pytest.raises(ProofError, match="would mean something else"),
    ):
        fixed({"a.yaml": SILENT}, options=strategy("deny-all"))


def test_a_plan_that_denies_what_was_open_is_not_carried_out() -> None:
    def careless(target: Any, world: Any, settled: Any) -> Intent:
        policy = world.homes(target.origin)[0].policy
        return without_rules(policy, "preserve", "")

    with (
        patch("kubectl_npcheck.fixing.plan.classify", careless),
        pytest.raises(ProofError, match="open reading"),
    ):
        fixed({"a.yaml": SILENT}, options=Options())
