"""One state of the objects, ready for the questions of a repair; and the state after changes.

Knows inventories and policies; must not know texts or strategies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from typing import NamedTuple

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.inventory import Group, Inventory, Unit
from kubectl_npcheck.policy.members import PATCHED
from kubectl_npcheck.policy.model import Authored, NetworkPolicy, OtherPolicy, Rule
from kubectl_npcheck.policy.selectors import Selector
from kubectl_npcheck.policy.silence import silence
from kubectl_npcheck.rules.on_record import COMMENTS


class Home(NamedTuple):
    """A policy as it is in one group: a kustomization may rewrite it."""

    group: Group
    policy: NetworkPolicy


class Sibling(NamedTuple):
    """A policy that is written beside another one: the same pods but for some, all egress."""

    name: str
    selector: Selector


class Effect(NamedTuple):
    """What a change means, as far as policies mean anything.

    egress:  the egress rules that are stated now; None if egress is left alone
    dropped: fields of the spec that are not written any more
    types:   policyTypes is written out
    more:    other fields change too, in ways that this does not describe
    """

    egress: tuple[Rule, ...] | None = None
    dropped: tuple[str, ...] = ()
    types: bool = False
    more: bool = False
    sibling: Sibling | None = None


class World:
    """An inventory with the answers that many questions share."""

    __slots__ = ("_doubt", "_homes", "_others", "inventory", "patched")

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._homes: dict[int, list[Home]] = {}
        self.patched: dict[int, str] = {}
        self._others: list[tuple[OtherPolicy, Group]] = []
        self._doubt: dict[int, tuple[list[NetworkPolicy], list[NetworkPolicy]]] = {}
        for group in inventory.groups:
            for policy in group.subjects:
                self._homes.setdefault(id(policy.origin), []).append(Home(group, policy))
            for item in group.unread:
                if item.why.startswith(PATCHED):
                    self.patched[id(item.origin)] = item.why
            self._others += [(other, group) for other in group.others]

    def homes(self, origin: Origin) -> list[Home]:
        """The policy of an origin, in each unit that it belongs to."""
        return self._homes.get(id(origin), [])

    def unsure(self, group: Group) -> tuple[list[NetworkPolicy], list[NetworkPolicy]]:
        """The policies of a group with dead egress rules, and those whose cover is unknown."""
        held = self._doubt.get(id(group))
        if held is None:
            dead = [policy for policy in group.policies if policy.dead_egress]
            unknown = [
                policy
                for policy in group.policies
                if policy.implicit_egress and silence(policy, group).unknown
            ]
            held = self._doubt[id(group)] = (dead, unknown)
        return held

    def others(self, home: Home) -> Iterator[OtherPolicy]:
        """The policies of other APIs that could act on the pods of a policy."""
        mine = home.policy
        for other, group in self._others:
            if other.cluster_wide or group is home.group:
                yield other
            elif mine.namespace is not None and other.namespace is not None:
                if mine.namespace == other.namespace:
                    yield other
            elif nearby(mine.origin, other.origin):
                yield other


def nearby(one: Origin, other: Origin) -> bool:
    """Whether two files are in one directory, or in one above the other's."""
    a, b = one.parts[:-1], other.parts[:-1]
    length = min(len(a), len(b))
    return bool(one.parts and other.parts) and a[:length] == b[:length]


def after(inventory: Inventory, effects: Mapping[int, Effect]) -> Inventory:
    """The inventory once changes are made; effects by the `id` of a policy's origin."""

    def become(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
        effect = effects.get(id(policy.origin))
        if effect is None:
            yield policy
            return
        yield stated(policy, effect)
        if effect.sibling is not None:
            yield _beside(policy, effect.sibling)

    return with_policies(inventory, become)


def with_policies(
    inventory: Inventory, become: Callable[[NetworkPolicy], Iterable[NetworkPolicy]]
) -> Inventory:
    """The inventory with each policy replaced by what it becomes; all else is shared."""
    changed = Inventory()
    changed.namespaces = inventory.namespaces
    if COMMENTS in inventory.cache:
        changed.cache[COMMENTS] = inventory.cache[COMMENTS]
    for unit in inventory.units:
        copied = Unit(unit.name, unit.complete, unit.live, unit.missing)
        copied.relabels = unit.relabels
        changed.units.append(copied)
        for namespace, group in unit.groups.items():
            made = changed.group(copied, namespace)
            made.workloads, made.services = group.workloads, group.services
            made.others, made.unread = group.others, group.unread
            made.custom_resources = group.custom_resources
            made.reading = group.reading
            made.policies = [new for policy in group.policies for new in become(policy)]
    return changed


def stated(policy: NetworkPolicy, effect: Effect) -> NetworkPolicy:
    """The policy once the effect is written."""
    made = copy(policy)
    if effect.egress is not None:
        made.lists_egress = True
        made.egress = effect.egress
        made.egress_authored = Authored.SET if effect.egress else Authored.ABSENT
    if effect.types or effect.egress is not None:
        made.types_authored = Authored.SET
    if "egress" in effect.dropped:
        made.egress_authored = Authored.ABSENT
    if "ingress" in effect.dropped:
        made.ingress_authored = Authored.ABSENT
    return made


def _beside(policy: NetworkPolicy, sibling: Sibling) -> NetworkPolicy:
    old = policy.origin
    origin = Origin(old.file, old.parts, None, (), 0, old.context)
    rules = (Rule("egress", 0, None, None, Authored.EMPTY, Authored.ABSENT),)
    return NetworkPolicy(
        origin, sibling.name, policy.namespace, sibling.selector, False, True, (), rules
    )
