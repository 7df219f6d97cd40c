"""What the policies of one group state about egress, ready to answer for many policies.

The policies that vouch (`vouching`) are indexed by their selectors, and answers are kept by
selector. Whatever a placeholder stands for, an answer that is not "unknown" holds.
Must not know rules or texts.
"""

from __future__ import annotations

from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.lookup import LabelIndex, SelectorIndex
from kubectl_npcheck.policy.meaning import ambiguous
from kubectl_npcheck.policy.model import NetworkPolicy, Workload
from kubectl_npcheck.policy.selectors import (
    Cover,
    cover,
    identity,
    meet,
    witness,
)
from kubectl_npcheck.policy.vouching import placeholder_keys, spelt_in, vouchers, without_keys


class Stated:
    """What the policies of one group state, in a form that answers many questions quickly."""

    __slots__ = (
        "_answers",
        "_decided",
        "_everything",
        "_group",
        "_index",
        "_placeholders",
        "_revivable",
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
        self._revivable: list[NetworkPolicy] | None = None
        self._workloads: LabelIndex | None = None
        self._decided: list[bool] = []

    def cover(self, policy: NetworkPolicy) -> Cover:
        """Whether the egress of all pods that the policy selects is stated."""
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
        """The vouching policies that surely select some of its pods."""
        return tuple([p for p in self._near(policy) if self._sure_of(p, policy)])

    def doubtful(self, policy: NetworkPolicy) -> tuple[NetworkPolicy, ...]:
        """The policies that would vouch for some of its pods if they surely existed."""
        mine = policy.pod_selector
        return tuple([p for p in self._unsure if meet(mine, p.pod_selector)])

    def unresolved(self, policy: NetworkPolicy) -> tuple[NetworkPolicy, ...]:
        """The vouching policies that select some of its pods or not, as placeholders have it."""
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

    def revived(
        self, policy: NetworkPolicy, labels: dict[str, str] | None
    ) -> tuple[NetworkPolicy, ...]:
        """The policies with dead egress rules that select these labels, or some pod of the policy.

        One that the API rejects, or that shares its name with another, may not be there.
        """
        found = self._revivable
        if found is None:
            unsure = ambiguous(self._group)
            found = self._revivable = [
                p
                for p in self._group.policies
                if p.dead_egress and p.accepted and id(p) not in unsure
            ]
        if labels is None:
            return tuple([p for p in found if meet(policy.pod_selector, p.pod_selector)])
        return tuple([p for p in found if p.pod_selector.matches(labels)])

    def workloads(self, policy: NetworkPolicy, decided: bool) -> tuple[Workload, ...]:
        """The workloads that the policy selects and whose egress is stated, or is not."""
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
