"""A cluster → `Loaded` and what is known of the cluster: the live branch of the wiring.

Each raw object becomes a part of the model as it arrives and is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kubectl_npcheck.cluster import facts, probe
from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.context import Context, Flags, resolve
from kubectl_npcheck.cluster.contexts import chosen_contexts
from kubectl_npcheck.cluster.failures import ServerError
from kubectl_npcheck.cluster.lists import Resource
from kubectl_npcheck.cluster.probe import Probe
from kubectl_npcheck.cluster.read import Listing, Progress
from kubectl_npcheck.cluster.scope import Seen, see
from kubectl_npcheck.errors import ClusterError, did_you_mean
from kubectl_npcheck.findings import Counts, ReadError
from kubectl_npcheck.load import Loaded
from kubectl_npcheck.load.live import Build, Kept, inventory_of
from kubectl_npcheck.policy.inventory import Inventory
from kubectl_npcheck.policy.isolation import Reading
from kubectl_npcheck.policy.selectors import Selector

READINGS = {probe.OPEN: Reading.OPEN, probe.DENY: Reading.DENY}


class ClusterRequest(NamedTuple):
    """What to read.

    namespace:      None: the context's
    selector:       labels of what is reported on; everything is read all the same
    selector_text:  how the user wrote it
    chunk:          objects a page; 0: each list in one answer
    timeout:        seconds for each answer; None: no limit
    """

    flags: Flags = Flags()
    namespace: str | None = None
    all_namespaces: bool = False
    selector: Selector | None = None
    selector_text: str = ""
    chunk: int = 500
    timeout: float | None = 60.0
    progress: Progress | None = None


def requests_for(request: ClusterRequest, names: Sequence[str]) -> dict[str, ClusterRequest]:
    """The same request for several contexts, by their names: those meant by names and patterns.

    No credential plugin may ask the user: several would ask at once. ClusterError for a kubeconfig
    that cannot be read.
    """
    flags = request.flags._replace(interactive=False)
    return {
        name: request._replace(flags=flags._replace(context=name))
        for name in chosen_contexts(names, flags)
    }


class ClusterFacts(NamedTuple):
    """What a report says of the cluster.

    namespace: the audited one, None for all; identity, version, plugin: None or "" if not known
    probes:    the probe's answer for each namespace with policies
    """

    context: Context
    namespace: str | None
    identity: str | None
    version: facts.Version
    plugin: tuple[str, str] | None
    probes: dict[str, Probe]


class Live(NamedTuple):
    """What a run read from a cluster.

    hidden: by namespace, None for the whole cluster, the lists of policies of other APIs that
    could not be read
    """

    loaded: Loaded
    cluster: ClusterFacts
    hidden: Mapping[str | None, Sequence[str]] = {}


def connect(flags: Flags, timeout: float | None) -> tuple[Client, facts.Version]:
    """A client that has had one answer. ClusterError where the cluster cannot be used."""
    client = Client(resolve(flags), timeout)
    return client, version_of(client)


def ask_server(flags: Flags, namespace: str | None, timeout: float | None) -> dict[str, Any]:
    """What `version --server` says: version and egress reading, measured in one namespace."""
    client, version = connect(flags, timeout)
    try:
        where = namespace or client.context.namespace
        return {
            "version": version.text or None,
            "cluster": client.context.cluster_name,
            "server": client.context.server,
            "context": client.context.name,
            "namespace": where,
            "reading": reading_of({where: probe.probe(client, where)}),
        }
    finally:
        client.close()


def version_of(client: Client) -> facts.Version:
    """The server's version; unknown where it may not be asked."""
    try:
        return facts.server_version(client)
    except ServerError as error:
        if not error.forbidden:
            raise
        return facts.Version("", None)


def load_cluster(request: ClusterRequest) -> Live:
    """Read a cluster. What cannot be seen is in `skipped`, what failed in `errors`.

    ClusterError where there is nothing to report on at all: no context, no connection, wrong
    credentials, no permission to list policies anywhere, a namespace that does not exist.
    """
    client, version = connect(request.flags, request.timeout)
    try:
        return read_cluster(client, version, request)
    finally:
        client.close()


def read_cluster(
    client: Client, version: facts.Version, request: ClusterRequest, kept: Kept | None = None
) -> Live:
    """The same with a client that stays open. kept: takes the policies as they came."""
    namespace = request.namespace or client.context.namespace
    wanted = None if request.all_namespaces else namespace
    identity = facts.identity(client)
    build = Build(request.selector, kept)
    seen = see(client, wanted, build, request.chunk, request.progress)
    _check_namespace(seen, wanted, client.context)
    inventory = inventory_of(seen, client.context.cluster_name)
    probes = _probes(client, inventory, namespace)
    policies = sum(len(group.subjects) for group in inventory.groups)
    loaded = Loaded(inventory, seen.skipped, _errors(seen.listings), Counts(0, 0, policies, 0), [])
    plugin = facts.plugin_of(seen.daemonsets)
    cluster = ClusterFacts(client.context, wanted, identity, version, plugin, probes)
    return Live(loaded, cluster, seen.hidden)


def _check_namespace(seen: Seen, namespace: str | None, context: Context) -> None:
    """A misspelt namespace has no policies, and would look clean."""
    names = seen.namespaces
    if namespace is not None and names is not None and namespace not in names:
        raise ClusterError(
            f'namespace "{namespace}" does not exist in cluster {context.cluster_name}'
            f"{did_you_mean(namespace, names)}"
        )


def _probes(client: Client, inventory: Inventory, namespace: str) -> dict[str, Probe]:
    """Probe each namespace that has policies, or else the given one, and tell its group."""
    groups = {g.namespace: g for g in inventory.groups if g.namespace and g.policies}
    found = probe.probe_all(client, sorted(name for name in groups if name) or [namespace])
    for name, answer in found.items():
        if name in groups:
            groups[name].reading = READINGS.get(answer.outcome)
    return found


def _errors(listings: Sequence[Listing]) -> list[ReadError]:
    return [
        ReadError(_shown(item.resource, item.namespace), None, None, str(item.error))
        for item in listings
        if item.error is not None
    ]


def _shown(resource: Resource, namespace: str | None) -> str:
    return resource.plural if namespace is None else f"{resource.plural} of namespace {namespace}"


def described(cluster: ClusterFacts, egress_default: str, selector: str) -> dict[str, Any]:
    """What a report says of a cluster: the `input` of docs/report.schema.json."""
    plugin = cluster.plugin
    return {
        "cluster": cluster.context.cluster_name,
        "server": cluster.context.server,
        "context": cluster.context.name,
        "identity": cluster.identity,
        "serverVersion": cluster.version.text or None,
        "namespace": cluster.namespace,
        "selector": selector or None,
        "reading": reading_of(cluster.probes),
        "plugin": {"name": plugin[0], "known": plugin[1]} if plugin else None,
        "egressDefault": egress_default,
    }


def reading_of(probes: dict[str, Probe]) -> dict[str, Any]:
    """The probe's answers: the most frequent one, and the namespaces where it differs."""
    if not probes:
        return {"outcome": probe.NOT_PROBED, "detail": "no namespace has policies", "except": []}
    counts: dict[Probe, int] = {}
    for answer in probes.values():
        counts[answer] = counts.get(answer, 0) + 1
    usual = max(counts, key=lambda answer: counts[answer])
    differing = [
        {"namespace": name, "outcome": answer.outcome, "detail": answer.detail}
        for name, answer in probes.items()
        if answer != usual
    ]
    return {"outcome": usual.outcome, "detail": usual.detail, "except": differing}
