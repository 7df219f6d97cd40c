"""What a parsed policy means, as plain values that two readings of it can be compared by."""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.policy.model import NetworkPolicy, Peer, Rule
from kubectl_npcheck.policy.selectors import Selector, identity


def meaning(policy: NetworkPolicy) -> dict[str, Any]:
    """Everything that decides what the policy allows; not its name, nor how it was written."""
    return {
        "pods": identity(policy.pod_selector),
        "lists": (policy.lists_ingress, policy.lists_egress),
        "ingress": [rule_meaning(rule) for rule in policy.ingress],
        "egress": [rule_meaning(rule) for rule in policy.egress],
    }


def rule_meaning(rule: Rule) -> tuple[object, object]:
    """Peers and ports; None where any will do."""
    peers = None if rule.peers is None else [peer_meaning(peer) for peer in rule.peers]
    ports = None
    if rule.ports is not None:
        ports = [(port.protocol, port.port, port.end_port) for port in rule.ports]
    return peers, ports


def peer_meaning(peer: Peer) -> tuple[object, ...]:
    """The conditions of one peer; None where a condition is not part of it."""
    return (condition(peer.pod_selector), condition(peer.namespace_selector), peer.ip_block)


def condition(selector: Selector | None) -> object:
    """A selector by what it matches: `()` is one that matches nothing."""
    if selector is None:
        return None
    return () if selector.void else identity(selector)
