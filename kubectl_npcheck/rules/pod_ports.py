"""Which ports known pods listen on, and what Services make of them.

Knows workloads and Services of the input; must not know policies beyond one item of `ports`.
"""

from __future__ import annotations

from typing import cast

from kubectl_npcheck.policy.inventory import Group, Inventory
from kubectl_npcheck.policy.model import Port, Service, ServicePort, Workload
from kubectl_npcheck.rules.pods import namespace_groups


def translations(inventory: Inventory) -> frozenset[int]:
    """The Service ports of the input that may differ from the port of the pods."""
    held = inventory.cache.get("translated ports")
    if held is None:
        held = inventory.cache["translated ports"] = frozenset(
            port.port
            for group in inventory.groups
            for service in group.services
            for port in service.ports
            if port.target is not None and port.target != port.port
        )
    return cast("frozenset[int]", held)


def services_of(places: list[Group], workload: Workload) -> list[tuple[Service, ServicePort]]:
    """The Service ports of some namespaces that lead to a workload's pods."""
    labels = workload.labels.items()
    return [
        (service, entry)
        for place in places
        for label in labels
        for service in _services_by_label(place).get(label, ())
        if service.namespace == workload.namespace
        and service.selector is not None
        and service.selector.items() <= labels
        for entry in service.ports
    ]


def _services_by_label(group: Group) -> dict[tuple[str, str], list[Service]]:
    """The Services of a namespace, each by one label of its selector."""
    index = group.cache.get("services")
    if index is None:
        by_label: dict[tuple[str, str], list[Service]] = {}
        for place in namespace_groups(group):
            for service in place.services:
                if service.selector:
                    by_label.setdefault(min(service.selector.items()), []).append(service)
        index = group.cache["services"] = by_label
    return cast("dict[tuple[str, str], list[Service]]", index)


def pod_port(workload: Workload, entry: ServicePort) -> int | None:
    """The pod's port behind a Service port; None if a named one is not declared."""
    if entry.target is None:
        return entry.port
    if isinstance(entry.target, int):
        return entry.target
    for declared in workload.ports:
        if declared.name == entry.target and declared.protocol == entry.protocol:
            return declared.port
    return None


def listens(workload: Workload, port: Port, behind: list[tuple[Service, ServicePort]]) -> bool:
    """Whether the pods may listen on the port; declaring none and serving none leaves it open."""
    protocol, number = port.protocol, port.port
    for declared in workload.ports:
        if declared.port == number and declared.protocol == protocol:
            return True
    translated = False
    for _, entry in behind:
        if entry.protocol == protocol:
            target = pod_port(workload, entry)
            if target == number or (target is None and entry.port == number):
                return True
            translated = translated or entry.port == number
    return not translated and not workload.ports


def permits(port: Port, protocol: str, number: int, workload: Workload) -> bool:
    """Whether one item of `ports` permits a number on a workload's pods."""
    if port.protocol != protocol:
        return False
    if isinstance(port.port, int):
        return port.port <= number <= (port.end_port or port.port)
    return port.port is None or any(
        declared.name == port.port and declared.port == number for declared in workload.ports
    )
