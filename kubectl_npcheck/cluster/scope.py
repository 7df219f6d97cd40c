"""What a user may see of a cluster: the whole, some namespaces, or one.

Knows which lists an audit wants and what to try where one is forbidden; must not know what the
objects mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.discovery import other_policies
from kubectl_npcheck.cluster.failures import ServerError
from kubectl_npcheck.cluster.hidden import (
    Hidden,
    entries,
    in_cluster,
    in_namespace,
    in_namespaces,
)
from kubectl_npcheck.cluster.lists import read_list
from kubectl_npcheck.cluster.read import Build, Listing, Progress, read
from kubectl_npcheck.cluster.resources import (
    ALL,
    CONTROLLERS,
    DAEMONSETS,
    NAMESPACES,
    PODS,
    POLICIES,
)
from kubectl_npcheck.errors import ClusterError
from kubectl_npcheck.findings import Skipped

MOST_NAMESPACES = 1000
"""How many namespaces are tried one by one where the whole cluster is forbidden."""

WORKLOADS = (PODS, *CONTROLLERS)


class Seen(NamedTuple):
    """What could be read.

    namespaces: the names of all namespaces, None where they could not be listed
    daemonsets: the names of those that could be seen, for the network plugin
    blind:      by namespace (None: everywhere), the workload lists that could not be read
    hidden:     by namespace (None: the whole cluster), the lists of policies of other APIs that
                could not be read, one line each
    """

    listings: list[Listing]
    skipped: list[Skipped]
    namespaces: set[str] | None
    daemonsets: set[str]
    blind: set[str | None]
    hidden: dict[str | None, list[str]] = {}  # noqa: RUF012 (never changed)

    def all_workloads(self, namespace: str | None) -> bool:
        """Whether every workload of a namespace is known, idle ones included."""
        return None not in self.blind and namespace not in self.blind


def see(
    client: Client,
    namespace: str | None,
    build: Build,
    chunk: int,
    progress: Progress | None,
) -> Seen:
    """Read one namespace, or all (None) as far as they may be read.

    ClusterError where no policies may be listed at all, or where reading them failed.
    """
    others = other_policies(client)
    every = (*ALL, *(others or ()))
    wanted = [(item, namespace if item.namespaced else None) for item in every]
    listings = first = read(client, wanted, build, chunk, progress)
    names = _names(listings)
    said = next((item.forbidden for item in listings if item.resource is POLICIES), "")
    if namespace is None and said:
        listings, unseen = _one_by_one(client, listings, names, build, chunk, progress)
    else:
        unseen = [
            in_cluster(item.resource)
            if item.namespace is None
            else in_namespace(item.resource, item.namespace)
            for item in listings
            if item.forbidden
        ]
    _require_policies(listings, said)
    if namespace is not None and names is None:
        names = _own_namespace(client, namespace, listings, build)
    blind = {
        item.namespace
        for item in listings
        if item.resource in WORKLOADS and (item.forbidden or item.error)
    }
    hidden = _hidden(first, listings)
    if others is None:
        hidden.setdefault(None, []).append("which APIs the cluster serves is not known")
    daemonsets = _daemonsets(client, namespace, listings)
    return Seen(listings, entries(unseen), names, daemonsets, blind, hidden)


def _hidden(first: Iterable[Listing], listings: Iterable[Listing]) -> dict[str | None, list[str]]:
    """The lists of other APIs' policies that failed; first: before namespaces were tried."""
    found: dict[str | None, list[str]] = {}
    seen: dict[tuple[str, str | None], str] = {}
    for item in [*(item for item in first if not item.resource.namespaced), *listings]:
        if item.resource not in ALL and (item.forbidden or item.error):
            why = "forbidden" if item.forbidden else str(item.error)
            seen[item.resource.path(), item.namespace] = f"{item.resource.plural}: {why}"
    for (_, namespace), line in seen.items():
        found.setdefault(namespace, []).append(line)
    return found


def _own_namespace(
    client: Client, namespace: str, listings: list[Listing], build: Build
) -> set[str] | None:
    """Read the one namespace by its name, which a Role may allow. {}: it is not there."""
    try:
        found = client.get(f"{NAMESPACES.path()}/{namespace}")
    except ServerError as error:
        return set() if error.status == 404 else None
    made = build(NAMESPACES, {**found, "kind": NAMESPACES.kind})
    listings.append(Listing(NAMESPACES, None, [] if made is None else [made]))
    return None


def _daemonsets(client: Client, namespace: str | None, listings: list[Listing]) -> set[str]:
    """Names of the DaemonSets that can be seen: the network plugin has a namespace of its own."""
    if namespace is None:
        seen = (item.built for item in listings if item.resource is DAEMONSETS)
        return {workload.name for built in seen for workload in built}
    names: set[str] = set()
    for where in (None, "kube-system"):
        try:
            read_list(
                client, DAEMONSETS, where, 0, lambda item: names.add(_name(item)), names.clear
            )
        except ClusterError:
            continue
        break
    return names


def _name(item: dict[str, Any]) -> str:
    meta = item.get("metadata")
    name = meta.get("name") if type(meta) is dict else None
    return name if type(name) is str else ""


def _names(listings: Iterable[Listing]) -> set[str] | None:
    for item in listings:
        if item.resource is NAMESPACES:
            return None if item.forbidden or item.error else {built.name for built in item.built}
    return None


def _one_by_one(
    client: Client,
    listings: list[Listing],
    names: set[str] | None,
    build: Build,
    chunk: int,
    progress: Progress | None,
) -> tuple[list[Listing], list[Hidden]]:
    """Find the namespaces whose policies may be listed, and read there what else is forbidden.

    Without the names of all namespaces only the context's is tried.
    """
    places = sorted(names)[:MOST_NAMESPACES] if names else [client.context.namespace]
    policies = read(client, [(POLICIES, place) for place in places], build, chunk, progress)
    closed = [item.namespace or "" for item in policies if item.forbidden]
    places = [place for place in places if place not in closed]
    kept = policies
    unseen = [in_cluster(POLICIES)]
    if names:
        closed += sorted(names)[MOST_NAMESPACES:]
        unseen = [in_namespaces(POLICIES, closed, len(names))] if closed else []
    for listing in listings:
        resource = listing.resource
        if resource is POLICIES:
            continue
        if not listing.forbidden:
            kept.append(listing)
        elif not resource.namespaced:
            unseen.append(in_cluster(resource))
        else:
            found = read(client, [(resource, place) for place in places], build, chunk, progress)
            kept += found
            hidden = [item.namespace or "" for item in found if item.forbidden]
            if hidden:
                unseen.append(in_namespaces(resource, hidden, len(places)))
    return kept, unseen


def _require_policies(listings: Sequence[Listing], said: str) -> None:
    """Without a single list of policies there is nothing to report on. said: the server's words."""
    found = [item for item in listings if item.resource is POLICIES]
    if all(item.forbidden for item in found):
        raise ClusterError(
            f"{said}; -n names a namespace that you may read, `npcheck rbac` prints the role for it"
        )
    failed = [item.error for item in listings if item.error is not None]
    if len(failed) == len(listings):
        raise failed[0]
