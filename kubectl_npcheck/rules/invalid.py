"""The API server rejects this policy.

The message is the API server's own, with its field path; the newest wording where versions
differ. A rejected manifest leaves the old object, or none, in the cluster: the pods stay open, or
keep yesterday's rules, and often nobody reads the log of the job that applied it.

npcheck still judges the rest of the policy, but it never counts such a policy as protection for
others. Placeholders such as `${VAR}` are not invalid: they are listed as unresolved.

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
          ports:
            - port: "8080"

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
            - port: http

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
          ports:
            - port: 8080
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.rules.defects import defects_of
from kubectl_npcheck.rules.problem import Problem

ID = "invalid"
SUMMARY = "the API server rejects this policy"
SEVERITY = Severity.ERROR
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report what the API server would reject, in its own words."""
    for policy, defect in defects_of(group, ID):
        fix = Fix(defect.hint) if defect.hint else None
        yield Problem(policy, defect.path, defect.message, fix=fix)
