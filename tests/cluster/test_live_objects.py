"""Raw objects to the model: whatever a server sends, nothing raises; pods and what makes them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.cluster.lists import Resource
from kubectl_npcheck.cluster.read import Listing
from kubectl_npcheck.cluster.resources import ALL, PODS, POLICIES
from kubectl_npcheck.cluster.scope import Seen
from kubectl_npcheck.load.live import Build, inventory_of
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.label_selector import label_selector
from kubectl_npcheck.policy.model import Authored, NetworkPolicy

OTHER = Resource("/apis/cilium.io/v2", "ciliumnetworkpolicies", "CiliumNetworkPolicy")
KEYS = st.sampled_from(
    [
        "metadata",
        "spec",
        "name",
        "namespace",
        "labels",
        "template",
        "selector",
        "status",
        "kind",
        "managedFields",
        "ownerReferences",
        "annotations",
        "ports",
        "containers",
        "podSelector",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=4)
PLAIN = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)
OBJECTS = st.dictionaries(KEYS, PLAIN, max_size=5)


@given(item=OBJECTS, resource=st.sampled_from([*ALL, OTHER]), selected=st.booleans())
def test_nothing_raises(item: dict[str, Any], resource: Resource, selected: bool) -> None:
    build = Build(label_selector("app=web") if selected else None)
    built = build(resource, {**item, "kind": resource.kind, "apiVersion": "v1"})
    listing = Listing(resource, None, [] if built is None else [built])
    inventory_of(Seen([listing], [], None, set(), set()), "kind")


def groups(*listed: tuple[Resource, dict[str, Any]], blind: bool = False) -> dict[str, Group]:
    build = Build()
    listings = [
        Listing(resource, None, [build(resource, {"kind": resource.kind, **item})])
        for resource, item in listed
    ]
    seen = Seen(listings, [], None, set(), {None} if blind else set())
    return {group.namespace or "": group for group in inventory_of(seen, "kind").groups}


def policy(namespace: str, name: str, **meta: Any) -> tuple[Resource, dict[str, Any]]:
    return POLICIES, {
        "apiVersion": "networking.k8s.io/v1",
        "metadata": {"namespace": namespace, "name": name, **meta},
        "spec": {"podSelector": {}, "policyTypes": ["Ingress"]},
    }


def pod(namespace: str, name: str, phase: str = "Running") -> tuple[Resource, dict[str, Any]]:
    meta = {"namespace": namespace, "name": name, "labels": {"app": name}}
    return PODS, {"metadata": meta, "spec": {}, "status": {"phase": phase}}


def test_a_namespace_is_a_group_of_one_live_unit() -> None:
    found = groups(policy("b", "y"), policy("b", "x"), policy("a", "z"), pod("c", "p"))
    assert list(found) == ["a", "b", "c"]
    assert [item.name for item in found["b"].policies] == ["x", "y"]
    assert all(group.unit.live and group.unit.name == "cluster kind" for group in found.values())


def test_what_was_authored_is_unknown_without_a_trace() -> None:
    (found,) = groups(policy("a", "x"))["a"].policies
    assert isinstance(found, NetworkPolicy)
    assert found.types_authored is Authored.UNKNOWN
    assert found.origin.changed is None


@pytest.mark.parametrize(("phase", "finished"), [("Running", False), ("Succeeded", True)])
def test_finished_pods(phase: str, finished: bool) -> None:
    (found,) = groups(pod("a", "p", phase))["a"].workloads
    assert found.finished is finished


def test_without_workloads_nothing_counts_as_absent() -> None:
    assert groups(pod("a", "p"), blind=True)["a"].custom_resources
    assert not groups(pod("a", "p"))["a"].custom_resources


@pytest.mark.parametrize(
    ("kind", "owner", "kept"),
    [
        ("ReplicaSet", "Deployment", False),
        ("ReplicaSet", "Rollout", True),
        ("Job", "CronJob", False),
        ("StatefulSet", "Deployment", True),
    ],
)
def test_what_another_controller_makes_is_left_to_that(kind: str, owner: str, kept: bool) -> None:
    resource = next(item for item in ALL if item.kind == kind)
    item = {
        "kind": kind,
        "metadata": {"namespace": "a", "name": "x", "ownerReferences": [{"kind": owner}]},
        "spec": {"template": {"metadata": {"labels": {"app": "x"}}}},
    }
    assert (Build()(resource, item) is not None) is kept


def test_calicos_copies_of_policies_are_left_out() -> None:
    resource = Resource("/apis/crd.projectcalico.org/v1", "networkpolicies", "NetworkPolicy")
    for name, kept in (("knp.default.web", False), ("default.web", True)):
        item = {
            "kind": "NetworkPolicy",
            "apiVersion": "crd.projectcalico.org/v1",
            "metadata": {"namespace": "a", "name": name},
        }
        assert (Build()(resource, item) is not None) is kept
