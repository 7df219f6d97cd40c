"""Whatever stands under `kind: NetworkPolicy`, reading it never fails."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.origin import Origin, Path
from kubectl_npcheck.policy.lastapplied import LAST_APPLIED, last_applied
from kubectl_npcheck.policy.objects import (
    is_network_policy,
    parse_namespace,
    parse_other,
    parse_service,
    parse_workload,
)
from kubectl_npcheck.policy.parse import parse_policy

SELECTOR: dict[str, Any] = {
    "matchLabels": {"a": "b"},
    "matchExpressions": [{"key": "a", "operator": "In", "values": ["x"]}],
}
RULE: dict[str, Any] = {
    "from": [
        {"podSelector": SELECTOR, "namespaceSelector": SELECTOR},
        {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}},
    ],
    "ports": [{"port": 80, "endPort": 90, "protocol": "TCP"}],
}
FULL: dict[str, Any] = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {
        "name": "a",
        "namespace": "b",
        "labels": {"a": "b"},
        "annotations": {"a": "b"},
        "finalizers": ["a/b"],
        "ownerReferences": [{}],
        "generation": 1,
    },
    "spec": {
        "podSelector": SELECTOR,
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [RULE],
        "egress": [{"to": RULE["from"], "ports": RULE["ports"]}],
    },
}
# What the decoder takes at a place, by the type of the value that stands there; null goes anywhere.
TAKES = {dict: "object", list: "array", str: "string", int: "number"}
VALUES: list[Any] = [
    None,
    [],
    {},
    "x",
    "",
    1,
    -1,
    80.5,
    10**30,
    1 << 20000,
    math.inf,
    math.nan,
    True,
    [None],
    [[]],
    [{"a": [{}]}],
    {"a": 1},
    {1: 2},
    "\ud800",
    "a\nb\x00",
    b"x",
    (1,),
    object(),
    "x" * 100_000,
]


def places(value: object, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


def at(path: Path) -> Any:
    value: Any = FULL
    for part in path:
        value = value[part]
    return value


def with_value(path: Path, value: object) -> dict[str, Any]:
    obj = copy.deepcopy(FULL)
    place: Any = obj
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return obj


def kind_of(value: object) -> str:
    return "bool" if isinstance(value, bool) else TAKES.get(type(value), "other")


def test_every_value_at_every_place() -> None:
    for path in places(FULL):
        for value in VALUES:
            policy = parse_policy(with_value(path, value), Origin("a"), "shop", [path])
            for defect in policy.defects:
                assert "\n" not in defect.message
                assert "\n" not in defect.hint


def test_every_wrong_type_is_named_where_it_stands() -> None:
    for path in places(FULL):
        expected = TAKES[type(at(path))]
        wrong: tuple[object, ...] = ([], {}, "x", 1, True)
        for value in wrong:
            taken = kind_of(value) == expected or (
                path[-1] == "port" and kind_of(value) == "string"
            )
            if path in (("apiVersion",), ("kind",)):
                continue
            defects = parse_policy(with_value(path, value), Origin("a")).defects
            refused = [d for d in defects if d.path == path and d.message.startswith("json: ")]
            assert len(refused) == (0 if taken else 1), (path, value)


NAMES = st.sampled_from(
    [
        "apiVersion",
        "kind",
        "metadata",
        "spec",
        "name",
        "namespace",
        "labels",
        "annotations",
        "podSelector",
        "ingress",
        "egress",
        "policyTypes",
        "from",
        "to",
        "ports",
        "port",
        "endPort",
        "protocol",
        "ipBlock",
        "cidr",
        "except",
        "matchLabels",
        "matchExpressions",
        "key",
        "operator",
        "values",
        "namespaceSelector",
        "template",
        "jobTemplate",
        "containers",
        "initContainers",
        "restartPolicy",
        "status",
        "conditions",
        "type",
        "selector",
        "targetPort",
        "generateName",
    ]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["In", "Exists", "Egress", "TCP", "10.0.0.1/8", "${A}", "web"]),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(NAMES, st.text(max_size=4)), inner, max_size=5),
    ),
    max_leaves=30,
)
OBJECTS = st.dictionaries(NAMES, ANYTHING, max_size=8)


@given(OBJECTS, OBJECTS, st.booleans())
def test_any_structure(obj: dict[str, Any], spec: dict[str, Any], live: bool) -> None:
    obj = {**obj, "kind": "NetworkPolicy", "spec": spec}
    policy = parse_policy(obj, Origin("a"), "shop", live=live, applied=last_applied(obj))
    assert isinstance(policy.name, str)
    assert policy.namespace
    for rule in (*policy.ingress, *policy.egress):
        for peer in rule.peers or ():
            assert peer.pod_selector or peer.namespace_selector or peer.ip_block
        for port in rule.ports or ():
            assert isinstance(port.protocol, str)


@given(OBJECTS, st.sampled_from(["Pod", "Deployment", "Job", "CronJob", "Service", "Namespace"]))
def test_any_other_object(obj: dict[str, Any], kind: str) -> None:
    for group in (obj.get("apiVersion"), "v1", "apps/v1"):
        obj = {**obj, "kind": kind, "apiVersion": group}
        is_network_policy(obj)
        parse_workload(obj, Origin("a"), None)
        parse_service(obj, Origin("a"), None)
        parse_namespace(obj, Origin("a"))
        parse_other({**obj, "kind": kind + "NetworkPolicy"}, Origin("a"), None)


FIELDS = st.dictionaries(
    st.sampled_from(["f:spec", "f:metadata", "f:annotations", f"f:{LAST_APPLIED}", "f:egress"]),
    st.one_of(
        st.none(), st.dictionaries(st.sampled_from(["f:policyTypes", "f:annotations"]), st.none())
    ),
    max_size=4,
)
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "manager": st.one_of(st.sampled_from(["kubectl", "flux"]), ANYTHING),
        "operation": st.one_of(st.sampled_from(["Apply", "Update"]), ANYTHING),
        "time": st.one_of(st.sampled_from(["2026-01-01T00:00:00Z"]), ANYTHING),
        "fieldsV1": st.one_of(FIELDS, ANYTHING),
        "subresource": ANYTHING,
    },
)


@given(
    st.one_of(ANYTHING, st.lists(ENTRY, max_size=4)),
    st.one_of(ANYTHING, OBJECTS.map(json.dumps), st.just("[" * 100_000)),
    st.one_of(ANYTHING, OBJECTS),
)
def test_any_metadata_of_a_live_object(entries: Any, text: Any, spec: Any) -> None:
    meta = {"managedFields": entries, "annotations": {LAST_APPLIED: text}}
    found = last_applied({"metadata": meta, "spec": spec})
    assert found is None or found.settled in (True, False, None)
