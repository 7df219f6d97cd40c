"""Rule dead-rules, one line a case."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import dead_rules
from tests.rules.support import found, netpol, problems

SILENT = {
    "rules of a listed direction": "podSelector: {}, policyTypes: [Egress], egress: [{}]",
    "both listed": "podSelector: {}, policyTypes: [Egress, Ingress], ingress: [{}], egress: [{}]",
    "policyTypes absent": "podSelector: {}, ingress: [{}], egress: [{}]",
    "policyTypes empty": "podSelector: {}, policyTypes: [], egress: [{}]",
    "policyTypes null": "podSelector: {}, policyTypes: null, egress: [{}]",
    "no rules": "podSelector: {}, policyTypes: [Ingress]",
    "empty list is no rule": "podSelector: {}, policyTypes: [Ingress], egress: []",
    "null is no rule": "podSelector: {}, policyTypes: [Ingress], egress: null",
    "policyTypes invalid": "podSelector: {}, policyTypes: [ingress], ingress: [{}]",
}

REPORTED = {
    "egress": ("policyTypes: [Ingress], egress: [{}]", ["web spec.egress"]),
    "ingress": ("policyTypes: [Egress], ingress: [{}]", ["web spec.ingress"]),
    "twice Ingress": ("policyTypes: [Ingress, Ingress], egress: [{}]", ["web spec.egress"]),
    "something else is invalid": (
        "policyTypes: [Ingress], egress: [{ports: [{port: 0}]}]",
        ["web spec.egress"],
    ),
    "several rules": (
        "policyTypes: [Ingress], ingress: [{}], egress: [{ports: [{port: 53}]}, {to: []}]",
        ["web spec.egress"],
    ),
}


@pytest.mark.parametrize("spec", SILENT.values(), ids=SILENT)
def test_silent(spec: str) -> None:
    assert found(dead_rules, netpol(spec)) == []


@pytest.mark.parametrize(("spec", "places"), REPORTED.values(), ids=REPORTED)
def test_reported(spec: str, places: list[str]) -> None:
    assert found(dead_rules, netpol(f"podSelector: {{}}, {spec}")) == places


def test_evidence_names_the_enforcer_that_differs() -> None:
    (problem,) = problems(
        dead_rules, netpol("podSelector: {}, policyTypes: [Ingress], egress: [{}]")
    )
    assert problem.message.endswith("does not list Egress, so the only rule has no effect")
    assert any("AWS" in line for line in problem.evidence)
    assert problem.fix is not None
    assert not problem.fix.automatic
