"""Isolation: what the policies of a pod class do to a direction, and when silence matters.

Two readings of a policy that does not state its egress (semantics, section 2), and the state of a
class under each. Whether an implicit policy leaves a class undecided (section 4) is answered by
`silence`, which can be had from here too.
Knows policies, selectors and groups; must not know files, rules or texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from kubectl_npcheck.policy.cidrs import block_is_empty
from kubectl_npcheck.policy.meaning import same_meaning
from kubectl_npcheck.policy.model import NetworkPolicy, Peer, Rule
from kubectl_npcheck.policy.reading import Reading
from kubectl_npcheck.policy.silence import Silence, silence
from kubectl_npcheck.policy.vouching import vouchers

__all__ = [
    "EGRESS",
    "INGRESS",
    "Reading",
    "Silence",
    "State",
    "allows_everything",
    "allows_something",
    "isolates",
    "peer_can_exist",
    "same_meaning",
    "silence",
    "state",
    "vouchers",
]

INGRESS = "ingress"
EGRESS = "egress"
NAMESPACE_NAME = "kubernetes.io/metadata.name"


class State(Enum):
    """What a class may do in one direction. OPEN includes "isolated, and everything allowed"."""

    OPEN = "open"
    RESTRICTED = "restricted"
    DENIED = "denied"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """`open`, `restricted`, `denied` or `unknown`, as in reports."""
        return self.value


def state(policies: Sequence[NetworkPolicy], direction: str, reading: Reading) -> State:
    """The state of the class that exactly these policies select, in "ingress" or "egress".

    A policy that the API would reject may or may not be there: where that makes a difference,
    the answer is UNKNOWN.
    """
    found = _union(policies, direction, reading)
    accepted = [policy for policy in policies if policy.accepted]
    if len(accepted) < len(policies) and _union(accepted, direction, reading) is not found:
        return State.UNKNOWN
    return found


def _union(policies: Sequence[NetworkPolicy], direction: str, reading: Reading) -> State:
    isolated = False
    found = State.DENIED
    for policy in policies:
        if not isolates(policy, direction, reading):
            continue
        isolated = True
        for rule in policy.ingress if direction == INGRESS else policy.egress:
            if allows_everything(rule):
                return State.OPEN
            if found is State.DENIED and allows_something(rule):
                found = State.RESTRICTED
    return found if isolated else State.OPEN


def isolates(policy: NetworkPolicy, direction: str, reading: Reading) -> bool:
    """Whether the policy isolates its pods in the direction, so that its rules count.

    Under the deny reading an implicit policy does, and one with dead egress rules.
    """
    if direction == INGRESS:
        return policy.lists_ingress
    return policy.lists_egress or reading is Reading.DENY


def allows_everything(rule: Rule) -> bool:
    """Whether the rule allows any peer on any port: `{}`."""
    return rule.peers is None and rule.ports is None


def allows_something(rule: Rule) -> bool:
    """Whether the rule has a peer that can exist: not only void selectors and empty blocks."""
    return rule.peers is None or any(peer_can_exist(peer) for peer in rule.peers)


def peer_can_exist(peer: Peer) -> bool:
    """Whether the peer could stand for anything at all.

    A namespace always has the label `kubernetes.io/metadata.name`.
    """
    if peer.ip_block is not None:
        return not block_is_empty(peer.ip_block)
    if peer.pod_selector is not None and peer.pod_selector.void:
        return False
    if peer.namespace_selector is None:
        return True
    name = peer.namespace_selector.box.get(NAMESPACE_NAME)
    unnamed = name is not None and not name.excluding and not name.values
    return not unnamed and not peer.namespace_selector.void
