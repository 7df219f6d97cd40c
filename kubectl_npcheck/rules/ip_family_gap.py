"""One IP family is restricted, and the other one is left open.

The blocks for IPv4 leave something out and those for IPv6 add up to `::/0`, or the reverse. On a
cluster with both families the restriction can be walked around over the other one: the exceptions
for private ranges or for the metadata service have to be written for each family.

Rules of a policy are compared where they permit the same ports. Not reported: a family without any
block, which is closed; a restriction that another policy of the same pods lifts.

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
        - ipBlock:
            cidr: 0.0.0.0/0
            except: [10.0.0.0/8, 169.254.169.254/32]
        - ipBlock: {cidr: "::/0"}

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
        - ipBlock:
            cidr: 0.0.0.0/0
            except: [10.0.0.0/8, 169.254.169.254/32]
        - ipBlock:
            cidr: "::/0"
            except: ["fc00::/7"]

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
        - ipBlock:
            cidr: 0.0.0.0/0
            except: [10.0.0.0/8, 169.254.169.254/32]
        - ipBlock:
            cidr: "::/0"
            except: ["fc00::/7"]
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.isolation import EGRESS, INGRESS
from kubectl_npcheck.policy.model import NetworkPolicy, Rule
from kubectl_npcheck.policy.podclasses import class_outside
from kubectl_npcheck.policy.reach import FamilyGap, family_gap, opens_family
from kubectl_npcheck.rules.problem import Problem

ID = "ip-family-gap"
SUMMARY = "blocks restrict one IP family and leave the other one open"
SEVERITY = Severity.NOTE
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report directions in which one family is restricted and the other one is not."""
    for policy in group.subjects:
        for direction in (INGRESS, EGRESS):
            rules = _rules(policy, direction)
            if not rules:
                continue
            gap = family_gap(rules)
            if gap is not None and _remains(group, policy, direction, gap):
                yield _problem(policy, direction, gap)


def _rules(policy: NetworkPolicy, direction: str) -> tuple[Rule, ...]:
    if direction == INGRESS:
        return policy.ingress if policy.lists_ingress else ()
    return policy.egress if policy.lists_egress else ()


def _remains(group: Group, policy: NetworkPolicy, direction: str, gap: FamilyGap) -> bool:
    """Whether some pods of the policy have the gap in the union of all their policies."""
    lifting = [
        other
        for other in group.policies
        if other is not policy
        and other.accepted
        and any(opens_family(rule, gap) for rule in _rules(other, direction))
    ]
    return class_outside(group, policy, lifting) is not None


def _problem(policy: NetworkPolicy, direction: str, gap: FamilyGap) -> Problem:
    verb = "be reached from" if direction == INGRESS else "send to"
    return Problem(
        policy,
        (*gap.rule.path, gap.rule.peers_field),
        f"IPv{gap.held} is restricted, but the pods may {verb} every IPv{gap.open} address",
        fix=Fix(f"restrict IPv{gap.open} as well, or leave its block out to close it"),
    )
