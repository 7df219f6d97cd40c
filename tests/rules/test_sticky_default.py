"""Rule sticky-default, on objects as API servers store them."""

from __future__ import annotations

import pytest

from kubectl_npcheck.findings import Operation, Severity
from kubectl_npcheck.policy.isolation import Reading
from kubectl_npcheck.rules import dead_rules, egress_denied, sticky_default
from tests.rules.live import live_found, live_problems, pod, stored
from tests.rules.manifests import deployment
from tests.rules.support import found, netpol

WEB = "podSelector: {matchLabels: {app: web}}"
INGRESS = "ingress: [{ports: [{port: 80}]}]"
EGRESS = "egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]"
BOTH = "policyTypes: [Ingress, Egress]"
DENIED = stored(f"{WEB}, {BOTH}, {INGRESS}", f"{WEB}, {INGRESS}")
DEAD = stored(f"{WEB}, policyTypes: [Ingress], {INGRESS}, {EGRESS}", f"{WEB}, {INGRESS}, {EGRESS}")
REPAIR = (
    "{manager: kubectl-patch, operation: Update, time: '2026-11-03T00:00:00Z', "
    "fieldsV1: {'f:spec': {'f:policyTypes': {}}}}"
)
EARLIER = REPAIR.replace("11-03", "11-01").replace("kubectl-patch", "kubectl-create")


@pytest.mark.parametrize(
    "policy",
    [
        stored(f"{WEB}, {BOTH}, {INGRESS}"),  # not known what was applied
        stored(f"{WEB}, {BOTH}, {INGRESS}", f"{WEB}, {BOTH}, {INGRESS}"),  # written, on purpose
        stored(f"{WEB}, {BOTH}, {INGRESS}, {EGRESS}", f"{WEB}, {INGRESS}, {EGRESS}"),
        stored(f"{WEB}, policyTypes: [Ingress], {INGRESS}", f"{WEB}, {INGRESS}"),
        # repaired live: policyTypes belong to somebody else since
        stored(f"{WEB}, {BOTH}, {INGRESS}", f"{WEB}, {INGRESS}", later=REPAIR),
        stored(f"{WEB}, {BOTH}, {INGRESS}, egress: [{{}}]", f"{WEB}, {INGRESS}", later=REPAIR),
        stored(f"{WEB}, policyTypes: [Ingress], {EGRESS}", f"{WEB}, {EGRESS}", later=REPAIR),
        # the egress rules came live, not from the manifest: dead-rules
        stored(f"{WEB}, policyTypes: [Ingress], {EGRESS}", f"{WEB}, {INGRESS}"),
        # the manifest has egress rules that somebody took out live
        stored(f"{WEB}, {BOTH}, {INGRESS}", f"{WEB}, {INGRESS}, {EGRESS}"),
        # written as [Ingress]: the rules are dead in the manifest too
        stored(
            f"{WEB}, policyTypes: [Ingress], {EGRESS}", f"{WEB}, policyTypes: [Ingress], {EGRESS}"
        ),
    ],
)
def test_silent(policy: str) -> None:
    assert live_found(sticky_default, policy) == []


def test_files_are_not_its_matter() -> None:
    assert found(sticky_default, netpol(f"{WEB}, {BOTH}, {INGRESS}")) == []


@pytest.mark.parametrize(
    "policy",
    [
        DENIED,
        DEAD,
        stored(f"{WEB}, {BOTH}, {INGRESS}", f"{WEB}, {INGRESS}, egress: []"),
        stored(f"{WEB}, {BOTH}, {INGRESS}", f"{WEB}, policyTypes: null, {INGRESS}"),
        stored(f"{WEB}, {BOTH}, {INGRESS}", f"{WEB}, {INGRESS}", later=EARLIER),
        stored(f"{WEB}, {BOTH}", WEB),
    ],
)
def test_reported(policy: str) -> None:
    assert live_found(sticky_default, policy) == ["web spec.policyTypes"]
    (problem,) = live_problems(sticky_default, policy)
    assert problem.severity is None


def test_denied_says_what_was_applied_and_what_is_cut_off() -> None:
    (problem,) = live_problems(sticky_default, DENIED, pod("web-1", "app: web"), pod("x", "app: x"))
    assert problem.message == (
        "everything the pods send is denied, DNS included: the stored policyTypes keep Egress"
    )
    assert problem.evidence == (
        "the manifest last applied by kubectl-client-side-apply (last-applied annotation) has "
        "neither policyTypes nor egress rules: created now, it would not list Egress",
        "left from an earlier version with egress rules; `kubectl diff` does not show it",
        "pods app=web may send nothing; created now, they may send anything",
        "concerns Pod web-1",
    )
    assert problem.fix is not None
    assert problem.fix.automatic
    assert problem.fix.operations == (
        Operation("set", ("spec", "policyTypes"), ["Ingress", "Egress"]),
        Operation("set", ("spec", "egress"), [{}]),
    )


def test_the_pods_of_now_are_named_before_what_makes_them() -> None:
    idle = deployment("web", "app: web, tier: idle")
    (problem,) = live_problems(sticky_default, DENIED, idle)
    assert problem.evidence[-1] == "concerns Deployment web"
    (problem,) = live_problems(sticky_default, DENIED, idle, pod("web-1", "app: web"))
    assert problem.evidence[-1] == "concerns Pod web-1"


def test_dead_says_what_was_applied() -> None:
    (problem,) = live_problems(sticky_default, DEAD)
    assert problem.message == "the egress rule is dead: the stored policyTypes stay [Ingress]"
    assert "created now, it would list Egress" in problem.evidence[0]
    assert problem.fix is not None
    assert problem.fix.operations == (
        Operation("set", ("spec", "policyTypes"), ["Ingress", "Egress"]),
    )


def test_a_note_where_other_policies_decide() -> None:
    other = stored(
        "podSelector: {}, policyTypes: [Egress]", "podSelector: {}, policyTypes: [Egress]", "deny"
    )
    (problem,) = live_problems(sticky_default, DENIED, other)
    assert problem.severity is Severity.NOTE
    assert problem.evidence[-1] == "decided by shop/deny"


def test_two_stuck_ones_do_not_vouch_for_each_other() -> None:
    other = stored(f"podSelector: {{}}, {BOTH}", "podSelector: {}", "also")
    assert len(live_found(sticky_default, DENIED, other)) == 2
    assert {p.severity for p in live_problems(sticky_default, DENIED, other)} == {None}


def test_a_part_that_others_decide_is_not_opened() -> None:
    part = "podSelector: {matchLabels: {app: web, tier: a}}, policyTypes: [Egress]"
    (problem,) = live_problems(sticky_default, DENIED, stored(part, part, "part"))
    assert problem.evidence[-1] == "other pods of it are decided by shop/part"
    assert problem.fix is not None
    assert not problem.fix.automatic


def test_where_admission_appends_egress_another_rule_speaks() -> None:
    assert live_found(sticky_default, DENIED, reading=Reading.DENY) == []
    assert live_found(sticky_default, DENIED, reading=Reading.OPEN) != []
    assert live_found(sticky_default, DEAD, reading=Reading.DENY) != []


def test_one_finding_for_one_cause() -> None:
    assert live_found(egress_denied, DENIED) == []
    assert live_found(dead_rules, DEAD) == []
    alike = stored(f"{WEB}, {BOTH}, {INGRESS}", f"{WEB}, {BOTH}, {INGRESS}")
    assert live_found(egress_denied, alike) == ["web spec.policyTypes"]
