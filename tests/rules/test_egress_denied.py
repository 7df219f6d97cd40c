"""Rule egress-denied."""

from __future__ import annotations

import pytest

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.model import Authored, OtherPolicy, UnreadPolicy
from kubectl_npcheck.rules import egress_denied
from tests.rules.support import found, groups_of, netpol, problems

BOTH = "policyTypes: [Ingress, Egress]"
WEB = f"podSelector: {{matchLabels: {{app: web}}}}, {BOTH}"
INGRESS = "ingress: [{ports: [{port: 80}]}]"
DB = "egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]"
DENIED = netpol(f"{WEB}, {INGRESS}")


@pytest.mark.parametrize(
    "texts",
    [
        [netpol(f"podSelector: {{}}, {BOTH}")],  # default-deny
        [netpol(f"podSelector: {{}}, {BOTH}, ingress: []")],
        [netpol("podSelector: {}, policyTypes: [Egress]")],
        [netpol(f"{WEB}, {INGRESS}, egress: []")],  # says it on purpose
        [netpol(f"{WEB}, {INGRESS}, egress: [{{}}]")],
        [netpol(f"{WEB}, {INGRESS}, {DB}")],
        [netpol(f"podSelector: {{}}, {INGRESS}")],  # does not list Egress
        # a sibling gives an allowance
        [DENIED, netpol(f"podSelector: {{}}, policyTypes: [Egress], {DB}", name="db")],
        # another policy denies on purpose
        [DENIED, netpol(f"podSelector: {{}}, {BOTH}", name="default-deny")],
        [DENIED, netpol("podSelector: {}, policyTypes: [Egress]", name="deny-egress")],
        [DENIED, netpol(f"podSelector: {{}}, {BOTH}, {INGRESS}, egress: []", name="deny")],
    ],
)
def test_silent(texts: list[str]) -> None:
    assert found(egress_denied, *texts) == []


@pytest.mark.parametrize(
    ("texts", "path"),
    [
        ([DENIED], "spec.policyTypes"),
        ([netpol(f"{WEB}, {INGRESS}, egress: null")], "spec.egress"),
        ([netpol(f"podSelector: {{}}, {BOTH}, ingress: [{{}}]")], "spec.policyTypes"),
        # the siblings decide other pods, another namespace, or nothing
        (
            [DENIED, netpol(f"podSelector: {{matchLabels: {{app: x}}}}, {BOTH}, {DB}", name="x")],
            "spec.policyTypes",
        ),
        ([DENIED, netpol(f"podSelector: {{}}, {BOTH}", namespace="dev")], "spec.policyTypes"),
        (
            [DENIED, netpol(f"podSelector: {{}}, policyTypes: [Ingress], {DB}", name="dead")],
            "spec.policyTypes",
        ),
        # a sibling that the API rejects gives nothing
        (
            [DENIED, netpol(f"podSelector: {{}}, policyTypes: [Egress, X], {DB}", name="x")],
            "spec.policyTypes",
        ),
        # an allowance that is none: no pod can match it
        (
            [
                DENIED,
                netpol(
                    f"podSelector: {{}}, {BOTH}, egress: [{{to: [{{podSelector: {{matchExpressions: "
                    "[{key: a, operator: Exists}, {key: a, operator: DoesNotExist}]}}]}]",
                    name="void",
                ),
            ],
            "spec.policyTypes",
        ),
    ],
)
def test_reported(texts: list[str], path: str) -> None:
    assert found(egress_denied, *texts) == [f"web {path}"]


def test_a_sibling_that_covers_a_part_leaves_the_rest() -> None:
    part = "podSelector: {matchLabels: {app: web, tier: a}}, policyTypes: [Egress]"
    (problem,) = problems(egress_denied, DENIED, netpol(f"{part}, {DB}", name="part"))
    assert problem.evidence[0] == "pods app=web: no policy allows them any egress"


def test_the_denial_of_a_sibling_can_be_on_record() -> None:
    recorded = netpol(
        f"podSelector: {{}}, {BOTH}, {INGRESS}",
        name="recorded",
        annotations='npcheck/ignore: "egress-denied, dns-blocked"',
    )
    assert found(egress_denied, DENIED, recorded) == ["recorded spec.policyTypes"]


def test_live_without_what_was_authored() -> None:
    (group,) = groups_of([DENIED])
    group.policies[0].egress_authored = Authored.UNKNOWN
    assert list(egress_denied.check(group)) == []


def test_what_was_not_read_may_allow_something() -> None:
    (group,) = groups_of([DENIED])
    group.unread.append(UnreadPolicy(Origin("x.yaml"), "shop", "dns", "template"))
    assert list(egress_denied.check(group)) == []
    group.unread.clear()
    other = OtherPolicy(Origin("x"), "cilium.io/v2", "CiliumNetworkPolicy", "x", "shop", False)
    group.others.append(other)
    assert list(egress_denied.check(group)) == []
