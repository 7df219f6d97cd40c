"""Which pods of a policy are left, once those are taken off to which others allow something.

The union of a class allows what one of its policies allows. So "may all pods of this policy do X"
asks whether the policies that allow X select them all. Knows selectors; must not know what X is.
"""

from __future__ import annotations

from collections.abc import Sequence

from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.lookup import SelectorIndex
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.podclasses import PodClass, class_outside


class Allowers:
    """The policies of a group that allow something, made to answer for many policies."""

    __slots__ = ("_everywhere", "_group", "_index", "_policies")

    def __init__(self, group: Group, policies: Sequence[NetworkPolicy]) -> None:
        self._group = group
        self._policies = policies
        self._everywhere = [policy for policy in policies if policy.pod_selector.everything]
        self._index: SelectorIndex | None = None

    def missing(
        self, policy: NetworkPolicy, besides: Sequence[NetworkPolicy] = ()
    ) -> PodClass | None:
        """A class of the policy that none of them selects, itself left out, nor one of `besides`.

        None if there is none, and where that is too hard to decide.
        """
        if self._everywhere and self._everywhere != [policy]:
            return None
        near = [self._policies[n] for n in self._indexed().meeting(policy.pod_selector)]
        others = [other for other in near if other is not policy]
        return class_outside(self._group, policy, [*others, *besides])

    def select(self, labels: dict[str, str]) -> bool:
        """Whether one of them selects the pods with these labels."""
        return bool(self._indexed().matching(labels))

    def _indexed(self) -> SelectorIndex:
        if self._index is None:
            self._index = SelectorIndex([p.pod_selector for p in self._policies])
        return self._index
