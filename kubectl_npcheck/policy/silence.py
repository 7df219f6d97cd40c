"""When it matters that a policy does not state its egress (semantics, section 4).

The silence of an implicit policy is decided elsewhere for the pods that a policy which states its
egress, and may vouch for others (`vouching`), selects too.
Knows policies, selectors and groups; must not know files, rules or texts.
"""

from __future__ import annotations

from typing import cast

from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy, Workload
from kubectl_npcheck.policy.selectors import Cover, overlap
from kubectl_npcheck.policy.stated import Stated

_CACHE = "silence"


class Silence:
    """What the silence of one policy means in its group.

    undecided: some pod that the policy selects is left to an unstated default; unknown cover
               counts as that
    unknown:   the cover could not be decided
    witness:   labels of an undecided pod; {} is a pod without labels. None if decided or unknown
    """

    __slots__ = ("_deciders", "_stated", "policy", "undecided", "unknown", "witness")

    def __init__(self, policy: NetworkPolicy, covered: Cover, stated: Stated) -> None:
        self.policy = policy
        self.undecided = covered.covered is not True
        self.unknown = covered.covered is None
        self.witness = covered.witness
        self._stated = stated
        self._deciders: tuple[NetworkPolicy, ...] | None = None

    @property
    def deciders(self) -> tuple[NetworkPolicy, ...]:
        """The policies that state the egress of some pod that the policy selects."""
        if self._deciders is None:
            self._deciders = self._stated.deciders(self.policy)
        return self._deciders

    @property
    def decided_witness(self) -> dict[str, str] | None:
        """Labels of a pod whose egress the first of the deciders states, None without deciders."""
        deciders = self.deciders
        if not deciders:
            return None
        return overlap(self.policy.pod_selector, deciders[0].pod_selector)

    @property
    def mixed(self) -> bool:
        """Undecided for some pods and decided elsewhere for others."""
        return self.undecided and bool(self.deciders)

    @property
    def doubtful(self) -> tuple[NetworkPolicy, ...]:
        """Policies that state the egress of some of the pods but do not vouch.

        The API rejects them, or another policy of the group has their name.
        """
        return self._stated.doubtful(self.policy)

    @property
    def unresolved(self) -> tuple[NetworkPolicy, ...]:
        """Policies that may state the egress of some of the pods: placeholders leave it open."""
        return self._stated.unresolved(self.policy)

    @property
    def revived(self) -> tuple[NetworkPolicy, ...]:
        """The policies whose dead egress rules would let the witness send under the deny reading.

        Where the cover is unknown: any that selects some pod of the policy.
        """
        return self._stated.revived(self.policy, self.witness) if self.undecided else ()

    @property
    def revived_in_part(self) -> tuple[NetworkPolicy, ...]:
        """The policies whose dead egress rules would let some pod of the policy send."""
        return self._stated.revived(self.policy, None)

    @property
    def workloads(self) -> tuple[Workload, ...]:
        """The known workloads that the policy selects and whose egress nobody states."""
        return self._stated.workloads(self.policy, decided=False)

    @property
    def decided_workloads(self) -> tuple[Workload, ...]:
        """The known workloads that the policy selects and whose egress another one states."""
        return self._stated.workloads(self.policy, decided=True)


def silence(policy: NetworkPolicy, group: Group) -> Silence:
    """What it means that this policy of the group does not state its egress.

    Meant for implicit policies. One that states its egress, or selects nothing, is not undecided.
    """
    held = group.cache.get(_CACHE)
    if held is None:
        held = group.cache[_CACHE] = Stated(group)
    stated = cast(Stated, held)
    return Silence(policy, stated.cover(policy), stated)
