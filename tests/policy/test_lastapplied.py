"""What was last applied, from the metadata that real API servers keep (apiserver reference)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kubectl_npcheck.policy.lastapplied import LAST_APPLIED, last_applied
from kubectl_npcheck.policy.model import Applied, Authored

ABSENT, SET, EMPTY, NULL = Authored.ABSENT, Authored.SET, Authored.EMPTY, Authored.NULL
UNKNOWN = Authored.UNKNOWN
BOTH = ["Ingress", "Egress"]
T1, T2, T3 = (f"2026-01-01T00:00:0{n}Z" for n in (1, 2, 3))


def update(manager: str, time: str, *fields: str, annotation: bool = False) -> dict[str, Any]:
    """An entry of operation Update."""
    return entry(manager, "Update", time, *fields, annotation=annotation)


def entry(
    manager: str, operation: str, time: str, *fields: str, annotation: bool = False
) -> dict[str, Any]:
    """A managedFields entry that owns fields of the spec."""
    owned: dict[str, Any] = {"f:spec": {f"f:{field}": {} for field in fields}} if fields else {}
    if annotation:
        owned["f:metadata"] = {"f:annotations": {".": {}, f"f:{LAST_APPLIED}": {}}}
    return {"manager": manager, "operation": operation, "time": time, "fieldsV1": owned}


def live(
    entries: list[dict[str, Any]], applied: object = None, types: list[str] | None = None
) -> dict[str, Any]:
    """A live object; applied: the spec in the annotation."""
    meta: dict[str, Any] = {"managedFields": entries}
    if applied is not None:
        text = applied if isinstance(applied, str) else json.dumps({"spec": applied})
        meta["annotations"] = {LAST_APPLIED: text}
    return {"metadata": meta, "spec": {"policyTypes": types or BOTH, "ingress": [{}]}}


CLIENT = update("kubectl-client-side-apply", T1, "ingress", "policyTypes", annotation=True)
SERVER = entry("kubectl", "Apply", T1, "ingress", "podSelector")


def found(
    entries: list[dict[str, Any]], applied: object = None, types: list[str] | None = None
) -> Applied:
    answer = last_applied(live(entries, applied, types))
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    "obj",
    [
        live([]),  # no trace
        live([update("kubectl-create", T1, "ingress", "policyTypes")]),  # claims defaults too
        live([update("kubectl-create", T1)], "{not json"),
        live([], "[1]"),
        live([], '{"spec": 1}'),
        live([entry("kyverno", "Apply", T1)]),  # owns labels only
        live([entry("fixer", "Apply", T1, "policyTypes")]),  # a part of the spec, no manifest
        {},
    ],
)
def test_unknown(obj: dict[str, Any]) -> None:
    assert last_applied(obj) is None


@pytest.mark.parametrize(
    ("spec", "types", "egress", "creates_egress"),
    [
        ({"ingress": [{}]}, ABSENT, ABSENT, False),
        ({"ingress": [{}], "egress": []}, ABSENT, EMPTY, False),
        ({"ingress": [{}], "egress": None}, ABSENT, NULL, False),
        ({"egress": [{}]}, ABSENT, SET, True),
        ({"policyTypes": [], "egress": [{}]}, EMPTY, SET, True),
        ({"policyTypes": None}, NULL, ABSENT, False),
        ({"policyTypes": BOTH}, SET, ABSENT, True),
        ({"policyTypes": ["Ingress"], "egress": [{}]}, SET, SET, False),
        ({"policyTypes": "Egress", "egress": "x"}, UNKNOWN, UNKNOWN, False),
    ],
)
def test_the_annotation_is_the_manifest(
    spec: dict[str, Any], types: Authored, egress: Authored, creates_egress: bool
) -> None:
    answer = found([CLIENT], spec)
    assert (answer.types, answer.egress, answer.creates_egress) == (types, egress, creates_egress)
    assert answer.source == "last-applied annotation"
    assert answer.manager == "kubectl-client-side-apply"
    assert answer.settled is False


@pytest.mark.parametrize(
    ("fields", "types", "egress", "creates_egress"),
    [
        (["ingress", "podSelector"], ABSENT, ABSENT, False),
        (["ingress", "podSelector", "policyTypes"], SET, ABSENT, True),
        (["podSelector", "egress", "policyTypes"], SET, UNKNOWN, True),  # [] or null: not stored
    ],
)
def test_an_apply_entry_lists_what_the_manifest_wrote(
    fields: list[str], types: Authored, egress: Authored, creates_egress: bool
) -> None:
    answer = found([entry("kubectl", "Apply", T1, *fields)])
    assert (answer.types, answer.egress, answer.creates_egress) == (types, egress, creates_egress)
    assert answer.source == "managedFields"
    assert answer.settled is False


def test_an_apply_entry_with_egress_rules_would_create_egress() -> None:
    obj = live([entry("flux", "Apply", T1, "egress", "podSelector")], types=["Ingress"])
    obj["spec"]["egress"] = [{}]
    answer = last_applied(obj)
    assert answer is not None
    assert answer.egress is SET
    assert answer.creates_egress


def test_two_appliers_write_one_object() -> None:
    answer = found([SERVER, entry("team", "Apply", T2, "policyTypes")])
    assert answer.types is SET
    assert answer.manager == "kubectl"


@pytest.mark.parametrize(
    ("entries", "source"),
    [
        ([CLIENT, entry("flux", "Apply", T2, "podSelector")], "managedFields"),
        ([CLIENT, entry("flux", "Apply", T1, "podSelector")], "managedFields"),
        ([CLIENT, entry("kubectl", "Apply", T2, "podSelector")], "last-applied annotation"),
        (
            [entry("flux", "Apply", T1, "podSelector"), {**CLIENT, "time": T2}],
            "last-applied annotation",
        ),
    ],
)
def test_the_newer_trace_counts(entries: list[dict[str, Any]], source: str) -> None:
    assert found(entries, {"ingress": [{}]}).source == source


def test_of_several_the_last_one_applied_it() -> None:
    later = update("argocd-controller", T2, annotation=True)
    for entries in ([CLIENT, later], [later, CLIENT]):
        assert found(entries, {"ingress": [{}]}).manager == "argocd-controller"
    flux = entry("flux", "Apply", T2, "podSelector")
    for entries in ([SERVER, flux], [flux, SERVER]):
        assert found(entries).manager == "flux"


@pytest.mark.parametrize(
    ("others", "settled"),
    [
        ([], False),
        ([update("kubectl-patch", T2, "policyTypes")], True),
        ([update("kubectl-patch", T1, "policyTypes")], True),  # in the same second
        ([update("kubectl-edit", T2, "egress")], False),
        ([{**update("kubectl-patch", T2, "policyTypes"), "subresource": "status"}], False),
        ([update("kubectl-create", "2026-01-01T00:00:00Z", "policyTypes")], False),  # before it
        ([entry("fixer", "Apply", T3, "policyTypes")], True),
    ],
)
def test_settled_by_a_later_manager(others: list[dict[str, Any]], settled: bool) -> None:
    entries = [update("argocd", T1, "ingress", annotation=True), *others]
    assert found(entries, {"ingress": [{}]}).settled is settled


def test_without_the_last_apply_nothing_is_known_of_repairs() -> None:
    assert found([], {"ingress": [{}]}).settled is None
