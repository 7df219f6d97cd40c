"""DNS is allowed over UDP only.

Answers that do not fit into one UDP packet are asked for again over TCP, and some resolvers use TCP
from the start. Where only UDP 53 is allowed, names with many or long records fail now and then:
one of the hardest failures to track down. Allow TCP 53 to the same peers.

The question is asked of all policies together that select the same pods. Not reported: pods that
may use TCP through another rule or policy, surely or perhaps (a named port, every port);
namespaces with policies that were not read.

FAIL::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: web}
      policyTypes: [Egress]
      egress:
      - to:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: kube-system}
        ports:
        - {protocol: UDP, port: 53}

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: web}
      policyTypes: [Egress]
      egress:
      - to:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: kube-system}
        ports:
        - {protocol: UDP, port: 53}
        - {protocol: TCP, port: 53}

FIX::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: web}
      policyTypes: [Egress]
      egress:
      - to:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: kube-system}
        ports:
        - {protocol: UDP, port: 53}
        - {protocol: TCP, port: 53}
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Operation, Severity
from kubectl_npcheck.policy.dns import dns_reach
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy, Port
from kubectl_npcheck.rules.allowers import Allowers
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.unread import may_allow
from kubectl_npcheck.rules.wording import example_pods

ID = "dns-one-protocol"
SUMMARY = "DNS is allowed over UDP and not over TCP"
SEVERITY = Severity.WARNING
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report policies that allow DNS over UDP to pods that have no TCP for it."""
    allowers: Allowers | None = None
    for policy in group.subjects:
        if not policy.egress or not policy.lists_egress:
            continue
        reach = dns_reach(group, policy)
        if reach.only_udp is None or reach.tcp:
            continue
        if may_allow(group):
            return  # unknown, and not a finding
        if allowers is None:
            allowers = Allowers(group, [p for p in group.policies if _gives_tcp(group, p)])
        lacking = allowers.missing(policy)
        if lacking is not None:
            rule, port = reach.only_udp
            yield Problem(
                policy,
                rule.port_path(port),
                f"DNS is allowed over UDP only: long answers need TCP {port.port} as well",
                (f"{example_pods(lacking.witness)}: no policy allows them DNS over TCP",),
                fix=Fix(
                    f"add TCP {port.port} beside UDP {port.port}",
                    automatic=True,
                    operations=(Operation("insert", rule.port_path(port), _twin(port)),),
                    on_request=True,
                ),
            )


def _twin(port: Port) -> dict[str, object]:
    return {"protocol": "TCP", "port": port.port}


def _gives_tcp(group: Group, policy: NetworkPolicy) -> bool:
    return policy.lists_egress and policy.accepted and dns_reach(group, policy).tcp
