"""`fix --live` on a cluster that appends Egress to what is written: the pessimistic reading."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.admission import WITHIN, appending, mutable
from tests.e2e.auditing import Auditor
from tests.e2e.manifests import silent
from tests.e2e.server import ControlPlane, Namespace

__all__ = ["appending", "mutable"]


@pytest.fixture
def auditor(mutable: ControlPlane, tmp_path: Path) -> Auditor:
    return Auditor(mutable, tmp_path)


@pytest.fixture
def place(mutable: ControlPlane) -> Iterator[Namespace]:
    """A namespace that has a policy from before; Egress is appended from now on."""
    made = Namespace(mutable, f"appended-{time.monotonic_ns() % 10**9}")
    done = made.kubectl("apply", "-f", "-", stdin=silent("early", made.name))
    assert done.code == 0, done
    yield made
    made.remove()


def wait(auditor: Auditor, namespace: Namespace) -> None:
    until = time.monotonic() + WITHIN
    while auditor.report("-n", namespace.name)["input"]["reading"]["outcome"] != "deny":
        assert time.monotonic() < until
        time.sleep(0.5)


def test_what_is_stored_open_is_kept_open(
    auditor: Auditor, place: Namespace, appending: Callable[[str | None], None]
) -> None:
    appending(place.name)
    wait(auditor, place)
    done = auditor("fix", "--live", "-n", place.name, "--apply")
    assert done.code == 1, done
    assert f"written {place.name}/early: egress stays open" in done.stdout
    spec = place.stored("early")["spec"]
    assert (spec["policyTypes"], spec["egress"]) == (["Ingress", "Egress"], [{}])


def test_undo_is_refused_where_admission_would_deny(
    auditor: Auditor, place: Namespace, appending: Callable[[str | None], None]
) -> None:
    """The former spec cannot be stored any more: Egress without rules would be."""
    appending(place.name)
    wait(auditor, place)
    assert auditor("fix", "--live", "-n", place.name, "--apply").code == 1
    (saved,) = auditor.directory.glob("npcheck-backup-*")
    done = auditor("fix", "--live", "--undo", saved.name)
    assert done.code == 4
    assert "admission would store something else than what was there before" in done.stdout
    assert place.stored("early")["spec"]["egress"] == [{}]


def test_a_stored_denial_waits_for_a_strategy(
    auditor: Auditor, place: Namespace, appending: Callable[[str | None], None]
) -> None:
    appending(place.name)
    wait(auditor, place)
    text = silent("late", place.name)
    assert place.kubectl("apply", "-f", "-", stdin=text).code == 0
    assert place.stored("late")["spec"]["policyTypes"] == ["Ingress", "Egress"]
    done = auditor("fix", "--live", "-n", place.name, "--apply")
    assert f"refused {place.name}/late: egress-implicit: nothing may be sent now" in done.stdout
    assert "egress" not in place.stored("late")["spec"]
    done = auditor("fix", "--live", "-n", place.name, "--strategy", "dns", "--apply")
    assert done.code == 1, done
    assert len(place.stored("late")["spec"]["egress"][0]["ports"]) == 2
    assert auditor("fix", "--live", "-n", place.name).code == 0
