"""Plain object → the objects around policies: workloads, Services, Namespaces, other policies.

They are evidence only, so nothing here is validated: what has the wrong type counts as absent, and
what is no such object at all is None. Knows the API's fields; must not know files or rules.
"""

from __future__ import annotations

from collections.abc import Mapping

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.annotations import IGNORE
from kubectl_npcheck.policy.model import (
    ContainerPort,
    Namespace,
    OtherPolicy,
    Service,
    ServicePort,
    Workload,
)
from kubectl_npcheck.policy.parsing.defects import scalar_text
from kubectl_npcheck.policy.parsing.port import int32

Plain = Mapping[str, object]

NAMESPACE_NAME = "kubernetes.io/metadata.name"
"""The label that the API server puts on every namespace."""

_NOTHING: dict[str, object] = {}
_TEMPLATE = ("spec", "template")
_TEMPLATES = {
    "Pod": (),
    "Deployment": _TEMPLATE,
    "DeploymentConfig": _TEMPLATE,
    "StatefulSet": _TEMPLATE,
    "DaemonSet": _TEMPLATE,
    "ReplicaSet": _TEMPLATE,
    "ReplicationController": _TEMPLATE,
    "Job": _TEMPLATE,
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
_UNLABELLED = ("Pod", "Job", "CronJob")
_GROUPS = ("", "apps", "batch", "extensions", "apps.openshift.io")
_CLUSTER_WIDE = frozenset(
    {
        "AdminNetworkPolicy",
        "AntreaClusterNetworkPolicy",
        "BaselineAdminNetworkPolicy",
        "CiliumClusterwideNetworkPolicy",
        "ClusterNetworkPolicy",
        "GlobalNetworkPolicy",
        "StagedGlobalNetworkPolicy",
    }
)


def is_network_policy(obj: Plain) -> bool:
    """Whether the object is, or is meant to be, a NetworkPolicy of Kubernetes.

    True too for versions that do not exist, a missing apiVersion and a misspelt group: they are
    read, with a defect. False for the kind of that name of another API (Calico's, for one).
    """
    if obj.get("kind") != "NetworkPolicy":
        return False
    group = _group(obj)
    return (
        group in ("networking.k8s.io", "extensions")
        or "." not in group
        or ("k8" in group and "networking" in group)
    )


def parse_other(obj: Plain, origin: Origin, namespace_default: str | None) -> OtherPolicy | None:
    """A policy of another API or kind, by its kind `…NetworkPolicy`; None for anything else."""
    kind = obj.get("kind")
    if type(kind) is not str or not kind.endswith("NetworkPolicy") or is_network_policy(obj):
        return None
    version = obj.get("apiVersion")
    meta = _mapping(obj, "metadata")
    wide = kind in _CLUSTER_WIDE
    return OtherPolicy(
        origin,
        version if type(version) is str else "",
        kind,
        _name(meta),
        None if wide else _namespace(meta, namespace_default),
        wide,
    )


def parse_workload(obj: Plain, origin: Origin, namespace_default: str | None) -> Workload | None:
    """The pods that a Pod or a controller of the built-in API makes; None for anything else.

    None too for a controller whose template has no labels: the API refuses it, so the document is
    a patch for one. A Job's pods carry its name, which the job controller adds.
    """
    kind = obj.get("kind")
    if type(kind) is not str or kind not in _TEMPLATES or _group(obj) not in _GROUPS:
        return None
    template: Plain = obj
    for field in _TEMPLATES[kind]:
        template = _mapping(template, field)
    labels = _texts(_mapping(template, "metadata").get("labels"))
    if not labels and kind not in _UNLABELLED:
        return None
    meta = _mapping(obj, "metadata")
    name = _name(meta)
    if kind == "Job" and name and not name.endswith("*"):
        labels.setdefault("job-name", name)
        labels.setdefault("batch.kubernetes.io/job-name", name)
    spec = _mapping(template, "spec")
    dns_policy = spec.get("dnsPolicy")
    return Workload(
        origin,
        kind,
        name,
        _namespace(meta, namespace_default),
        labels,
        _container_ports(spec),
        spec.get("hostNetwork") is True,
        dns_policy if type(dns_policy) is str and dns_policy else "ClusterFirst",
        _finished(obj, kind),
        _suppressions(obj, template),
    )


def parse_service(obj: Plain, origin: Origin, namespace_default: str | None) -> Service | None:
    """A Service; its selector is None where it has none, or where it is only an alias."""
    if obj.get("kind") != "Service" or _group(obj):
        return None
    meta = _mapping(obj, "metadata")
    spec = _mapping(obj, "spec")
    selector = None if spec.get("type") == "ExternalName" else spec.get("selector")
    ports: list[ServicePort] = []
    for item in _mappings(spec.get("ports")):
        port = int32(item.get("port"))
        if port is None:
            continue
        named = item.get("targetPort")
        target = named if type(named) is str and named else int32(named)
        ports.append(ServicePort(_text(item, "name"), _protocol(item), port, target or None))
    return Service(
        origin,
        _name(meta),
        _namespace(meta, namespace_default),
        _texts(selector) if type(selector) is dict else None,
        tuple(ports),
    )


def parse_namespace(obj: Plain, origin: Origin) -> Namespace | None:
    """A Namespace with a name, and with the label that the API server adds; else None."""
    if obj.get("kind") != "Namespace" or _group(obj):
        return None
    meta = _mapping(obj, "metadata")
    name = _text(meta, "name")
    if not name:
        return None
    labels = _texts(meta.get("labels"))
    labels[NAMESPACE_NAME] = name
    return Namespace(origin, name, labels)


def _container_ports(spec: Plain) -> tuple[ContainerPort, ...]:
    """Ports of the containers that keep running: sidecars are init containers that restart."""
    containers = _mappings(spec.get("containers"))
    for container in _mappings(spec.get("initContainers")):
        if container.get("restartPolicy") == "Always":
            containers.append(container)
    ports: list[ContainerPort] = []
    for container in containers:
        for item in _mappings(container.get("ports")):
            number = int32(item.get("containerPort"))
            if number is not None:
                ports.append(ContainerPort(_text(item, "name"), _protocol(item), number))
    return tuple(ports)


def _suppressions(obj: Plain, template: Plain) -> dict[str, str] | None:
    """The annotation `npcheck/ignore` of the workload, or else of its pods."""
    for holder in (obj, template):
        text = _mapping(_mapping(holder, "metadata"), "annotations").get(IGNORE)
        if type(text) is str:
            return {IGNORE: text}
    return None


def _finished(obj: Plain, kind: str) -> bool:
    """Whether the pods of a Pod or Job have ended, by the status that a cluster gives."""
    if kind not in ("Pod", "Job"):
        return False
    status = _mapping(obj, "status")
    if kind == "Pod":
        return status.get("phase") in ("Succeeded", "Failed")
    return any(
        condition.get("type") in ("Complete", "Failed") and condition.get("status") == "True"
        for condition in _mappings(status.get("conditions"))
    )


def _group(obj: Plain) -> str:
    """The API group, "" for the core group and for an apiVersion that is none."""
    version = obj.get("apiVersion")
    if type(version) is not str:
        return ""
    group, slash, _ = version.partition("/")
    return group if slash else ""


def _name(meta: Plain) -> str:
    name = _text(meta, "name")
    if name:
        return name
    prefix = _text(meta, "generateName")
    return f"{prefix}*" if prefix else ""


def _namespace(meta: Plain, default: str | None) -> str | None:
    return _text(meta, "namespace") or default


def _mapping(obj: Plain, field: str) -> Plain:
    value = obj.get(field)
    return value if type(value) is dict else _NOTHING


def _mappings(value: object) -> list[Plain]:
    return [item for item in value if type(item) is dict] if type(value) is list else []


def _text(obj: Plain, field: str) -> str:
    """A scalar as text: an unquoted number is a name to its author."""
    value = obj.get(field)
    if type(value) is str:
        return value
    return scalar_text(value) if isinstance(value, (int, float)) else ""


def _texts(value: object) -> dict[str, str]:
    """A new mapping of texts, for labels; an unquoted number is read as its text."""
    if type(value) is not dict:
        return {}
    found: dict[str, str] = {}
    for key, text in value.items():
        if type(key) is str:
            if text is None:
                text = ""
            elif type(text) is not str:
                text = scalar_text(text)
            found[key] = text
    return found


def _protocol(item: Plain) -> str:
    return _text(item, "protocol") or "TCP"
