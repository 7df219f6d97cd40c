"""When it matters that a policy does not state its egress (semantics, section 4).

The silence of an implicit policy is decided elsewhere for the pods that a policy which states its
egress, and may vouch for others (`vouching`), selects too.
Knows policies, selectors and groups; must not know files, rules or texts.
"""

from __future__ import annotations

from typing import cast

from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.lookup import LabelIndex, SelectorIndex
from kubectl_npcheck.policy.model import NetworkPolicy, Workload
from kubectl_npcheck.policy.selectors import (
    Cover,
    cover,
    identity,
    meet,
    overlap,
    witness,
)
from kubectl_npcheck.policy.vouching import placeholder_keys, spelt_in, vouchers, without_keys

_CACHE = "silence"


class Silence:
    """What the silence of one policy means in its group.

    undecided: some pod that the policy selects is left to an unstated default; unknown cover
               counts as that
    unknown:   the cover could not be decided
    witness:   labels of an undecided pod; {} is a pod without labels. None if decided or unknown
    """

    __slots__ = ("_deciders", "_group", "policy", "undecided", "unknown", "witness")

    def __init__(self, policy: NetworkPolicy, covered: Cover, group: _Stated) -> None:
        self.policy = policy
        self.undecided = covered.covered is not True
        self.unknown = covered.covered is None
        self.witness = covered.witness
        self._group = group
        self._deciders: tuple[NetworkPolicy, ...] | None = None

    @property
    def deciders(self) -> tuple[NetworkPolicy, ...]:
        """The policies that state the egress of some pod that the policy selects."""
        if self._deciders is None:
            self._deciders = self._group.deciders(self.policy)
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
        return self._group.doubtful(self.policy)

    @property
    def unresolved(self) -> tuple[NetworkPolicy, ...]:
        """Policies that may state the egress of some of the pods: placeholders leave it open."""
        return self._group.unresolved(self.policy)

    @property
    def revived(self) -> tuple[NetworkPolicy, ...]:
        """The policies whose dead egress rules would let the witness send under the deny reading.

        Where the cover is unknown: any that selects some pod of the policy.
        """
        return self._group.revived(self)

    @property
    def workloads(self) -> tuple[Workload, ...]:
        """The known workloads that the policy selects and whose egress nobody states."""
        return self._group.workloads(self.policy, decided=False)

    @property
    def decided_workloads(self) -> tuple[Workload, ...]:
        """The known workloads that the policy selects and whose egress another one states."""
        return self._group.workloads(self.policy, decided=True)


def silence(policy: NetworkPolicy, group: Group) -> Silence:
    """What it means that this policy of the group does not state its egress.

    Meant for implicit policies. One that states its egress, or selects nothing, is not undecided.
    """
    held = group.cache.get(_CACHE)
    if held is None:
        held = group.cache[_CACHE] = _Stated(group)
    return cast(_Stated, held).silence(policy)


class _Stated:
    """What the policies of one group state, in a form that answers many questions quickly."""

    __slots__ = (
        "_answers",
        "_decided",
        "_everything",
        "_group",
        "_index",
        "_placeholders",
        "_unsure",
        "_vouchers",
        "_workloads",
    )

    def __init__(self, group: Group) -> None:
        self._group = group
        self._vouchers = vouchers(group)
        vouching = set(map(id, self._vouchers))
        self._unsure = [p for p in group.policies if p.lists_egress and id(p) not in vouching]
        self._everything = any(p.pod_selector.everything for p in self._vouchers)
        self._placeholders = frozenset([id(p) for p in self._vouchers if placeholder_keys(p)])
        self._index: SelectorIndex | None = None
        self._answers: dict[object, Cover] = {}
        self._workloads: LabelIndex | None = None
        self._decided: list[bool] = []

    def silence(self, policy: NetworkPolicy) -> Silence:
        return Silence(policy, self._cover(policy), self)

    def _cover(self, policy: NetworkPolicy) -> Cover:
        selector = policy.pod_selector
        if self._everything or selector.void:
            return Cover(True, None)
        labels = witness(selector)
        if labels is not None and not self._near_labels(labels):
            return Cover(False, labels)
        same = identity(selector), placeholder_keys(policy)
        answer = self._answers.get(same)
        if answer is None:
            answer = self._answers[same] = self._exact_cover(policy)
        return answer

    def _exact_cover(self, policy: NetworkPolicy) -> Cover:
        selector = policy.pod_selector
        deciders = self.deciders(policy)
        answer = cover(selector, [p.pod_selector for p in deciders])
        unknown = placeholder_keys(policy)
        if not unknown or not answer.covered or any(spelt_in(selector, p) for p in deciders):
            return answer
        # Whatever the placeholders stand for, the pods are among those of the other requirements.
        wider = without_keys(selector, unknown)
        plain = [p.pod_selector for p in deciders if id(p) not in self._placeholders]
        return answer if cover(wider, plain).covered else Cover(None, None)

    def deciders(self, policy: NetworkPolicy) -> tuple[NetworkPolicy, ...]:
        return tuple([p for p in self._near(policy) if self._sure_of(p, policy)])

    def doubtful(self, policy: NetworkPolicy) -> tuple[NetworkPolicy, ...]:
        mine = policy.pod_selector
        return tuple([p for p in self._unsure if meet(mine, p.pod_selector)])

    def unresolved(self, policy: NetworkPolicy) -> tuple[NetworkPolicy, ...]:
        keys = placeholder_keys(policy)
        found = []
        for voucher in self._vouchers:
            unknown = keys | placeholder_keys(voucher)
            if unknown and not spelt_in(policy.pod_selector, voucher):
                mine, theirs = policy.pod_selector, voucher.pod_selector
                if meet(without_keys(mine, unknown), without_keys(theirs, unknown)):
                    found.append(voucher)
        return tuple(found)

    def _near(self, policy: NetworkPolicy) -> list[NetworkPolicy]:
        """The vouchers that overlap the policy, as far as the texts tell."""
        numbers = self._indexed().meeting(policy.pod_selector) if self._vouchers else ()
        return [self._vouchers[n] for n in numbers]

    def _near_labels(self, labels: dict[str, str]) -> bool:
        """Whether some voucher selects these labels, as far as the texts tell."""
        return bool(self._vouchers) and bool(self._indexed().matching(labels))

    def _indexed(self) -> SelectorIndex:
        if self._index is None:
            self._index = SelectorIndex([p.pod_selector for p in self._vouchers])
        return self._index

    def _sure_of(self, voucher: NetworkPolicy, policy: NetworkPolicy) -> bool:
        """Whether it selects these pods whatever its placeholders stand for."""
        return id(voucher) not in self._placeholders or spelt_in(policy.pod_selector, voucher)

    def revived(self, silence: Silence) -> tuple[NetworkPolicy, ...]:
        if not silence.undecided:
            return ()
        labels = silence.witness
        mine = silence.policy.pod_selector
        found = [p for p in self._group.policies if p.dead_egress and p.accepted]
        if labels is None:
            return tuple([p for p in found if meet(mine, p.pod_selector)])
        return tuple([p for p in found if p.pod_selector.matches(labels)])

    def workloads(self, policy: NetworkPolicy, decided: bool) -> tuple[Workload, ...]:
        known = self._group.workloads
        if not known:
            return ()
        if self._workloads is None:
            self._workloads = LabelIndex([w.labels for w in known])
            self._decided = [self._near_labels(w.labels) for w in known]
        return tuple(
            [
                known[n]
                for n in self._workloads.matched_by(policy.pod_selector)
                if self._decided[n] is decided and _concerned(known[n])
            ]
        )


def _concerned(workload: Workload) -> bool:
    """Whether policies act on the workload's pods: they run, and not in the node's network."""
    return not workload.finished and not workload.host_network
