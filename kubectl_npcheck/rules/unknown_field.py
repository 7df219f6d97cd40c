"""A field that the API does not know: it is refused, or dropped.

`kubectl` refuses unknown fields by default; with `--validate=false`, and through clients that do
not ask for validation, the field is dropped without a trace. What is left then means something
else: a misspelt `form:` in an ingress rule leaves the rule `{}`, which allows everyone.

The nearest known name is suggested. Field names are case-sensitive.

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
        - form:
            - podSelector:
                matchLabels: {app: web}

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
          ports:
            - port: 8080
              endPort: 8090

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
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.rules.defects import defects_of
from kubectl_npcheck.rules.problem import Problem

ID = "unknown-field"
SUMMARY = "a field that the API does not know is refused, or dropped"
SEVERITY = Severity.ERROR
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report each unknown field, and what its loss means where that is worse than nothing."""
    for policy, defect in defects_of(group, ID):
        fix = Fix(defect.hint) if defect.hint else None
        yield Problem(policy, defect.path, defect.message, loss(policy, defect.path), fix=fix)


def loss(policy: NetworkPolicy, path: Path) -> tuple[str, ...]:
    """What the API makes of a rule that loses its only field, or its peers."""
    if len(path) != 4 or path[0] != "spec" or path[1] not in ("ingress", "egress"):
        return ()
    for rule in policy.ingress if path[1] == "ingress" else policy.egress:
        if rule.path == path[:3] and rule.peers is None:
            ports = "any port" if rule.ports is None else "its ports"
            return (f"dropped, it leaves a rule without `{rule.peers_field}`: anyone, on {ports}",)
    return ()
