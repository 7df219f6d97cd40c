"""Who last changed a live object."""

from __future__ import annotations

import pytest

from kubectl_npcheck.origin import Change
from kubectl_npcheck.policy.last_change import last_change


def entry(manager: str, time: str, **more: str) -> dict[str, str]:
    return {"manager": manager, "operation": "Update", "time": time, **more}


OLD = entry("helm", "2026-01-01T00:00:00Z")
NEW = entry("kubectl-edit", "2026-02-01T00:00:00Z")


@pytest.mark.parametrize(
    ("entries", "manager"),
    [
        ([OLD, NEW], "kubectl-edit"),
        ([NEW, OLD], "kubectl-edit"),
        ([NEW, entry("second", NEW["time"])], "second"),
        ([OLD, {**NEW, "subresource": "status"}], "helm"),
        ([], None),
        (None, None),
        (["x", {}, {"manager": 1}], None),
    ],
)
def test_the_newest_entry_about_the_object_itself(entries: object, manager: str | None) -> None:
    found = last_change({"metadata": {"managedFields": entries}})
    assert (found.manager if found else None) == manager


def test_what_it_says() -> None:
    found = last_change({"metadata": {"managedFields": [NEW]}})
    assert found == Change("kubectl-edit", "Update", "2026-02-01T00:00:00Z")


def test_anything_else_has_no_change() -> None:
    assert last_change({}) is None
    assert last_change({"metadata": 7}) is None
