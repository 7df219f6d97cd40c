"""A rule lets anyone connect, on any port.

An ingress rule without `from` and without `ports` admits every sender: pods of all namespaces,
nodes, and whatever reaches the pod from outside; so, on most network plugins, does one whose blocks
add up to `0.0.0.0/0` or `::/0`. As policies only add up, it also undoes every
narrower ingress rule for the same pods. That may be meant (`ingress: [{}]` is the usual way to
write it), and is noted so that nobody takes the policy for a protection.

Not reported: rules with peers or ports; and rules that became this wide by an empty or null field,
which rule `open-by-accident` reports.

FAIL::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: web}
      policyTypes: [Ingress]
      ingress:
      - {}

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: web}
      policyTypes: [Ingress]
      ingress:
      - ports:
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
      policyTypes: [Ingress]
      ingress:
      - ports:
        - {protocol: TCP, port: 8443}
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import Authored, NetworkPolicy, Rule
from kubectl_npcheck.policy.reach import may_be_whole, rule_addresses, whole_families
from kubectl_npcheck.rules.problem import Problem

ID = "ingress-anywhere"
SUMMARY = "an ingress rule admits anyone, on any port"
SEVERITY = Severity.NOTE
SCOPE = "policy"

_FIX = Fix("add `from` or `ports`, or remove the policy if all may connect")


def check(group: Group) -> Iterator[Problem]:
    """Report ingress rules without any condition."""
    for policy in group.subjects:
        if not policy.lists_ingress:
            continue
        for rule in policy.ingress:
            if rule.ports is not None:
                continue
            if rule.peers is not None:
                families = whole_families(rule_addresses(rule)) if may_be_whole(rule) else ()
                if families:
                    names = " and ".join([f"IPv{family}" for family in families])
                    message = f"every {names} address may connect, on any port"
                    yield Problem(policy, (*rule.path, "from"), message, fix=_FIX)
            elif not _by_accident(policy, rule):
                yield Problem(policy, rule.path, "anyone may connect, on any port", fix=_FIX)


def _by_accident(policy: NetworkPolicy, rule: Rule) -> bool:
    """Whether `open-by-accident` speaks of this rule: one finding a place is enough."""
    if rule.authored is Authored.NULL or rule.peers_authored in (Authored.NULL, Authored.EMPTY):
        return True
    return rule.authored is Authored.EMPTY and len(policy.ingress) > 1
