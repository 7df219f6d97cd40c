"""The same key twice in one mapping: the last one wins, the first is lost.

YAML forbids it, but most readers, kubectl among them, take the last value without a word. In a
policy that is how half of the rules disappear: two `ingress:` sections after a merge, two
`podSelector:` keys in one peer.

FAIL::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress]
      ingress:
        - from:
            - podSelector:
                matchLabels: {app: web}
      ingress:
        - from:
            - podSelector:
                matchLabels: {app: metrics}

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress]
      ingress:
        - from:
            - podSelector:
                matchLabels: {app: web}

FIX::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress]
      ingress:
        - from:
            - podSelector:
                matchLabels: {app: web}
        - from:
            - podSelector:
                matchLabels: {app: metrics}
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.rules.defects import defects_of
from kubectl_npcheck.rules.problem import Problem

ID = "duplicate-key"
SUMMARY = "the same key twice in a mapping: the first is lost"
SEVERITY = Severity.ERROR
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report each key that is written twice in one mapping."""
    for policy, defect in defects_of(group, ID):
        fix = Fix(defect.hint) if defect.hint else None
        yield Problem(policy, defect.path, defect.message, fix=fix)
