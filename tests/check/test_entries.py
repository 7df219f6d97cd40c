"""The entries of the policies: compliance and the states of their pods."""

from __future__ import annotations

import pytest

from kubectl_npcheck.check.entries import MAX_STATES
from kubectl_npcheck.findings import PolicyEntry
from kubectl_npcheck.settings import Settings
from tests.check.support import DENY_ALL, IMPLICIT, report
from tests.rules.support import netpol

WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: front, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: b}]}}}
"""


def entry(*documents: str, settings: Settings | None = None) -> PolicyEntry:
    """The entry of the first policy."""
    return report(*documents, settings=settings).policies[0]


def test_a_policy_that_states_its_egress_is_compliant() -> None:
    found = entry(netpol(DENY_ALL))
    assert found.compliant
    assert (found.violation, found.undecided_pods) == ("", "")
    assert (found.has_ingress, found.has_egress) == (True, True)
    assert (found.ingress_state, found.egress_state) == ("denied", "denied")


def test_a_silent_policy_is_not_and_names_an_example() -> None:
    found = entry(netpol(IMPLICIT))
    assert not found.compliant
    assert found.violation == "egress is not stated"
    assert (found.ingress_rules, found.egress_rules) == (1, 0)
    assert (found.has_ingress, found.has_egress) == (True, False)
    assert (found.ingress_state, found.egress_state) == ("restricted", "undecided")
    assert found.undecided_pods == "app=web"
    assert found.rules == ("egress-implicit",)


def test_the_pods_that_nobody_names() -> None:
    everyone = "podSelector: {}, policyTypes: [Ingress]"
    assert entry(netpol(everyone)).undecided_pods == "any pod"
    db = "podSelector: {matchLabels: {app: db}}, policyTypes: [Egress]"
    assert entry(netpol(everyone, "a"), netpol(db, "db")).undecided_pods == "no labels"


def test_known_workloads_are_named() -> None:
    assert entry(netpol(IMPLICIT), WORKLOAD).undecided_pods == "Deployment/front"


def test_a_sibling_decides() -> None:
    found = entry(netpol(IMPLICIT), netpol(DENY_ALL, "deny"))
    assert found.compliant
    assert found.egress_state == "denied"
    assert found.states[0].policies == ("web", "deny")


def test_dead_rules_are_not_compliant() -> None:
    found = entry(netpol("podSelector: {}, policyTypes: [Ingress], egress: [{}]"))
    assert not found.compliant
    assert found.violation == "egress rules are dead: policyTypes does not list Egress"


@pytest.mark.parametrize(
    ("default", "state"), [("either", "undecided"), ("open", "open"), ("deny", "denied")]
)
def test_the_reading_of_the_settings(default: str, state: str) -> None:
    assert entry(netpol(IMPLICIT), settings=Settings(egress_default=default)).egress_state == state


def test_a_selector_that_no_pod_can_match() -> None:
    void = "podSelector: {matchLabels: {a: b}, matchExpressions: [{key: a, operator: DoesNotExist}]}, policyTypes: [Ingress]"
    found = entry(netpol(void))
    assert found.states == ()
    assert (found.ingress_state, found.egress_state) == ("none", "none")
    assert found.compliant


def test_the_worst_of_several_classes() -> None:
    allow = "podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]"
    db = "podSelector: {matchLabels: {app: db}}, policyTypes: [Egress], egress: [{}]"
    assert entry(netpol(allow), netpol(db, "db")).egress_state == "open"


def test_thousands_of_classes_are_listed_by_example() -> None:
    """A policy that overlaps with many others, one of which alone opens egress."""
    others = [
        netpol(
            f"podSelector: {{matchLabels: {{k{n % 9}: v}}}}, policyTypes: [Ingress, Egress]",
            f"p{n}",
        )
        for n in range(9)
    ]
    opening = netpol(
        "podSelector: {matchLabels: {k8: v}}, policyTypes: [Egress], egress: [{}]", "z"
    )
    found = entry(netpol("podSelector: {}", "all"), *others, opening)
    assert MAX_STATES <= len(found.states) < MAX_STATES + 9
    assert {state.egress.deny for state in found.states} == {"open", "denied"}
