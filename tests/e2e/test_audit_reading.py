"""How a real API server reads a policy without egress, as the probe measures it: with mutating and
validating admission policies, for one namespace and for all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.admission import WITHIN, appending, mutable, refusing
from tests.e2e.auditing import Auditor
from tests.e2e.manifests import silent
from tests.e2e.server import ControlPlane, Namespace

__all__ = ["appending", "mutable", "refusing"]


@pytest.fixture
def auditor(mutable: ControlPlane, tmp_path: Path) -> Auditor:
    return Auditor(mutable, tmp_path)


@pytest.fixture
def places(mutable: ControlPlane, request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Three namespaces with a policy each."""
    names = [f"{letter}-{abs(hash(request.node.name)) % 10_000_000}" for letter in "abc"]
    made = [Namespace(mutable, name) for name in names]
    for namespace in made:
        done = namespace.kubectl("apply", "-f", "-", stdin=silent("web", namespace.name))
        assert done.code == 0, done
    yield names
    for namespace in made:
        namespace.remove()


def reading(auditor: Auditor, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The report, as soon as its reading is the wanted one."""
    until = time.monotonic() + WITHIN
    while True:
        report = auditor.report("-A")
        if wanted(report["input"]["reading"]):
            return report
        assert time.monotonic() < until, report["input"]["reading"]
        time.sleep(0.5)


def test_as_published_it_is_open(auditor: Auditor, places: list[str]) -> None:
    found = auditor.report("-A")["input"]["reading"]
    assert found == {"outcome": "open", "detail": "", "except": []}
    assert "egress that is not stated: open" in auditor("version", "--server").stdout


def test_egress_is_appended_everywhere(
    auditor: Auditor, places: list[str], appending: Callable[[str | None], None]
) -> None:
    appending(None)
    report = reading(auditor, lambda found: found["outcome"] == "deny")
    assert report["input"]["reading"]["except"] == []
    checked = auditor("audit", "-A", "--check-version")
    assert checked.code == 1
    assert "egress that is not stated: denied (measured by a dry run)" in checked.stdout
    assert f"error egress-implicit {places[0]}/web" in checked.stdout


def test_egress_is_appended_in_one_namespace(
    auditor: Auditor, places: list[str], appending: Callable[[str | None], None]
) -> None:
    appending(places[1])
    report = reading(auditor, lambda found: bool(found["except"]))
    assert report["input"]["reading"]["outcome"] == "open"
    (differing,) = report["input"]["reading"]["except"]
    assert (differing["namespace"], differing["outcome"]) == (places[1], "deny")


def test_admission_refuses_in_one_namespace(
    auditor: Auditor, places: list[str], refusing: Callable[[str], None]
) -> None:
    refusing(places[2])
    report = reading(auditor, lambda found: bool(found["except"]))
    (differing,) = report["input"]["reading"]["except"]
    assert (differing["namespace"], differing["outcome"]) == (places[2], "refused by admission")
    assert "egress has to be stated here" in differing["detail"]


def test_the_probe_stores_nothing(
    mutable: ControlPlane, auditor: Auditor, places: list[str]
) -> None:
    before = mutable.kubectl("get", "networkpolicies", "-A", "-o", "name").stdout
    auditor.report("-A")
    assert mutable.kubectl("get", "networkpolicies", "-A", "-o", "name").stdout == before
