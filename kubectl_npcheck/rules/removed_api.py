"""`extensions/v1beta1` is gone: no cluster since Kubernetes 1.16 accepts this policy.

NetworkPolicy moved to `networking.k8s.io/v1`, with the same fields. Applied today the manifest
fails with "no matches for kind"; until it is repaired the pods have no policy at all.

FAIL::

    apiVersion: extensions/v1beta1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress]

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
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.rules.defects import defects_of
from kubectl_npcheck.rules.problem import Problem

ID = "removed-api"
SUMMARY = "extensions/v1beta1 is gone since Kubernetes 1.16"
SEVERITY = Severity.ERROR
SCOPE = "policy"

FIX = Fix("write `apiVersion: networking.k8s.io/v1`; the fields are the same")


def check(group: Group) -> Iterator[Problem]:
    """Report each policy of the removed API version."""
    for policy, defect in defects_of(group, ID):
        yield Problem(policy, defect.path, defect.message, fix=FIX)
