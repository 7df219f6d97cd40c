"""Raw live objects → the model, and the model → an inventory of one unit.

Knows how API objects become the model's; must not connect.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kubectl_npcheck.cluster.lists import Resource
from kubectl_npcheck.cluster.resources import ALL, NAMESPACES, POLICIES, SERVICES
from kubectl_npcheck.cluster.scope import Seen
from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.inventory import Group, Inventory, Unit
from kubectl_npcheck.policy.last_change import last_change
from kubectl_npcheck.policy.lastapplied import last_applied
from kubectl_npcheck.policy.members import Object, place
from kubectl_npcheck.policy.model import NetworkPolicy, Workload
from kubectl_npcheck.policy.objects import (
    parse_namespace,
    parse_other,
    parse_service,
    parse_workload,
)
from kubectl_npcheck.policy.parse import parse_policy
from kubectl_npcheck.policy.selectors import Selector

_ADDED = ("pod-template-hash", "controller-revision-hash", "pod-template-generation")


Kept = dict[int, tuple[Origin, dict[str, Any]]]
"""Policies as the API returned them, by the `id` of their origin, which is held beside them."""


def live_policy(item: dict[str, Any], origin: Origin) -> NetworkPolicy:
    """A NetworkPolicy as the API returns it."""
    return parse_policy(item, origin, live=True, applied=last_applied(item))


class Build:
    """Makes the model's objects. What the selector does not match is context.

    kept: takes the policies as they came, for a repair; None where nobody needs them
    """

    def __init__(self, selector: Selector | None = None, kept: Kept | None = None) -> None:
        self._selector = selector
        self._kept = kept

    def __call__(self, resource: Resource, item: dict[str, Any]) -> Object | None:
        """The object of the model, None for what is none."""
        origin = Origin(None, context=not self._reported(item))
        if resource is POLICIES:
            origin.changed = last_change(item)
            if self._kept is not None:
                self._kept[id(origin)] = origin, item
            return live_policy(item, origin)
        if resource is NAMESPACES:
            return parse_namespace(item, origin)
        if resource is SERVICES:
            return parse_service(item, origin, None)
        if resource in ALL:
            owned = _owned_by_controller(resource, item)
            return None if owned else parse_workload(item, origin, None)
        return None if _mirror(item) else parse_other(item, origin, None)

    def _reported(self, item: dict[str, Any]) -> bool:
        if self._selector is None:
            return True
        meta = item.get("metadata")
        labels = meta.get("labels") if type(meta) is dict else None
        return self._selector.matches(labels if type(labels) is dict else {})


def _mirror(item: dict[str, Any]) -> bool:
    """Calico shows NetworkPolicies of Kubernetes under its own API as well, as `knp.default.…`."""
    meta = item.get("metadata")
    name = meta.get("name") if type(meta) is dict else None
    return type(name) is str and name.startswith("knp.default.")


def _owned_by_controller(resource: Resource, item: dict[str, Any]) -> bool:
    """A ReplicaSet of a Deployment, a Job of a CronJob: its owner is read as well."""
    if resource.kind not in ("ReplicaSet", "Job"):
        return False
    meta = item.get("metadata")
    owners = meta.get("ownerReferences") if type(meta) is dict else None
    return any(
        type(owner) is dict and owner.get("kind") in ("Deployment", "CronJob")
        for owner in (owners if type(owners) is list else ())
    )


def inventory_of(seen: Seen, cluster_name: str) -> Inventory:
    """One unit for the cluster, one group for each namespace, in the order of their names.

    Pods stand for themselves; a controller only where none of its pods is there now. Where pods or
    controllers could not be listed, "no pod" is no answer.
    """
    inventory = Inventory()
    unit = Unit(f"cluster {cluster_name}", live=True)
    inventory.units.append(unit)
    objects = [item for listing in seen.listings for item in listing.built]
    for name in sorted({getattr(item, "namespace", None) or "" for item in objects}):
        if name:
            inventory.group(unit, name)
    controllers: list[Workload] = []
    for item in objects:
        if isinstance(item, Workload) and item.kind != "Pod":
            controllers.append(item)
        else:
            place(inventory, unit, item)
    _add_idle(inventory, unit, controllers)
    for group in unit.groups.values():
        group.policies.sort(key=lambda policy: policy.name)
        # What has no pods now cannot be seen, which is the doubt that operators leave in files.
        group.custom_resources = not seen.all_workloads(group.namespace)
    return inventory


def _add_idle(inventory: Inventory, unit: Unit, controllers: Iterable[Workload]) -> None:
    """Add the controllers that have no pods now."""
    running: dict[str | None, list[frozenset[tuple[str, str]]]] = {}
    for controller in controllers:
        group: Group = inventory.group(unit, controller.namespace)
        pods = running.get(group.namespace)
        if pods is None:
            kinds = {frozenset(w.labels.items()) for w in group.workloads if w.kind == "Pod"}
            pods = running[group.namespace] = list(kinds)
        labels = frozenset(pair for pair in controller.labels.items() if pair[0] not in _ADDED)
        if not any(labels <= held for held in pods):
            group.workloads.append(controller)
