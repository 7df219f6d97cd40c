"""A policy of another API: it was seen and not read.

Network plugins bring policies of their own (CiliumNetworkPolicy, Calico's NetworkPolicy and
GlobalNetworkPolicy, Antrea's, AdminNetworkPolicy, ClusterNetworkPolicy). They can allow or deny
traffic beside the NetworkPolicies, some of them above them, so what npcheck says about the same
pods is only the part that NetworkPolicies decide. Nothing has to be repaired; where the policy says
nothing that a NetworkPolicy cannot say, one kind is easier to judge than two.

FAIL::

    apiVersion: cilium.io/v2
    kind: CiliumNetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      endpointSelector:
        matchLabels: {app: api}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: deny-all
      namespace: shop
    spec:
      podSelector: {}
      policyTypes: [Ingress, Egress]

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: deny-all
      namespace: shop
    spec:
      podSelector: {}
      policyTypes: [Ingress, Egress]

FIX::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress, Egress]
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import OtherPolicy
from kubectl_npcheck.rules.problem import Problem

ID = "other-kind"
SUMMARY = "a policy of another API, which npcheck does not read"
SEVERITY = Severity.NOTE
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report each policy of another API, once."""
    for other in group.others:
        if not other.origin.context:
            yield Problem(other, ("kind",), message(other))


def message(other: OtherPolicy) -> str:
    """What was not read, and whose traffic it may decide."""
    what = f"{other.kind} of {other.api_version}" if other.api_version else other.kind
    whose = "of the whole cluster" if other.cluster_wide else "of this namespace"
    return f"{what} was not read: it may allow or deny traffic {whose} on its own"
