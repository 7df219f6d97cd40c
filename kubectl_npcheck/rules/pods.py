"""Which known pods a selector or a peer means: the evidence of the inventory rules.

Knows workloads and namespaces of the input, nothing of files. It answers None where the input
cannot tell (semantics, section 7), and never takes "not in the input" for "does not exist".
"""

from __future__ import annotations

from typing import cast

from kubectl_npcheck.policy.inventory import Group, Inventory
from kubectl_npcheck.policy.model import Peer, Rule, Workload
from kubectl_npcheck.policy.selectors import Selector
from kubectl_npcheck.rules.wording import NAME_LABEL


class PodIndex:
    """Workloads that run pods now or in future, found by label."""

    __slots__ = ("_by_label", "_memo", "workloads")

    def __init__(self, workloads: list[Workload]) -> None:
        self.workloads = workloads
        self._by_label: dict[tuple[str, str], list[Workload]] = {}
        # Keyed by the selector's id; the selector is kept, so the id stays its own.
        self._memo: dict[int, tuple[Selector, list[Workload]]] = {}
        for workload in workloads:
            for label in workload.labels.items():
                self._by_label.setdefault(label, []).append(workload)

    def matching(self, selector: Selector) -> list[Workload]:
        """The workloads whose pods the selector selects, in the order of the input."""
        held = self._memo.get(id(selector))
        if held is not None:
            return held[1]
        matches = selector.matches
        found = [w for w in self._candidates(selector) if matches(w.labels)]
        self._memo[id(selector)] = (selector, found)
        return found

    def _candidates(self, selector: Selector) -> list[Workload]:
        for key, allowed in selector.box.items():
            if not allowed.excluding and not allowed.absent and len(allowed.values) == 1:
                (value,) = allowed.values
                return self._by_label.get((key, value), [])
        return self.workloads


def known_pods(group: Group) -> PodIndex:
    """The pods of a group, by label; finished ones do not count."""
    index = group.cache.get("pods")
    if index is None:
        index = PodIndex([w for w in group.workloads if not w.finished])
        group.cache["pods"] = index
    return cast(PodIndex, index)


def every_pod(inventory: Inventory) -> PodIndex:
    """The pods of the whole input."""
    index = inventory.cache.get("pods")
    if index is None:
        workloads = [w for group in inventory.groups for w in group.workloads if not w.finished]
        index = inventory.cache["pods"] = PodIndex(workloads)
    return cast(PodIndex, index)


def namespace_groups(group: Group) -> list[Group]:
    """The groups that surely stand for the namespace of this one, in every unit."""
    if group.namespace is None:
        return [group]
    return group.inventory.groups_named(group.namespace)


def pinned_namespaces(selector: Selector) -> list[str] | None:
    """The only namespaces that a namespaceSelector can select, None if it does not name them."""
    allowed = selector.box.get(NAME_LABEL)
    if allowed is None or allowed.excluding or allowed.absent:
        return None
    return sorted(allowed.values)


def peer_groups(group: Group, peer: Peer) -> list[Group] | None:
    """The groups in which the pods of a peer run; None if the input cannot tell.

    Own namespace, or namespaces named by `kubernetes.io/metadata.name`; any other label may be
    on namespaces that are not in the input.
    """
    if peer.ip_block is not None:
        return None
    if peer.namespace_selector is None:
        return [group]
    names = pinned_namespaces(peer.namespace_selector)
    if names is None:
        return None
    found: list[Group] = []
    for name in names:
        if name == group.namespace:
            found.append(group)
        else:
            found.extend(group.inventory.groups_named(name))
    return found


def peer_pods(group: Group, peer: Peer) -> list[Workload] | None:
    """The known pods of a peer; None if the input cannot tell, or knows of no pods there."""
    groups = peer_groups(group, peer)
    if groups is None:
        return None
    selector = peer.pod_selector
    found: list[Workload] = []
    known = False
    for place in groups:
        pods = known_pods(place)
        if pods.workloads:
            known = True
            found.extend(pods.workloads if selector is None else pods.matching(selector))
    return found if known else None


def destination_pods(group: Group, own: Selector, rule: Rule) -> list[Workload] | None:
    """The known pods whose ports a rule names; None if some of them may be unknown.

    own: the policy's podSelector, the destination of an ingress rule.
    """
    if rule.direction == "ingress":
        pods = known_pods(group)
        return pods.matching(own) if pods.workloads else None
    if rule.peers is None:
        return None
    found: list[Workload] = []
    for peer in rule.peers:
        reached = peer_pods(group, peer)
        if not reached:
            return None
        found.extend(reached)
    return found


def operated(groups: list[Group]) -> bool:
    """True if custom resources are in one of the namespaces: their operators may make pods."""
    return any(group.custom_resources for group in groups)


def placeholder(text: str) -> bool:
    """True for values that something fills in later: `${VAR}`, `$(VAR)`, `{{ x }}`."""
    return "$" in text or "{{" in text
