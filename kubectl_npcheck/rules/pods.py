"""Which known pods a selector or a peer means: the evidence of the inventory rules.

Knows workloads and namespaces of the input, nothing of files. It answers None where the input
cannot tell (semantics, section 7), and never takes "not in the input" for "does not exist".
"""

from __future__ import annotations

from typing import cast

from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.inventory import Group, Inventory, system_namespace
from kubectl_npcheck.policy.model import NetworkPolicy, Peer, Rule, Workload
from kubectl_npcheck.policy.parsing.names import is_placeholder
from kubectl_npcheck.policy.selectors import Selector
from kubectl_npcheck.rules.pod_index import PodIndex
from kubectl_npcheck.rules.wording import NAME_LABEL

EVERYTHING = Selector()

SEVERAL = 4
"""How many selectors of a namespace have to match nothing before it counts as not in the input."""


def known_pods(group: Group) -> PodIndex:
    """The pods of a group, by label; finished ones do not count."""
    index = group.cache.get("pods")
    if index is None:
        index = PodIndex([w for w in group.workloads if not w.finished])
        group.cache["pods"] = index
    return cast(PodIndex, index)


def possible_pods(group: Group) -> PodIndex:
    """The pods of the input that may belong to the group's namespace: its own, and others.

    Others are those of another unit with the same namespace and, where either of the two
    namespaces is not written, those that may be applied there.
    """
    index = group.cache.get("possible pods")
    if index is None:
        index = group.cache["possible pods"] = find_possible_pods(group)
    return cast(PodIndex, index)


def find_possible_pods(group: Group) -> PodIndex:
    """What `possible_pods` keeps."""
    inventory = group.inventory
    if group.namespace is None:
        return every_pod(inventory)
    groups = inventory.groups_named(group.namespace)
    unnamed = inventory.groups_named(None)
    if len(groups) == 1 and not unnamed:
        return known_pods(group)
    return PodIndex([w for g in [*groups, *unnamed] for w in g.workloads if not w.finished])


def every_pod(inventory: Inventory) -> PodIndex:
    """The pods of the whole input."""
    index = inventory.cache.get("pods")
    if index is None:
        workloads = [w for group in inventory.groups for w in group.workloads if not w.finished]
        index = inventory.cache["pods"] = PodIndex(workloads)
    return cast(PodIndex, index)


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
        groups = [group] if name == group.namespace else group.inventory.groups_named(name)
        if not groups:
            return None
        found.extend(groups)
    return found


def destination_groups(group: Group, rule: Rule) -> list[Group] | None:
    """The groups of the pods whose ports a rule names; None if some of them may be unknown."""
    if rule.direction == "ingress":
        places = [group]
    elif rule.peers is None:
        return None
    else:
        places = []
        for peer in rule.peers:
            found = peer_groups(group, peer)
            if not found:
                return None
            places += [place for place in found if place not in places]
    return places if all(conclusive(place) for place in places) else None


def destination_pods(group: Group, policy: NetworkPolicy, rule: Rule) -> list[Workload] | None:
    """The known pods whose ports a rule names; None if the input cannot tell all of them.

    Of an ingress rule these are the policy's own pods, of an egress rule those of its peers.
    """
    if destination_groups(group, rule) is None:
        return None
    if rule.direction == "ingress":
        if not known_pods(group).matching(policy.pod_selector):
            return None
        return possible_pods(group).matching(policy.pod_selector)
    pods: list[Workload] = []
    for peer in rule.peers or ():
        places = peer_groups(group, peer) or []
        selector = peer.pod_selector or EVERYTHING
        if not any(known_pods(place).matching(selector) for place in places):
            return None
        for place in places:
            pods.extend(possible_pods(place).matching(selector))
    return pods


def conclusive(group: Group) -> bool:
    """Whether the pods of the input can stand for those of the group's namespace.

    They cannot without any, beside custom resources (operators make pods), in a unit of which
    something is missing, or in files for the system's own namespaces.
    """
    if not group.workloads:
        return False
    held = group.cache.get("conclusive")
    if held is None:
        trusted = group.unit.live or (group.unit.complete and not system_namespace(group.namespace))
        held = trusted and not any(place.custom_resources for place in namespace_groups(group))
        group.cache["conclusive"] = held
    return bool(held)


def namespace_groups(group: Group) -> list[Group]:
    """The groups that surely stand for the namespace of this one, in every unit."""
    if group.namespace is None:
        return [group]
    return group.inventory.groups_named(group.namespace)


def matches_nothing(group: Group, selector: Selector) -> bool:
    """Whether the input tells that no pod of the group's namespace is selected."""
    return (
        bool(known_pods(group).workloads)
        and not possible_pods(group).matching(selector)
        and not any(fillable(selector, w.labels) for w in possible_pods(group).unresolved)
    )


def mostly_missing(group: Group) -> bool:
    """Whether files evidently lack most workloads of a namespace: then a gap tells nothing.

    That is where several policies of the namespace match nothing, and more of them than match.
    """
    if group.unit.live:
        return False
    held = group.cache.get("mostly missing")
    if held is None:
        pods = possible_pods(group)
        selectors = {
            frozenset(policy.pod_selector.box.items()): policy.pod_selector
            for policy in group.policies
            if not policy.pod_selector.everything
        }
        missing = sum(1 for selector in selectors.values() if not pods.matching(selector))
        held = missing >= SEVERAL and missing * 2 > len(selectors)
        group.cache["mostly missing"] = held
    return bool(held)


def fillable(selector: Selector, labels: dict[str, str]) -> bool:
    """Whether a placeholder in the labels may yet become what the selector asks for."""
    keys = [key for key in selector.box if is_placeholder(labels.get(key, ""))]
    if not keys:
        return False
    rest = tuple(term for term in selector.terms if term.key not in keys)
    return Selector(rest).matches(labels)


def unresolved(policy: NetworkPolicy, path: Path) -> bool:
    """True if a placeholder stands at or below a path of the policy."""
    return any(there[: len(path)] == path for there in policy.unresolved)
