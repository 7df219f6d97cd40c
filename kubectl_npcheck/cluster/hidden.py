"""What a user may not list, and what is unknown for it: the entries of a report's `skipped`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubectl_npcheck.cluster.lists import Resource
from kubectl_npcheck.cluster.resources import CONTROLLERS, NAMESPACES, PODS, POLICIES, SERVICES
from kubectl_npcheck.findings import Skipped

NO_PERMISSION = "no-permission"
SHOWN = 3
UNKNOWN = {
    POLICIES: "nothing is said of the policies there",
    PODS: "which pods are concerned is not known",
    NAMESPACES: "the labels of namespaces are not known",
    SERVICES: "ports of Services are not compared",
    **dict.fromkeys(CONTROLLERS, "workloads that have no pods now are not known"),
}
OTHER_API = "whether policies of that API act on the pods is not known"


class Hidden(NamedTuple):
    """A list that may not be read. where: as a text; namespace: the one, None for several."""

    resource: Resource
    where: str
    namespace: str | None = None


def in_cluster(resource: Resource) -> Hidden:
    """Hidden in the whole cluster."""
    return Hidden(resource, "the whole cluster")


def in_namespace(resource: Resource, namespace: str) -> Hidden:
    """Hidden in the one namespace that was asked for."""
    return Hidden(resource, f"namespace {namespace}", namespace)


def in_namespaces(resource: Resource, namespaces: list[str], tried: int) -> Hidden:
    """Hidden in some of the namespaces that were tried one by one."""
    if len(namespaces) == tried:
        return Hidden(resource, "every namespace")
    shown = ", ".join(namespaces[:SHOWN])
    more = f" and {len(namespaces) - SHOWN} more" if len(namespaces) > SHOWN else ""
    return Hidden(resource, f"{len(namespaces)} of {tried} namespaces ({shown}{more})")


def entries(hidden: Iterable[Hidden]) -> list[Skipped]:
    """One entry for each thing that is unknown, with the lists that would tell."""
    together: dict[tuple[str, str, str | None], list[str]] = {}
    for item in hidden:
        unknown = UNKNOWN.get(item.resource, OTHER_API)
        together.setdefault((item.where, unknown, item.namespace), []).append(item.resource.plural)
    return [
        Skipped(
            None,
            0,
            0,
            namespace,
            None,
            NO_PERMISSION,
            f"{', '.join(plurals)}: forbidden in {where}; {unknown}",
        )
        for (where, unknown, namespace), plurals in together.items()
    ]
