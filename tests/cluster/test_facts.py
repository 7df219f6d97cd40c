"""What is told of the cluster itself, and that nothing of it fails a run."""

from __future__ import annotations

from typing import Any

import pytest

from kubectl_npcheck.cluster import facts
from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.discovery import other_policies
from kubectl_npcheck.cluster.lists import Resource
from kubectl_npcheck.errors import ClusterError
from tests.cluster.api import Api, Fault


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ({"minor": "34", "gitVersion": "v1.34.4"}, ("v1.34.4", 34)),
        ({"minor": "33+", "gitVersion": "v1.33.5-gke.100"}, ("v1.33.5-gke.100", 33)),
        ({"minor": "", "gitVersion": None}, ("", None)),
        ({}, ("", None)),
    ],
)
def test_versions(api: Api, client: Client, answer: dict[str, Any], version: Any) -> None:
    api.answers["/version"] = answer
    assert tuple(facts.server_version(client)) == version


def test_an_identity_that_the_server_does_not_tell(api: Api, client: Client) -> None:
    assert facts.identity(client) == "jane"
    api.faults[facts.SELF_REVIEW] = [Fault("status", 404)]
    assert facts.identity(client) is None


def test_an_identity_that_the_server_does_not_accept(api: Api, client: Client) -> None:
    api.faults[facts.SELF_REVIEW] = [Fault("status", 401)]
    with pytest.raises(ClusterError, match="does not accept the credentials"):
        facts.identity(client)


@pytest.mark.parametrize(
    ("daemonsets", "plugin"),
    [
        ({"cilium", "node-exporter"}, "Cilium"),
        ({"calico-node", "kube-flannel-ds"}, "Calico"),
        ({"calico-node", "aws-node"}, "Calico"),
        ({"aws-node"}, "Amazon VPC CNI"),
        ({"kube-proxy"}, None),
        (set(), None),
    ],
)
def test_network_plugins(daemonsets: set[str], plugin: str | None) -> None:
    found = facts.plugin_of(daemonsets)
    assert (found[0] if found else None) == plugin


def serve(api: Api, version: str, *resources: tuple[str, str]) -> None:
    group = version.partition("/")[0]
    preferred = {"name": group, "preferredVersion": {"groupVersion": version}}
    api.answers["/apis"]["groups"].append(preferred)
    api.answers[f"/apis/{version}"] = {
        "resources": [
            {"name": name, "kind": kind, "namespaced": True, "verbs": ["list"]}
            for name, kind in resources
        ]
    }


def test_policies_of_other_apis_are_discovered(api: Api, client: Client) -> None:
    policy = ("ciliumnetworkpolicies", "CiliumNetworkPolicy")
    serve(api, "cilium.io/v2", policy, ("ciliumnodes", "CiliumNode"), (f"{policy[0]}/status", ""))
    serve(api, "apps.example/v1", ("things", "ThingNetworkPolicy"))
    assert other_policies(client) == [Resource("/apis/cilium.io/v2", *policy)]


def test_calicos_two_apis_count_once(api: Api, client: Client) -> None:
    serve(api, "projectcalico.org/v3", ("networkpolicies", "NetworkPolicy"))
    assert [item.api for item in other_policies(client) or ()] == ["/apis/projectcalico.org/v3"]
    serve(api, "crd.projectcalico.org/v1", ("networkpolicies", "NetworkPolicy"))
    assert [item.api for item in other_policies(client) or ()] == ["/apis/crd.projectcalico.org/v1"]


@pytest.mark.parametrize("answer", [{}, {"groups": None}, {"groups": [None, {"name": 1}]}])
def test_a_discovery_that_says_nothing(api: Api, client: Client, answer: dict[str, Any]) -> None:
    api.answers["/apis"] = answer
    assert not other_policies(client)
