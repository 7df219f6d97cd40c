"""Plain object → NetworkPolicy: API defaulting, what was authored, and every defect.

Nothing in here raises, whatever the object holds: what the API server would refuse becomes a
`Defect`, and the rest of the policy is read on. Knows the API's fields; must not know files,
YAML or rules. Source: `pkg/apis/networking` of Kubernetes (types, defaults, validation).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kubectl_npcheck.origin import Origin, Path
from kubectl_npcheck.policy.model import Applied, Authored, Defect, NetworkPolicy, Rule
from kubectl_npcheck.policy.parsing import schema
from kubectl_npcheck.policy.parsing.defects import Defects, shown
from kubectl_npcheck.policy.parsing.metadata import parse_metadata
from kubectl_npcheck.policy.parsing.rule import parse_rule
from kubectl_npcheck.policy.parsing.selector import EVERYTHING, parse_selector

API_VERSION = "networking.k8s.io/v1"
REMOVED_API_VERSION = "extensions/v1beta1"
DIRECTIONS = ("Ingress", "Egress")
_UNKNOWN = (Authored.UNKNOWN, Authored.UNKNOWN, Authored.UNKNOWN)

_LIST_TYPES = {
    "ingress": "[]v1.NetworkPolicyIngressRule",
    "egress": "[]v1.NetworkPolicyEgressRule",
}


def parse_policy(
    obj: Mapping[str, object],
    origin: Origin,
    namespace_default: str | None = None,
    duplicates: Sequence[Path] = (),
    *,
    live: bool = False,
    applied: Applied | None = None,
) -> NetworkPolicy:
    """Read one NetworkPolicy; never raises.

    obj:               plain data as decoded from YAML or JSON
    namespace_default: the namespace if the object names none
    duplicates:        paths of keys that were written twice, in the object or in its document
    live:              the object comes from an API server, which has defaulted and dropped fields;
                       `applied` (`last_applied`) then tells what was authored, which without it
                       is UNKNOWN
    """
    defects = Defects()
    if type(obj) is not dict:
        defects.found.append(Defect("invalid", (), "not an object"))
        obj = {}
    _check_version(obj, defects)
    if not obj.keys() <= schema.TOP:
        _unknown_top(obj, defects)
    meta = parse_metadata(obj.get("metadata"), defects)
    spec = obj.get("spec")
    if type(spec) is not dict:
        if spec is not None:
            defects.mismatch(spec, ("spec",), "NetworkPolicy", "v1.NetworkPolicySpec")
        spec = {}
    elif not spec.keys() <= schema.SPEC:
        schema.unknown_fields(spec, ("spec",), schema.SPEC, defects)
    selector = spec.get("podSelector")
    pod_selector = (
        EVERYTHING
        if selector is None
        else parse_selector(selector, ("spec",), "podSelector", "NetworkPolicySpec", defects)
    )
    ingress = _rules(spec.get("ingress"), "ingress", defects)
    egress = _rules(spec.get("egress"), "egress", defects)
    types = _types(spec.get("policyTypes"), defects)
    if not types:
        types = DIRECTIONS if egress else ("Ingress",)
    if not live:
        how = authored(spec, "policyTypes"), authored(spec, "ingress"), authored(spec, "egress")
    elif applied is None:
        how = _UNKNOWN
    else:
        how = applied.types, applied.ingress, applied.egress
    if duplicates:
        _note_duplicates(duplicates, origin.prefix, defects)
    return NetworkPolicy(
        origin,
        meta.name,
        meta.namespace or namespace_default,
        pod_selector,
        "Ingress" in types,
        "Egress" in types,
        ingress,
        egress,
        *how,
        meta.labels,
        meta.annotations,
        tuple(defects.found),
        tuple(dict.fromkeys(defects.unresolved)) if defects.unresolved else (),
        meta.generated,
        applied,
    )


def authored(spec: object, field: str) -> Authored:
    """How a list of a spec was written; UNKNOWN without a spec, or where it is no list."""
    if type(spec) is not dict:
        return Authored.UNKNOWN
    value = spec.get(field)
    if type(value) is list:
        return Authored.SET if value else Authored.EMPTY
    if value is not None:
        return Authored.UNKNOWN
    return Authored.NULL if field in spec else Authored.ABSENT


def _rules(value: object, direction: str, defects: Defects) -> tuple[Rule, ...]:
    if not value and (value is None or type(value) is list):
        return ()
    if type(value) is not list:
        path = ("spec", direction)
        defects.mismatch(value, path, "NetworkPolicySpec", _LIST_TYPES[direction])
        return ()
    rules: list[Rule] = []
    for index, item in enumerate(value):
        rule = parse_rule(item, direction, index, defects)
        if rule is not None:
            rules.append(rule)
    return tuple(rules)


def _types(value: object, defects: Defects) -> Sequence[str]:
    if value is None:
        return ()
    path = ("spec", "policyTypes")
    if type(value) is not list:
        defects.mismatch(value, path, "NetworkPolicySpec", "[]v1.PolicyType")
        return ()
    types: list[str] = []
    for index, item in enumerate(value):
        if item is None:
            item = ""
        if type(item) is not str:
            defects.mismatch(item, (*path, index), "NetworkPolicySpec", "v1.PolicyType")
            continue
        types.append(item)
        if item not in DIRECTIONS and len(value) <= 2:
            defects.unsupported((*path, index), item, DIRECTIONS)
    if len(value) > 2:
        complaint = f"Invalid value: {shown(types)}: may not specify more than two policyTypes"
        defects.refuse(path, complaint)
    return types


def _check_version(obj: Mapping[str, object], defects: Defects) -> None:
    version = obj.get("apiVersion")
    if version == API_VERSION:
        return
    path = ("apiVersion",)
    hint = f"write `apiVersion: {API_VERSION}`"
    if version == REMOVED_API_VERSION:
        message = f"{REMOVED_API_VERSION} NetworkPolicy was removed in Kubernetes 1.16"
        defects.found.append(Defect("removed-api", path, message, hint))
    elif version is None or version == "":
        defects.found.append(Defect("invalid", path, "apiVersion not set", hint))
    elif type(version) is not str:
        defects.mismatch(version, path, "TypeMeta", "string")
    else:
        message = f'no matches for kind "NetworkPolicy" in version {shown(version)}'
        defects.found.append(Defect("invalid", path, message, hint))


def _unknown_top(obj: Mapping[str, object], defects: Defects) -> None:
    """`status` was a field up to Kubernetes 1.27, and `kubectl get -o yaml` left it in files."""
    rest = {name: value for name, value in obj.items() if name != "status"}
    schema.unknown_fields(rest, (), schema.TOP, defects)


def _note_duplicates(duplicates: Sequence[Path], prefix: Path, defects: Defects) -> None:
    paths: list[Path] = []
    for path in duplicates:
        if prefix and path[:1] == prefix[:1]:
            if path[: len(prefix)] != prefix:
                continue
            path = path[len(prefix) :]
        if path:
            paths.append(path)
    if ("kind",) in paths and ("metadata",) in paths:
        # One mistake and not four: a whole object follows without a separator.
        first = ("apiVersion",) if ("apiVersion",) in paths else ("kind",)
        message = "a second object begins here without `---` before it: the first one is lost"
        defects.found.append(Defect("duplicate-key", first, message, "write `---` before it"))
        paths = [path for path in paths if len(path) > 1]
    for path in paths:
        message = f'key "{path[-1]}" is set twice: the first value is lost'
        defects.found.append(Defect("duplicate-key", path, message))
