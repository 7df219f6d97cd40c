"""What is applied together: objects and closures → the units of an inventory (semantics, 9).

A union of policies may only be built from what surely ends up in one namespace of one cluster.
Pure, on origins and closures; knows neither files nor kustomizations, only paths' components.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kubectl_npcheck.origin import Closure, Origin
from kubectl_npcheck.policy.inventory import Group, Inventory, Unit
from kubectl_npcheck.policy.members import Object, Parts, place
from kubectl_npcheck.policy.model import (
    Namespace,
    NetworkPolicy,
    UnreadPolicy,
)
from kubectl_npcheck.record import Record


class Stream(Record):
    """Objects that came in one piece: standard input, or what a tool rendered."""

    name: str
    objects: Sequence[Object]


def build(
    objects: Sequence[Object],
    closures: Sequence[Closure] = (),
    streams: Sequence[Stream] = (),
) -> Inventory:
    """The inventory of a run.

    objects: what the files hold, in the order of the input; closures: kustomizations that no
    other one includes; streams: each is a unit of its own.
    """
    inventory = Inventory()
    doubtful = [item for item in objects if isinstance(item, UnreadPolicy)]
    if closures:
        from kubectl_npcheck.policy.overlays import add_closures

        objects = add_closures(inventory, objects, closures)
    for key, together in _by_place(inventory, objects).items():
        _add_together(inventory, key, together)
    for stream in streams:
        _add_stream(inventory, stream)
    _spread_doubt(inventory, doubtful)
    return inventory


Key = str | Parts
"""What puts files' objects together: an explicit namespace, or else a directory."""


def _by_place(inventory: Inventory, objects: Iterable[Object]) -> dict[Key, list[Object]]:
    groups: dict[Key, list[Object]] = {}
    for item in objects:
        if isinstance(item, Namespace):
            inventory.namespaces.setdefault(item.name, []).append(item)
            continue
        if isinstance(item, UnreadPolicy):
            continue
        key: Key = item.namespace if item.namespace is not None else item.origin.parts[:-1]
        held = groups.get(key)
        if held is None:
            groups[key] = [item]
        else:
            held.append(item)
    return groups


def _add_together(inventory: Inventory, key: Key, together: list[Object]) -> None:
    """Make the units of one namespace or directory, split while a name stands in two files."""
    pending: list[tuple[str, list[Object]]] = [("", together)]
    while pending:
        label, items = pending.pop()
        divided = _divide(items)
        if divided is None:
            unit = Unit(_unit_name(key, label, items))
            inventory.units.append(unit)
            for item in items:
                place(inventory, unit, item)
            continue
        depth, parts = divided
        outside: list[Object] = []
        for item in items:
            parts.get(item.origin.parts[: depth + 1], outside).append(item)
        # from the end, so that the parts come off the stack in the order of the input
        if outside:
            pending.append(("other files", outside))
        for part, inside in reversed(parts.items()):
            pending.append((_shown_prefix(inside[0].origin, len(part)), inside))


def _divide(items: Iterable[Object]) -> tuple[int, dict[Parts, list[Object]]] | None:
    """Where to split: the index of the component, and the parts by their paths up to it.

    The component is the shallowest in which two files that hold one policy name differ; None if
    no name stands in two files.
    """
    first: dict[str, Parts] = {}
    twice: dict[str, dict[Parts, None]] = {}
    for item in items:
        if not isinstance(item, NetworkPolicy) or not item.name or item.generated_name:
            continue
        parts = item.origin.parts
        held = first.setdefault(item.name, parts)
        if held is not parts and held != parts:
            twice.setdefault(item.name, {held: None})[parts] = None
    if not twice:
        return None
    depths = {name: _first_difference(paths) for name, paths in twice.items()}
    depth = min(depths.values())
    divided: dict[Parts, list[Object]] = {}
    for name, paths in twice.items():
        if depths[name] == depth:
            for parts in paths:
                divided.setdefault(parts[: depth + 1], [])
    return depth, divided


def _first_difference(paths: Iterable[Parts]) -> int:
    """The first component in which any two of the paths differ."""
    ordered = sorted(paths)
    low, high = ordered[0], ordered[-1]
    index = 0
    while index < len(low) and index < len(high) and low[index] == high[index]:
        index += 1
    return index


def _unit_name(key: Key, label: str, items: Sequence[Object]) -> str:
    if isinstance(key, str):
        return f"namespace {key} in {label}" if label else f"namespace {key}"
    directory = _shown_prefix(items[0].origin, len(key)) if items else ""
    return f"{label} of {directory}" if label == "other files" else label or directory


def _shown_prefix(origin: Origin, length: int) -> str:
    """The first components of an object's real path, as far as possible as its path is shown."""
    below = len(origin.parts) - length
    shown = (origin.file or "").split("/")
    if 0 <= below < len(shown):
        return "/".join(shown[: len(shown) - below]) or "/"
    if below == len(shown) and not (origin.file or "").startswith("/"):
        return "."
    return "/" + "/".join(origin.parts[:length])


def _add_stream(inventory: Inventory, stream: Stream) -> None:
    unit = Unit(stream.name)
    inventory.units.append(unit)
    for item in stream.objects:
        if not isinstance(item, UnreadPolicy):
            place(inventory, unit, item)
    for item in stream.objects:
        if isinstance(item, UnreadPolicy):
            for group in _reached(list(unit.groups.values()), item):
                group.unread.append(item)


def _spread_doubt(inventory: Inventory, doubtful: Sequence[UnreadPolicy]) -> None:
    """Note each unread policy on the groups that it might belong to."""
    if not doubtful:
        return
    near: dict[Parts, dict[int, Group]] = {}
    for group in inventory.groups:
        for policy in group.policies:
            near.setdefault(policy.origin.parts[:-1], {})[id(group)] = group
    for item in doubtful:
        groups = dict(near.get(item.origin.parts[:-1], {})) if item.origin.parts else {}
        if item.namespace is not None:
            groups.update((id(g), g) for g in inventory.groups_named(item.namespace))
        for group in _reached(list(groups.values()), item):
            if not any(held.origin is item.origin for held in group.unread):
                group.unread.append(item)


def _reached(groups: Iterable[Group], item: UnreadPolicy) -> Iterator[Group]:
    for group in groups:
        if item.namespace is None or group.namespace is None or group.namespace == item.namespace:
            yield group


def neighbours(policy: NetworkPolicy, group: Group) -> Iterator[NetworkPolicy]:
    """Policies of other units that may meet this one in a cluster all the same.

    Those with the same explicit namespace; where either names none, those in the policy's
    directory, above it or below it. Copies of the policy itself are left out. In the order of the
    input; lazy, so that a caller can stop at the first that matters.
    """
    inventory = group.inventory
    index = inventory.cache.get("neighbours")
    if not isinstance(index, _Near):
        index = inventory.cache["neighbours"] = _Near(inventory)
    own = policy.origin
    seen: set[int] = set()
    for other in index.candidates(policy, group.unit):
        if id(other) in seen:
            continue
        seen.add(id(other))
        origin = other.origin
        if origin is not own and (
            origin.document is not own.document or origin.prefix != own.prefix
        ):
            yield other


class _Near:
    """The policies of an inventory by namespace and, where one names none, by directory.

    Held group by group: a unit's own policies, of which there may be thousands, are left out
    without a look at each.
    """

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._at: dict[Parts, _Grouped] = {}
        self._below: dict[Parts, _Grouped] = {}
        nameless = any(g.namespace is None and g.policies for g in inventory.groups)
        if not nameless:
            return
        for group in inventory.groups:
            for policy in group.policies:
                directory = policy.origin.parts[:-1]
                _hold(self._at, directory, group, policy)
                for depth in range(len(directory)):
                    _hold(self._below, directory[:depth], group, policy)

    def candidates(self, policy: NetworkPolicy, unit: Unit) -> Iterator[NetworkPolicy]:
        """Policies of other units than this one; one may come twice."""
        if policy.namespace is not None:
            for group in self._inventory.groups_named(policy.namespace):
                if group.unit is not unit:
                    yield from group.policies
        directory = policy.origin.parts[:-1]
        if not policy.origin.parts or not self._at:
            return
        nearby = [self._at.get(directory), self._below.get(directory)]
        nearby += [self._at.get(directory[:depth]) for depth in range(len(directory))]
        for grouped in nearby:
            for group, policies in grouped.values() if grouped else ():
                if group.unit is unit:
                    continue
                for other in policies:
                    if policy.namespace is None or other.namespace is None:
                        yield other


_Grouped = dict[int, tuple[Group, list[NetworkPolicy]]]
"""By the `id` of a group: the group, and its policies in one directory or below it."""


def _hold(
    index: dict[Parts, _Grouped], directory: Parts, group: Group, policy: NetworkPolicy
) -> None:
    grouped = index.setdefault(directory, {})
    held = grouped.get(id(group))
    if held is None:
        grouped[id(group)] = group, [policy]
    else:
        held[1].append(policy)
