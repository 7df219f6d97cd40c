"""Live policies whose stored policyTypes are not what their manifest means (semantics, 10).

A manifest without policyTypes is defaulted once; later applies leave the stored value alone. Where
an admission policy appends Egress, the stored value differs as well. Both need a policy of which
it is known what was last applied.
Knows policies and groups; must not know rules or texts.
"""

from __future__ import annotations

from enum import Enum

from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.lookup import SelectorIndex
from kubectl_npcheck.policy.model import Authored, NetworkPolicy
from kubectl_npcheck.policy.selectors import Cover, cover
from kubectl_npcheck.policy.vouching import vouchers

UNWRITTEN = frozenset({Authored.ABSENT, Authored.NULL, Authored.EMPTY})


class Stuck(Enum):
    """What a stuck default does: egress is denied, or the egress rules are dead."""

    DENIED = "denied"
    DEAD = "dead"


def stuck(policy: NetworkPolicy) -> Stuck | None:
    """How the stored default contradicts the manifest that was last applied, None if it does not.

    None too where somebody has set policyTypes since, and where that is not known.
    """
    applied = policy.applied
    if applied is None or applied.settled is not False or applied.types not in UNWRITTEN:
        return None
    if unstated(policy):
        return Stuck.DENIED
    dead = policy.dead_egress and applied.creates_egress
    return Stuck.DEAD if dead else None


def unstated(policy: NetworkPolicy) -> bool:
    """Whether a stored denial of all egress (Egress without rules) stands in no manifest."""
    applied = policy.applied
    return (
        applied is not None
        and applied.settled is False
        and not applied.creates_egress
        and policy.lists_egress
        and not policy.egress
    )


def as_created(policy: NetworkPolicy) -> NetworkPolicy:
    """The policy as a creation of its last applied manifest would store it, under the open reading.

    Meant for policies that are stuck, or unstated; others stay as they are.
    """
    applied = policy.applied
    if applied is None or applied.creates_egress is policy.lists_egress:
        return policy
    from copy import copy  # loaded for live objects only

    made = copy(policy)
    made.lists_egress = applied.creates_egress
    return made


class Stating:
    """The policies of a live group that state their egress by their own manifests."""

    __slots__ = ("_index", "policies")

    def __init__(self, group: Group) -> None:
        self.policies = [policy for policy in vouchers(group) if not unstated(policy)]
        self._index: SelectorIndex | None = None

    def near(self, policy: NetworkPolicy) -> list[NetworkPolicy]:
        """Those of them that select some pod of an unstated policy."""
        if self._index is None:
            self._index = SelectorIndex([p.pod_selector for p in self.policies])
        return [self.policies[n] for n in self._index.meeting(policy.pod_selector)]

    def cover(self, policy: NetworkPolicy) -> Cover:
        """Whether they select all pods of an unstated policy."""
        return cover(policy.pod_selector, [p.pod_selector for p in self.near(policy)])
