"""A rule lets the pods send to every address of IPv4 or IPv6.

The blocks of the rule add up to `0.0.0.0/0` or `::/0`, in one piece or split into several. Pods
that were taken over can send anything anywhere, and the cluster's own addresses are included:
pods, Services, nodes, the cloud's metadata service. Where outside services are meant, name their
ranges, or leave out private ranges with `except`.

Not reported: rules without `to`, which state "any peer" in so many words; blocks with exceptions.

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
        - ipBlock: {cidr: 0.0.0.0/1}
        - ipBlock: {cidr: 128.0.0.0/1}
        ports:
        - {protocol: TCP, port: 8443}

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
        - ipBlock: {cidr: 203.0.113.0/24}
        ports:
        - {protocol: TCP, port: 8443}

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
        - ipBlock: {cidr: 203.0.113.0/24}
        ports:
        - {protocol: TCP, port: 8443}
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import Rule
from kubectl_npcheck.policy.reach import may_be_whole, rule_addresses, whole_families
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.wording import port_text

ID = "egress-anywhere"
SUMMARY = "the blocks of an egress rule cover every address"
SEVERITY = Severity.NOTE
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report egress rules whose blocks add up to a whole address family."""
    for policy in group.subjects:
        if not policy.lists_egress:
            continue
        for rule in policy.egress:
            if rule.peers is None or not may_be_whole(rule):
                continue
            families = whole_families(rule_addresses(rule))
            if families:
                names = " and ".join([f"IPv{family}" for family in families])
                yield Problem(
                    policy,
                    _place(rule),
                    f"the pods may send to every {names} address, on {_ports(rule)}",
                    fix=Fix("name the ranges that are meant, or take out private ones by `except`"),
                )


def _place(rule: Rule) -> Path:
    """The block, if it is the only peer; else the list."""
    peers = rule.peers or ()
    return rule.peer_path(peers[0]) if len(peers) == 1 else (*rule.path, rule.peers_field)


def _ports(rule: Rule) -> str:
    if rule.ports is None:
        return "every port"
    return ", ".join([port_text(port) for port in rule.ports])
