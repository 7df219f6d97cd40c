"""What was not read makes an answer unknown."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import (
    RuleModule,
    dns_blocked,
    dns_one_protocol,
    egress_denied,
    egress_implicit,
)
from tests.rules.support import found, netpol, problems

DB = netpol("podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 5432}]}]", "db")
UDP = netpol(
    "podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]", "dns"
)
DENIED = netpol(
    "podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ports: [{port: 80}]}]", "web"
)
CILIUM = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: x, namespace: %s}\n"
CLUSTER_WIDE = (
    "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: x}\n"
)
TEMPLATE = (
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: {{ .Release.Name }}\n"
    "spec:\n{{- if .Values.dns }}\n  podSelector: {}\n{{- end }}\n"
)
RULES: list[tuple[RuleModule, str]] = [
    (dns_blocked, DB),
    (dns_one_protocol, UDP),
    (egress_denied, DENIED),
]


@pytest.mark.parametrize(("rule", "policy"), RULES, ids=lambda item: getattr(item, "ID", ""))
def test_unread_policies_silence(rule: RuleModule, policy: str) -> None:
    assert found(rule, policy)
    assert found(rule, policy, CILIUM % "elsewhere")
    for unread in (CILIUM % "shop", CLUSTER_WIDE, TEMPLATE):
        assert found(rule, policy, unread) == []


@pytest.mark.parametrize(
    ("unread", "words"),
    [(CILIUM % "shop", "CiliumNetworkPolicy x (input.yaml:"), (TEMPLATE, "a policy in input.yaml")],
)
def test_undecided_stays_and_says_what_was_not_read(unread: str, words: str) -> None:
    (problem,) = problems(egress_implicit, netpol("podSelector: {}, ingress: [{}]"), unread)
    assert problem.severity is None
    assert problem.evidence[-1].startswith("not read, and may change this: ")
    assert words in problem.evidence[-1]
    assert problem.fix is not None
    assert not problem.fix.automatic
