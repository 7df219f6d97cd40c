"""Rules of a direction that policyTypes does not list have no effect.

`policyTypes` is taken literally once it is written. If it lists `Ingress` alone, every rule under
`egress` is stored and ignored: what reads as "only to the database" lets the pods send anything,
unless another policy isolates them. The API server accepts such a policy without a warning.

Not every enforcer ignores them: AWS's network policy controller has enforced the rules all the
same (aws/amazon-network-policy-controller-k8s#229), so the policy means one thing on one cluster
and another thing on the next.

Before `Egress` is added: from then on the pods may send nothing but what the rules allow. Check
that they allow DNS.

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
      egress:
        - to:
            - podSelector:
                matchLabels: {app: db}

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
      policyTypes: [Ingress, Egress]
      ingress:
        - from:
            - podSelector:
                matchLabels: {app: web}
      egress:
        - to:
            - podSelector:
                matchLabels: {app: db}
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.stuck import stuck
from kubectl_npcheck.rules.problem import Problem

ID = "dead-rules"
SUMMARY = "rules of a direction that policyTypes does not list have no effect"
SEVERITY = Severity.ERROR
SCOPE = "policy"

AWS = (
    "not on every cluster: AWS's network policy controller has enforced them all the same "
    "(aws/amazon-network-policy-controller-k8s#229)"
)


def check(group: Group) -> Iterator[Problem]:
    """Report each direction that has rules and is not listed."""
    for policy in group.subjects:
        if (
            policy.egress
            and not policy.lists_egress
            and types_accepted(policy)
            and not _stuck(policy)
        ):
            yield problem(policy, "egress", "Egress", len(policy.egress), "send")
        if policy.ingress and not policy.lists_ingress and types_accepted(policy):
            yield problem(policy, "ingress", "Ingress", len(policy.ingress), "receive")


def _stuck(policy: NetworkPolicy) -> bool:
    """True if rule `sticky-default` says why the egress rules of a live policy are dead."""
    return policy.applied is not None and stuck(policy) is not None


def types_accepted(policy: NetworkPolicy) -> bool:
    """False if `policyTypes` itself is invalid: then rule `invalid` says what is wrong."""
    return not any(
        defect.rule == "invalid" and defect.path[:2] == ("spec", "policyTypes")
        for defect in policy.defects
    )


def problem(policy: NetworkPolicy, field: str, listed: str, count: int, verb: str) -> Problem:
    """The problem of one direction."""
    have = "the only rule has" if count == 1 else f"all {count} rules have"
    return Problem(
        policy,
        ("spec", field),
        f"{field} rules are dead: policyTypes does not list {listed}, so {have} no effect",
        (f"this policy does not restrict what its pods may {verb}", AWS),
        fix=Fix(f"add {listed} to policyTypes if the rules are meant, or remove them"),
    )
