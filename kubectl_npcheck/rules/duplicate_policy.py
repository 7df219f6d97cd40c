"""The same policy twice, with different content: the one that is applied last wins.

Namespace and name identify an object. Two documents of one name that are applied together are one
object; which of them stays depends on the order in which the tool applies them, and the loser's
rules are gone without a word.

Not reported: documents that say the same (labels and annotations aside), and one name in two
files where the two are different variants (`dev/` and `prod/`), which are not applied together.

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
    ---
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
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: staging
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress, Egress]

FIX::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api-from-web
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress]
      ingress:
        - from:
            - podSelector:
                matchLabels: {app: web}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api-from-metrics
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress]
      ingress:
        - from:
            - podSelector:
                matchLabels: {app: metrics}
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy, Peer, Rule
from kubectl_npcheck.policy.selectors import Selector
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.wording import place_text, policy_text

ID = "duplicate-policy"
SUMMARY = "the same namespace and name twice, with different content"
SEVERITY = Severity.ERROR
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report each name that stands for two contents; at the later document, if it is a subject."""
    if len(group.policies) < 2 or not group.subjects:
        return
    first: dict[str, NetworkPolicy] = {}
    for policy in group.policies:
        held = first.setdefault(policy.name, policy)
        if held is policy or not policy.name or policy.generated_name or same_content(held, policy):
            continue
        if not policy.origin.context:
            yield problem(policy, held)
        elif not held.origin.context:
            yield problem(held, policy)


def problem(policy: NetworkPolicy, other: NetworkPolicy) -> Problem:
    """The problem at `policy`, which has the name of `other`."""
    where = place_text(other.origin)
    return Problem(
        policy,
        ("metadata", "name"),
        f"{policy_text(policy)} is also defined {'at ' + where if where else 'elsewhere'}, "
        "with different content",
        ("both are one object: what is applied last replaces the other",),
        fix=Fix("give one of them another name, or remove it"),
    )


def same_content(a: NetworkPolicy, b: NetworkPolicy) -> bool:
    """Whether two policies mean the same by their own text: selector, types and rules."""
    return (
        a.lists_ingress == b.lists_ingress
        and a.lists_egress == b.lists_egress
        and a.pod_selector.box == b.pod_selector.box
        and [content(rule) for rule in a.ingress] == [content(rule) for rule in b.ingress]
        and [content(rule) for rule in a.egress] == [content(rule) for rule in b.egress]
    )


def content(rule: Rule) -> object:
    """What a rule says, as a value that compares."""
    peers = rule.peers and [peer_content(peer) for peer in rule.peers]
    ports = rule.ports and [(port.protocol, port.port, port.end_port) for port in rule.ports]
    return peers, ports


def peer_content(peer: Peer) -> object:
    """What a peer says, as a value that compares."""
    return peer.ip_block, box(peer.namespace_selector), box(peer.pod_selector)


def box(selector: Selector | None) -> object:
    """A selector's requirements, None where there is no selector."""
    return None if selector is None else selector.box
