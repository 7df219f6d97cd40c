"""Rule policy-types-implicit, one line a case."""

from __future__ import annotations

import pytest

from kubectl_npcheck.findings import Fix, Operation
from kubectl_npcheck.rules import policy_types_implicit
from tests.rules.support import found, groups_of, netpol, problems

SILENT = {
    "both": "podSelector: {}, policyTypes: [Ingress, Egress]",
    "one": "podSelector: {}, policyTypes: [Ingress], ingress: [{}]",
    "egress only, written": "podSelector: {}, policyTypes: [Egress], egress: [{}]",
    "a wrong type is invalid, not implicit": "podSelector: {}, policyTypes: Ingress",
}

REPORTED = {
    "absent": ("podSelector: {}", "[Ingress]"),
    "null": ("podSelector: {}, policyTypes: null, ingress: [{}]", "[Ingress]"),
    "empty": ("podSelector: {}, policyTypes: [], ingress: [{}]", "[Ingress]"),
    "egress rules": ("podSelector: {}, egress: [{}]", "[Ingress, Egress]"),
    "both rules": ("podSelector: {}, ingress: [{}], egress: [{}]", "[Ingress, Egress]"),
    "egress empty list": ("podSelector: {}, ingress: [{}], egress: []", "[Ingress]"),
}


@pytest.mark.parametrize("spec", SILENT.values(), ids=SILENT)
def test_silent(spec: str) -> None:
    assert found(policy_types_implicit, netpol(spec)) == []


def test_silent_live() -> None:
    (group,) = groups_of([netpol("podSelector: {}")])
    group.unit.live = True
    assert list(policy_types_implicit.check(group)) == []


@pytest.mark.parametrize(("spec", "types"), REPORTED.values(), ids=REPORTED)
def test_reported_with_the_default_as_fix(spec: str, types: str) -> None:
    (problem,) = problems(policy_types_implicit, netpol(spec))
    assert problem.path == ("spec", "policyTypes")
    default = types.strip("[]").split(", ")
    assert problem.fix == Fix(
        f"write the default: `policyTypes: {types}`",
        automatic=True,
        operations=(Operation("set", ("spec", "policyTypes"), default),),
    )


def test_both_ways_of_the_sticky_default_are_told() -> None:
    for spec in ("podSelector: {}", "podSelector: {}, egress: [{}]"):
        (problem,) = problems(policy_types_implicit, netpol(spec))
        assert any("denied" in line for line in problem.evidence)
        assert any("dead" in line for line in problem.evidence)


def test_egress_rules_alone_isolate_ingress() -> None:
    (alone,) = problems(policy_types_implicit, netpol("podSelector: {}, egress: [{}]"))
    (beside,) = problems(
        policy_types_implicit, netpol("podSelector: {}, ingress: [{}], egress: [{}]")
    )
    assert "isolates its pods for ingress" in alone.evidence[0]
    assert len(beside.evidence) == 2
