"""Pod classes: the pods of one group that the same policies select.

Every label set could exist, so the classes come from the selectors alone (semantics, section 3);
`partition` finds them. Knows selectors; must not know what the policies allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from kubectl_npcheck.policy.covering import Box
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.lookup import SelectorIndex
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.partition import partition
from kubectl_npcheck.policy.selectors import cover, identity
from kubectl_npcheck.policy.values import Values
from kubectl_npcheck.record import Record

_CACHE = "podclasses"


class PodClass(Record):
    """The policies that select it, in the order of the group, and an example label set."""

    policies: tuple[NetworkPolicy, ...]
    witness: dict[str, str]


def classes_of(group: Group) -> list[PodClass] | None:
    """All classes of a group that some policy selects, in the order of its policies.

    None if there are too many (`partition`): unknown, not an empty answer.
    """
    return _cached(group).classes


def classes_selected_by(group: Group, policy: NetworkPolicy) -> list[PodClass] | None:
    """The classes that a policy of the group selects; [] if it can select no pod.

    Where the group as a whole has too many classes, those of the policy are computed alone;
    None if these are too many as well.
    """
    return _cached(group).selected_by(policy)


def class_of(group: Group, labels: dict[str, str]) -> PodClass:
    """The class of the pods with these labels; its policies are () if none selects them."""
    return _cached(group).at(labels)


def class_outside(
    group: Group, policy: NetworkPolicy, others: Sequence[NetworkPolicy]
) -> PodClass | None:
    """A class that the policy selects and none of `others` does.

    The union of a class allows what some policy of it allows; so "which pods of this policy may
    not do X" is the question for a class outside the policies that allow X. It needs no list of
    all classes and is exact where there are too many of them. None if there is no such class, and
    where that is too hard to decide (`cover`).
    """
    found = cover(policy.pod_selector, [other.pod_selector for other in others])
    return None if found.witness is None else class_of(group, found.witness)


def classes(policies: Sequence[NetworkPolicy]) -> list[PodClass] | None:
    """The classes of any policies of one namespace; the pure core of `classes_of`."""
    return _classes(policies, {})


class _GroupClasses:
    """The classes of one group, and by policy."""

    __slots__ = (
        "_by_policy",
        "_by_selector",
        "_classes",
        "_computed",
        "_indexed",
        "_selectors",
        "policies",
    )

    def __init__(self, policies: Sequence[NetworkPolicy]) -> None:
        self.policies = tuple(policies)
        self._classes: list[PodClass] | None = None
        self._computed = False
        self._by_policy: dict[int, list[PodClass]] = {}
        self._by_selector: dict[object, list[PodClass] | None] = {}
        self._indexed = False
        self._selectors: SelectorIndex | None = None

    @property
    def classes(self) -> list[PodClass] | None:
        if not self._computed:
            self._classes = classes(self.policies)
            self._computed = True
        return self._classes

    def at(self, labels: dict[str, str]) -> PodClass:
        numbers = self._indexed_selectors().matching(labels)
        return PodClass(tuple([self.policies[n] for n in numbers]), labels)

    def _indexed_selectors(self) -> SelectorIndex:
        if self._selectors is None:
            self._selectors = SelectorIndex([p.pod_selector for p in self.policies])
        return self._selectors

    def selected_by(self, policy: NetworkPolicy) -> list[PodClass] | None:
        if self.classes is None:
            same = identity(policy.pod_selector)
            if same not in self._by_selector:
                self._by_selector[same] = self._alone(policy)
            return self._by_selector[same]
        if not self._indexed:
            for podclass in self.classes:
                for member in podclass.policies:
                    self._by_policy.setdefault(id(member), []).append(podclass)
            self._indexed = True
        return self._by_policy.get(id(policy), [])

    def _alone(self, policy: NetworkPolicy) -> list[PodClass] | None:
        if policy.pod_selector.void:
            return []
        near = self._indexed_selectors().meeting(policy.pod_selector)
        return _classes([self.policies[n] for n in near], policy.pod_selector.box)


def _cached(group: Group) -> _GroupClasses:
    held = group.cache.get(_CACHE)
    if held is None:
        held = group.cache[_CACHE] = _GroupClasses(group.policies)
    return cast(_GroupClasses, held)


def _classes(policies: Sequence[NetworkPolicy], within: Box) -> list[PodClass] | None:
    """The classes of the policies among the label sets of a box."""
    members: list[list[int]] = []  # by bit: the policies that share one selector
    boxes: list[Box] = []
    bits: dict[frozenset[tuple[str, Values]], int] = {}
    for number, policy in enumerate(policies):
        same = identity(policy.pod_selector)
        if same is None:
            continue
        bit = bits.setdefault(same, len(bits))
        if bit == len(members):
            members.append([])
            boxes.append(policy.pod_selector.box)
        members[bit].append(number)
    parts = partition(boxes, within)
    if parts is None:
        return None
    found = []
    for mask, labels in parts.items():
        numbers: list[int] = []
        while mask:
            lowest = mask & -mask
            numbers += members[lowest.bit_length() - 1]
            mask ^= lowest
        numbers.sort()
        found.append((numbers, labels))
    found.sort(key=lambda item: item[0])
    return [PodClass(tuple([policies[n] for n in ns]), dict(labels)) for ns, labels in found]
