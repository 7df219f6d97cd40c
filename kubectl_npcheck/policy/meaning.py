"""Whether two policies mean the same, whatever their names, order and spelling.

Knows the model; must not know classes or states.
"""

from __future__ import annotations

from collections.abc import Iterable

from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy, Peer, Rule
from kubectl_npcheck.policy.selectors import Selector, identity


def same_meaning(a: NetworkPolicy, b: NetworkPolicy) -> bool:
    """Whether both policies do the same to the same pods, rule by rule.

    The order of rules, peers and ports does not count, nor do labels and annotations. Two ways
    to write one set of addresses, or of rules, count as different.
    """
    return a is b or (
        a.lists_ingress == b.lists_ingress
        and a.lists_egress == b.lists_egress
        and _selector(a.pod_selector) == _selector(b.pod_selector)
        and rules_identity(a.ingress) == rules_identity(b.ingress)
        and rules_identity(a.egress) == rules_identity(b.egress)
    )


def ambiguous(group: Group) -> frozenset[int]:
    """The `id` of each policy whose name another policy of the group has with another meaning.

    Only one of them can exist, and which one is not known.
    """
    held = group.cache.get("ambiguous")
    if not isinstance(held, frozenset):
        held = group.cache["ambiguous"] = _ambiguous(group.policies)
    return held


def _ambiguous(policies: Iterable[NetworkPolicy]) -> frozenset[int]:
    by_name: dict[str, NetworkPolicy] = {}
    repeated: dict[str, list[NetworkPolicy]] = {}
    for policy in policies:
        if not policy.name or policy.generated_name:
            continue
        first = by_name.setdefault(policy.name, policy)
        if first is not policy:
            repeated.setdefault(policy.name, [first]).append(policy)
    return frozenset(
        [
            id(policy)
            for namesakes in repeated.values()
            if not all(same_meaning(namesakes[0], other) for other in namesakes[1:])
            for policy in namesakes
        ]
    )


def _selector(selector: Selector | None) -> object:
    return None if selector is None else ("selector", identity(selector))


def rules_identity(rules: Iterable[Rule]) -> frozenset[object]:
    """A hashable stand-in: equal for two lists with the same rules, in whatever order."""
    return frozenset([(_peers(rule), _ports(rule)) for rule in rules])


def _peers(rule: Rule) -> frozenset[object] | None:
    return None if rule.peers is None else frozenset([_peer(peer) for peer in rule.peers])


def _peer(peer: Peer) -> object:
    block = peer.ip_block
    return (
        _selector(peer.pod_selector),
        _selector(peer.namespace_selector),
        None if block is None else (block.cidr, frozenset(block.excepts)),
    )


def _ports(rule: Rule) -> frozenset[object] | None:
    if rule.ports is None:
        return None
    return frozenset([(port.protocol, port.port, port.end_port) for port in rule.ports])
