"""What a unit is made of, and where in the inventory each object goes."""

from __future__ import annotations

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.inventory import Inventory, Unit
from kubectl_npcheck.policy.model import (
    Namespace,
    NetworkPolicy,
    OtherPolicy,
    Service,
    UnreadPolicy,
    Workload,
)
from kubectl_npcheck.record import Record

Parts = tuple[str, ...]
PATCHED = "patched in "
"""How the reason of an `UnreadPolicy` begins that a kustomization patches."""


class CustomResource(Record):
    """An object that may stand for pods: of an API that is not built in, or that was not read."""

    origin: Origin
    namespace: str | None


Object = (
    NetworkPolicy | Workload | Service | Namespace | OtherPolicy | UnreadPolicy | CustomResource
)


def place(inventory: Inventory, unit: Unit, item: Object) -> None:
    """Put one object into its group of a unit (a Namespace: into the inventory)."""
    if isinstance(item, Namespace):
        inventory.namespaces.setdefault(item.name, []).append(item)
        return
    group = inventory.group(unit, item.namespace)
    if isinstance(item, NetworkPolicy):
        group.policies.append(item)
    elif isinstance(item, Workload):
        group.workloads.append(item)
    elif isinstance(item, Service):
        group.services.append(item)
    elif isinstance(item, OtherPolicy):
        group.others.append(item)
    elif isinstance(item, UnreadPolicy):
        group.unread.append(item)
    elif isinstance(item, CustomResource):
        group.custom_resources = True
