"""A suppression that suppresses nothing.

A comment `# npcheck: ignore[rule]` or an annotation `npcheck/ignore: rule` names a rule that finds
nothing there, or that does not exist, or is written in a way that is not understood. It hides
nothing today and might hide something tomorrow: remove it, or correct its spelling or its place.
Not reported: suppressions of rules that are switched off, or that need a live cluster.

FAIL::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: deny-all
      namespace: shop
      annotations:
        npcheck/ignore: egress-implicit
    spec:
      podSelector: {}
      policyTypes: [Ingress, Egress]

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
      namespace: shop
      annotations:
        npcheck/ignore: egress-implicit
    spec:
      podSelector:
        matchLabels: {app: web}
      policyTypes: [Ingress]
"""

from __future__ import annotations

from kubectl_npcheck.findings import Severity

ID = "unused-suppression"
SUMMARY = "a suppression suppresses nothing, or names an unknown rule"
SEVERITY = Severity.NOTE
SCOPE = "policy"
