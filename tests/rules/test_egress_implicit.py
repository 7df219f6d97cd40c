"""Rule egress-implicit."""

from __future__ import annotations

import pytest

from kubectl_npcheck.findings import Severity
from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.isolation import Reading
from kubectl_npcheck.policy.model import Workload
from kubectl_npcheck.rules import egress_implicit
from tests.rules.live import live_found, live_problems, pod, stored
from tests.rules.support import found, groups_of, netpol, problems

WEB = "podSelector: {matchLabels: {app: web}}"
INGRESS = "ingress: [{ports: [{port: 80}]}]"
IMPLICIT = netpol(f"{WEB}, policyTypes: [Ingress], {INGRESS}")
DENY_ALL = netpol("podSelector: {}, policyTypes: [Ingress, Egress]", name="deny-all")


@pytest.mark.parametrize(
    "spec",
    [
        f"{WEB}, policyTypes: [Ingress, Egress], {INGRESS}",  # lists Egress and denies on purpose
        f"{WEB}, policyTypes: [Egress]",
        f"{WEB}, policyTypes: [Ingress, Egress], {INGRESS}, egress: []",
        f"{WEB}, {INGRESS}, egress: [{{}}]",  # Egress by default
        f"{WEB}, policyTypes: [Ingress], {INGRESS}, egress: [{{}}]",  # dead-rules
        # selects nothing, so there is nobody to be undecided
        "podSelector: {matchExpressions: [{key: a, operator: Exists}, {key: a, operator: DoesNotExist}]}",
    ],
)
def test_silent(spec: str) -> None:
    assert found(egress_implicit, netpol(spec)) == []


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        (f"{WEB}, policyTypes: [Ingress], {INGRESS}", "spec.policyTypes"),
        (f"{WEB}, {INGRESS}", "spec.ingress"),
        (WEB, "spec"),
        ("podSelector: {}, policyTypes: [Ingress]", "spec.policyTypes"),  # default-deny-ingress
        (f"{WEB}, policyTypes: [], {INGRESS}", "spec.policyTypes"),
        (f"{WEB}, {INGRESS}, egress: []", "spec.ingress"),  # denies nothing
        (f"{WEB}, {INGRESS}, egress: null", "spec.ingress"),
    ],
)
def test_reported(spec: str, path: str) -> None:
    assert found(egress_implicit, netpol(spec)) == [f"web {path}"]
    (problem,) = problems(egress_implicit, netpol(spec))
    assert problem.severity is None


def test_both_readings_are_named() -> None:
    (problem,) = problems(egress_implicit, IMPLICIT)
    assert problem.message == "egress is not stated"
    assert problem.evidence == (
        "open reading (Kubernetes as published): pods app=web may send anything",
        "deny reading: they may send nothing, DNS included",
    )
    assert problem.fix is not None
    assert problem.fix.summary == "add Egress to policyTypes, and `egress: [{}]`"
    assert problem.fix.automatic


def test_decided_elsewhere_is_a_note_that_names_the_policy() -> None:
    (problem,) = problems(egress_implicit, IMPLICIT, DENY_ALL)
    assert problem.severity is Severity.NOTE
    assert "shop/deny-all" in problem.message


@pytest.mark.parametrize(
    "sibling",
    [
        DENY_ALL.replace("namespace: shop", "namespace: dev"),
        netpol("podSelector: {}, policyTypes: [Ingress]", name="also-implicit"),
        netpol("podSelector: {}, policyTypes: [Ingress], egress: [{}]", name="dead"),
        netpol("podSelector: {matchLabels: {app: db}}, policyTypes: [Egress]", name="db"),
        netpol("podSelector: {}, policyTypes: [Egress, Sideways]", name="rejected"),
    ],
)
def test_who_does_not_decide(sibling: str) -> None:
    assert "web spec.policyTypes" in found(egress_implicit, IMPLICIT, sibling)
    first = problems(egress_implicit, IMPLICIT, sibling)[0]
    assert first.severity is None


def test_mixed_names_a_witness_and_who_decides_the_rest() -> None:
    part = netpol(
        "podSelector: {matchLabels: {app: web, tier: a}}, policyTypes: [Egress]", name="part"
    )
    (problem,) = problems(egress_implicit, IMPLICIT, part)
    assert problem.severity is None
    assert "pods app=web may send anything" in problem.evidence[0]
    assert any("shop/part" in line for line in problem.evidence)
    assert problem.fix is not None
    assert not problem.fix.automatic


def test_revived_dead_rules_under_deny() -> None:
    dead = netpol("podSelector: {}, policyTypes: [Ingress], egress: [{}]", name="dead")
    problem = problems(egress_implicit, IMPLICIT, dead)[0]
    assert "dead egress rules of shop/dead" in problem.evidence[1]


def test_dead_rules_that_count_for_some_of_the_pods() -> None:
    pods = "podSelector: {matchLabels: {tier: db}}"
    dead = netpol(f"{pods}, policyTypes: [Ingress], egress: [{{to: [{pods}]}}]", name="dead")
    problem = problems(egress_implicit, IMPLICIT, dead)[0]
    assert problem.evidence[1].startswith("deny reading: they may send nothing, or where shop/dead")
    assert problem.fix is not None
    assert not problem.fix.automatic


def test_a_rejected_policy_does_not_count_and_is_named() -> None:
    rejected = netpol("podSelector: {}, policyTypes: [Egress, Sideways]", name="rejected")
    problem = problems(egress_implicit, IMPLICIT, rejected)[0]
    assert any("shop/rejected" in line and "reject" in line for line in problem.evidence)
    assert problem.fix is not None
    assert not problem.fix.automatic


def test_known_workloads_are_named() -> None:
    (group,) = groups_of([IMPLICIT])
    group.workloads.append(Workload(Origin("x"), "Deployment", "front", "shop", {"app": "web"}))
    group.workloads.append(Workload(Origin("x"), "Deployment", "db", "shop", {"app": "db"}))
    (problem,) = egress_implicit.check(group)
    assert problem.evidence[2] == "concerns Deployment front"


def test_context_is_not_reported() -> None:
    (group,) = groups_of([IMPLICIT])
    group.policies[0].origin.context = True
    assert list(egress_implicit.check(group)) == []


def test_no_text_blames_published_kubernetes() -> None:
    """Upstream Kubernetes leaves egress open for such a policy; no text may say otherwise."""
    texts = [egress_implicit.__doc__ or ""]
    for problem in problems(egress_implicit, IMPLICIT):
        texts += [problem.message, *problem.evidence]
    for text in texts:
        assert "1.34" not in text
    assert "does not touch their" in texts[0]


def test_the_note_names_the_one_policy_that_covers_all() -> None:
    part = netpol("podSelector: {matchLabels: {tier: a}}, policyTypes: [Egress]", name="part")
    (problem,) = problems(egress_implicit, IMPLICIT, part, DENY_ALL)
    assert problem.message == (
        "egress is not stated here; shop/deny-all states it for all of its pods"
    )
    assert problem.evidence == ("decided by shop/deny-all (input.yaml:12)",)


def test_a_policy_of_another_unit_that_would_decide_is_named() -> None:
    nameless = IMPLICIT.replace(", namespace: shop", "")
    deny = DENY_ALL.replace(", namespace: shop", "")
    silent = nameless.replace("name: web", "name: silent")
    files = {"app/web.yaml": nameless, "app/prod/deny.yaml": deny, "app/dev/web.yaml": silent}
    problem = next(p for p in problems(egress_implicit, files) if p.subject.name == "web")
    assert problem.severity is None
    assert problem.evidence[-1] == (
        "deny-all (app/prod/deny.yaml:1) would decide this if applied to the same namespace"
    )
    assert problem.fix is not None
    assert not problem.fix.automatic


def test_an_incomplete_unit_is_not_fixed_automatically() -> None:
    (group,) = groups_of([IMPLICIT])
    group.unit.complete = False
    (problem,) = egress_implicit.check(group)
    assert problem.fix is not None
    assert not problem.fix.automatic


STATED = f"{WEB}, policyTypes: [Ingress, Egress], {INGRESS}"
APPENDED = stored(STATED, f"{WEB}, policyTypes: [Ingress], {INGRESS}")


@pytest.mark.parametrize(
    "policy",
    [
        stored(STATED),  # not known what was applied
        stored(STATED, STATED),
        stored(STATED, f"{STATED}, egress: []"),
        stored(f"{STATED}, egress: [{{}}]", f"{WEB}, {INGRESS}"),
        stored(
            STATED,
            f"{WEB}, {INGRESS}",
            later="{manager: kubectl-edit, operation: Update, time: '2027-01-01T00:00:00Z', "
            "fieldsV1: {'f:spec': {'f:policyTypes': {}}}}",
        ),
    ],
)
def test_where_egress_is_appended_what_a_manifest_states_is_stated(policy: str) -> None:
    assert live_found(egress_implicit, policy, reading=Reading.DENY) == []


@pytest.mark.parametrize("applied", [f"{WEB}, {INGRESS}", f"{WEB}, policyTypes: [Ingress]"])
def test_where_egress_is_appended_the_silence_is_in_effect(applied: str) -> None:
    policy = stored(STATED, applied)
    pods = [pod("web-1", "app: web"), pod("db-1", "app: db")]
    (problem,) = live_problems(egress_implicit, policy, *pods, reading=Reading.DENY)
    assert problem.severity is None
    assert problem.message == (
        "egress is not stated, and denied here: Egress is stored without rules"
    )
    assert problem.evidence == (
        "the manifest (last-applied annotation) does not state egress; Egress is appended here "
        "(probed)",
        "pods app=web may send nothing, DNS included",
        "concerns Pod web-1",
    )
    for reading in (None, Reading.OPEN):
        assert live_found(egress_implicit, policy, reading=reading) == []


def test_appended_egress_that_others_state_is_a_note() -> None:
    other = "podSelector: {}, policyTypes: [Ingress, Egress]"
    cluster = [APPENDED, stored(other, other, "deny-all")]
    (problem,) = live_problems(egress_implicit, *cluster, reading=Reading.DENY)
    assert problem.severity is Severity.NOTE
    assert "shop/deny-all" in problem.message
    part = "podSelector: {matchLabels: {tier: a}}, policyTypes: [Egress]"
    cluster = [APPENDED, stored(part, part, "part")]
    (problem,) = live_problems(egress_implicit, *cluster, reading=Reading.DENY)
    assert problem.severity is None
    assert problem.evidence[-1] == "other pods of it are decided by shop/part"


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (None, ""),
        (Reading.OPEN, "probed: the API server follows the open reading here"),
        (Reading.DENY, "probed: Egress is appended"),
    ],
)
def test_the_probed_reading_and_the_pods_of_today_are_named(
    reading: Reading | None, said: str
) -> None:
    policy = stored(f"{WEB}, policyTypes: [Ingress]")
    pods = [pod("web-1", "app: web"), pod("web-2", "app: web", spec="hostNetwork: true")]
    (problem,) = live_problems(egress_implicit, policy, *pods, reading=reading)
    assert problem.severity is None
    assert problem.evidence[-1] == "concerns Pod web-1"
    assert any(line.startswith("probed: ") for line in problem.evidence) is bool(said)
    assert any(line.startswith(said) for line in problem.evidence)
