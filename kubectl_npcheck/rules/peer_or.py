"""Two list items are OR: a namespaceSelector beside a podSelector does not narrow it.

`from` and `to` are lists, and each item allows on its own. A `namespaceSelector` in one item and
a `podSelector` in the next allow every pod of those namespaces, and besides the pods of the
policy's own namespace; both in one item mean "these pods in those namespaces". The two differ by
a single dash.

Not reported where OR is plausible: one of the selectors is empty (`podSelector: {}` is "my
namespace or theirs"), or the pods are known in the policy's own namespace (a workload carries the
labels, or a policy of that namespace selects them).

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
            - namespaceSelector:
                matchLabels: {kubernetes.io/metadata.name: monitoring}
            - podSelector:
                matchLabels: {app: prometheus}

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
            - namespaceSelector:
                matchLabels: {kubernetes.io/metadata.name: monitoring}
            - podSelector: {}

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
            - namespaceSelector:
                matchLabels: {kubernetes.io/metadata.name: monitoring}
              podSelector:
                matchLabels: {app: prometheus}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy, Peer, Rule
from kubectl_npcheck.policy.selectors import Selector, intersect_values
from kubectl_npcheck.rules.pods import namespace_groups, possible_pods
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.wording import peer_text

ID = "peer-or"
SUMMARY = "a namespaceSelector and a podSelector in two list items: OR, where AND is meant"
SEVERITY = Severity.WARNING
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report each rule in which a lone namespaceSelector stands beside a lone podSelector."""
    for policy in group.subjects:
        for rule in policy.ingress + policy.egress:
            peers = rule.peers
            if peers is None or len(peers) < 2:
                continue
            pair = suspects(peers)
            if pair is not None and not at_home(group, pair[1]):
                yield problem(policy, rule, *pair)


def suspects(peers: tuple[Peer, ...]) -> tuple[Peer, Peer] | None:
    """The first lone namespaceSelector and the lone podSelector nearest to it; none is empty."""
    theirs = [p for p in peers if lone(p.namespace_selector, p.pod_selector)]
    ours = [p for p in peers if lone(p.pod_selector, p.namespace_selector)]
    if not theirs or not ours:
        return None
    pairs = [(abs(a.index - b.index), a.index, b.index, a, b) for a in theirs for b in ours]
    return min(pairs)[3:]


def lone(selector: Selector | None, other: Selector | None) -> bool:
    """True for a selector that says something and stands without the other kind."""
    return selector is not None and other is None and not selector.everything


def at_home(group: Group, peer: Peer) -> bool:
    """Whether pods of the policy's own namespace are known, or named by a policy, so."""
    wanted = peer.pod_selector
    if wanted is None or possible_pods(group).matching(wanted):
        return True
    return any(names(selector, wanted) for selector in candidates(group, wanted))


def candidates(group: Group, wanted: Selector) -> list[Selector]:
    """The podSelectors of the namespace's policies that may name the labels."""
    index = group.cache.get("named labels")
    if index is None:
        index = group.cache["named labels"] = named_labels(group)
    by_label = cast("dict[tuple[str, str | None], list[Selector]]", index)
    for key, allowed in wanted.box.items():
        if allowed.excluding:
            return by_label.get((key, None), [])
        return [s for value in sorted(allowed.values) for s in by_label.get((key, value), [])]
    return []


def named_labels(group: Group) -> dict[tuple[str, str | None], list[Selector]]:
    """The podSelectors of the namespace by each label that they name, and by its key alone."""
    index: dict[tuple[str, str | None], list[Selector]] = {}
    for place in namespace_groups(group):
        for policy in place.policies:
            selector = policy.pod_selector
            for key, held in selector.box.items():
                index.setdefault((key, None), []).append(selector)
                for value in () if held.excluding else held.values:
                    index.setdefault((key, value), []).append(selector)
    return index


def names(selector: Selector, wanted: Selector) -> bool:
    """Whether a podSelector names the labels: each key, with a value in common."""
    for key, allowed in wanted.box.items():
        held = selector.box.get(key)
        if held is None or held.excluding:
            return False
        if not intersect_values(held, allowed).values:
            return False
    return True


def problem(policy: NetworkPolicy, rule: Rule, theirs: Peer, ours: Peer) -> Problem:
    """The problem, with what the rule allows now and what one item would allow."""
    first, second = sorted((theirs, ours), key=lambda peer: peer.index)
    effective = " OR ".join(peer_text(peer, policy.namespace) for peer in (first, second))
    both = Peer(first.index, ours.pod_selector, theirs.namespace_selector)
    return Problem(
        policy,
        rule.peer_path(second),
        f"two list items allow {effective}",
        (f"one item with both would allow {peer_text(both, policy.namespace)} only",),
        fix=Fix("write both selectors in one item (remove the second dash) if AND is meant"),
    )
