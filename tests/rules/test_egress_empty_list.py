"""Rule egress-empty-list."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import egress_empty_list
from tests.rules.support import found, netpol, problems


@pytest.mark.parametrize(
    "spec",
    [
        "podSelector: {}, policyTypes: [Egress]",  # the stable way to deny
        "podSelector: {}, policyTypes: [Ingress, Egress], egress: null",  # converges
        "podSelector: {}, policyTypes: [Egress], egress: [{}]",
        "podSelector: {}, ingress: [{from: []}]",  # open-by-accident speaks
    ],
)
def test_silent(spec: str) -> None:
    assert found(egress_empty_list, netpol(spec)) == []


@pytest.mark.parametrize(
    ("spec", "paths", "fixable"),
    [
        ("podSelector: {}, policyTypes: [Egress], egress: []", ["web spec.egress"], True),
        ("podSelector: {}, ingress: []", ["web spec.ingress"], True),
        ("podSelector: {}, policyTypes: [Ingress], egress: []", ["web spec.egress"], False),
        ("podSelector: {}, egress: []", ["web spec.egress"], False),
        ("podSelector: {}, policyTypes: [Egress], ingress: []", ["web spec.ingress"], False),
    ],
)
def test_reported(spec: str, paths: list[str], fixable: bool) -> None:
    assert found(egress_empty_list, netpol(spec)) == paths
    (problem,) = problems(egress_empty_list, netpol(spec))
    assert problem.fix is not None
    assert problem.fix.automatic is fixable
    assert ("denies nothing" in problem.message) is not fixable


def test_both_directions() -> None:
    spec = "podSelector: {}, policyTypes: [Ingress, Egress], ingress: [], egress: []"
    assert found(egress_empty_list, netpol(spec)) == ["web spec.egress", "web spec.ingress"]
