"""One IP family is restricted, and the other one is left open.

The blocks for IPv4 leave something out and those for IPv6 add up to `::/0`, or the reverse. On a
cluster with both families the restriction can be walked around over the other one: the exceptions
for private ranges or for the metadata service have to be written for each family.

Rules are compared where they permit the same ports, over all policies of the pods. Not reported: a
family without any block, which is closed; a restriction that another policy lifts.

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
from kubectl_npcheck.policy.podclasses import classes_selected_by
from kubectl_npcheck.policy.reach import FamilyGap, family_gap
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
            if gap is not None and _remains(group, policy, direction):
                yield _problem(policy, direction, gap)


def _rules(policy: NetworkPolicy, direction: str) -> tuple[Rule, ...]:
    if direction == INGRESS:
        return policy.ingress if policy.lists_ingress else ()
    return policy.egress if policy.lists_egress else ()


def _remains(group: Group, policy: NetworkPolicy, direction: str) -> bool:
    """Whether some class of the policy has the gap in the union of all its policies."""
    for pod_class in classes_selected_by(group, policy) or ():
        if len(pod_class.policies) == 1:
            return True
        union = [rule for other in pod_class.policies for rule in _rules(other, direction)]
        if family_gap(union) is not None:
            return True
    return False


def _problem(policy: NetworkPolicy, direction: str, gap: FamilyGap) -> Problem:
    verb = "be reached from" if direction == INGRESS else "send to"
    return Problem(
        policy,
        (*gap.rule.path, gap.rule.peers_field),
        f"IPv{gap.held} is restricted, but the pods may {verb} every IPv{gap.open} address",
        fix=Fix(f"restrict IPv{gap.open} as well, or leave its block out to close it"),
    )
