"""Pods of every namespace of the cluster may connect, on every port.

`namespaceSelector: {}` selects all namespaces. In an ingress rule without a podSelector beside it
and without ports, everything that runs in the cluster may connect to the selected pods. That may
be what was meant; it is noted because the same text is often written for "my namespace", which is
`podSelector: {}`.

Not reported: rules that name ports, or pods, or namespaces.

FAIL::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: cache
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: cache}
      policyTypes: [Ingress]
      ingress:
      - from:
        - namespaceSelector: {}

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: cache
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: cache}
      policyTypes: [Ingress]
      ingress:
      - from:
        - namespaceSelector: {}
        ports:
        - {protocol: TCP, port: 9121}

FIX::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: cache
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: cache}
      policyTypes: [Ingress]
      ingress:
      - from:
        - podSelector: {}
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import Peer
from kubectl_npcheck.rules.problem import Problem

ID = "any-namespace"
SUMMARY = "pods of every namespace may connect, on every port"
SEVERITY = Severity.NOTE
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report ingress peers that stand for all pods of the cluster."""
    for policy in group.subjects:
        if not policy.lists_ingress:
            continue
        for rule in policy.ingress:
            if rule.ports is not None or rule.peers is None:
                continue
            for peer in rule.peers:
                if _is_whole_cluster(peer):
                    yield Problem(
                        policy,
                        rule.peer_path(peer),
                        "pods of every namespace may connect, on every port",
                        fix=Fix("name the namespaces, the pods or the ports that are meant"),
                    )


def _is_whole_cluster(peer: Peer) -> bool:
    """Whether the peer is `namespaceSelector: {}` with no condition on the pods."""
    namespaces = peer.namespace_selector
    if namespaces is None or not namespaces.everything:
        return False
    return peer.pod_selector is None or peer.pod_selector.everything
