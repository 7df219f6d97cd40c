"""The objects around policies, as evidence: what is read, and what is no such object."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.model import ContainerPort, ServicePort
from kubectl_npcheck.policy.objects import (
    is_network_policy,
    parse_namespace,
    parse_other,
    parse_service,
    parse_workload,
)

HERE = Origin("a.yaml")
POD = (
    "metadata: {labels: {app: web}}, spec: {containers: "
    "[{ports: [{containerPort: 80, name: http}, {containerPort: 53, protocol: UDP}]}]}"
)


def obj(text: str) -> dict[str, Any]:
    found = yaml.safe_load("{" + text + "}")
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("networking.k8s.io/v1", True),
        ("networking.k8s.io/v1beta1", True),
        ("extensions/v1beta1", True),
        ("v1", True),
        ("networking/v1", True),
        ("networking.k8.io/v1", True),
        (None, True),
        (1, True),
        ("projectcalico.org/v3", False),
        ("crd.projectcalico.org/v1", False),
        ("crd.antrea.io/v1beta1", False),
    ],
)
def test_which_api_a_network_policy_is_of(version: object, expected: bool) -> None:
    found = {"apiVersion": version, "kind": "NetworkPolicy", "metadata": {"name": "a"}}
    assert is_network_policy(found) == expected
    assert (parse_other(found, HERE, None) is None) == expected


def test_other_policies() -> None:
    assert not is_network_policy({"kind": "CiliumNetworkPolicy"})
    cilium = parse_other(
        obj("apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: a}"),
        HERE,
        "shop",
    )
    assert cilium is not None
    assert (cilium.kind, cilium.api_version) == ("CiliumNetworkPolicy", "cilium.io/v2")
    assert (cilium.name, cilium.namespace, cilium.cluster_wide) == ("a", "shop", False)
    for kind in ("AdminNetworkPolicy", "GlobalNetworkPolicy", "CiliumClusterwideNetworkPolicy"):
        wide = parse_other({"kind": kind, "metadata": {"namespace": "x"}}, HERE, "shop")
        assert wide is not None
        assert (wide.namespace, wide.cluster_wide) == (None, True)
    assert parse_other({"kind": "Service"}, HERE, None) is None
    assert parse_other({"kind": ["NetworkPolicy"]}, HERE, None) is None


@pytest.mark.parametrize(
    "text",
    [
        "kind: Pod, apiVersion: v1, POD",
        "kind: Deployment, apiVersion: apps/v1, spec: {template: {POD}}",
        "kind: Deployment, apiVersion: extensions/v1beta1, spec: {template: {POD}}",
        "kind: StatefulSet, apiVersion: apps/v1, spec: {template: {POD}}",
        "kind: DaemonSet, apiVersion: apps/v1, spec: {template: {POD}}",
        "kind: ReplicaSet, apiVersion: apps/v1, spec: {template: {POD}}",
        "kind: ReplicationController, apiVersion: v1, spec: {template: {POD}}",
        "kind: DeploymentConfig, apiVersion: apps.openshift.io/v1, spec: {template: {POD}}",
        "kind: Job, apiVersion: batch/v1, spec: {template: {POD}}",
        "kind: CronJob, apiVersion: batch/v1, spec: {jobTemplate: {spec: {template: {POD}}}}",
    ],
)
def test_workloads(text: str) -> None:
    workload = parse_workload(obj(text.replace("POD", POD)), HERE, "shop")
    assert workload is not None
    assert workload.labels == {"app": "web"}
    assert workload.namespace == "shop"
    assert workload.ports == (ContainerPort("http", "TCP", 80), ContainerPort("", "UDP", 53))
    assert (workload.host_network, workload.dns_policy) == (False, "ClusterFirst")
    assert not workload.finished


@pytest.mark.parametrize(
    "text",
    [
        "kind: ConfigMap, apiVersion: v1",
        "kind: Job, apiVersion: batch.volcano.sh/v1alpha1, spec: {template: {POD}}",
        "kind: Deployment, apiVersion: apps/v1, spec: {replicas: 3}",
        "kind: Deployment, apiVersion: apps/v1, spec: {template: {spec: {hostNetwork: true}}}",
        "kind: Deployment, apiVersion: apps/v1, spec: []",
        "kind: [Pod], apiVersion: v1",
    ],
)
def test_no_workloads(text: str) -> None:
    assert parse_workload(obj(text.replace("POD", POD)), HERE, "shop") is None


def test_pod_details() -> None:
    pod = parse_workload(
        obj(
            "kind: Pod, metadata: {name: a, namespace: b, labels: {v: 1, n: null}}, "
            "status: {phase: Succeeded}, spec: {hostNetwork: true, dnsPolicy: Default, "
            "initContainers: [{ports: [{containerPort: 1}]}, "
            "{restartPolicy: Always, ports: [{containerPort: 2, name: side}]}], "
            "containers: [{}, 7, {ports: [{containerPort: x}, {name: y}, 7]}, {ports: 7}]}"
        ),
        HERE,
        "shop",
    )
    assert pod is not None
    assert (pod.name, pod.namespace) == ("a", "b")
    assert pod.labels == {"v": "1", "n": ""}
    assert (pod.host_network, pod.dns_policy, pod.finished) == (True, "Default", True)
    assert pod.ports == (ContainerPort("side", "TCP", 2),)


def test_job() -> None:
    text = (
        "kind: Job, apiVersion: batch/v1, metadata: {name: seed}, spec: {template: {}}, "
        "status: {conditions: [{type: Complete, status: 'STATUS'}]}"
    )
    job = parse_workload(obj(text.replace("STATUS", "True")), HERE, None)
    assert job is not None
    assert job.labels == {"job-name": "seed", "batch.kubernetes.io/job-name": "seed"}
    assert job.finished
    job = parse_workload(obj(text.replace("STATUS", "False")), HERE, None)
    assert job is not None
    assert not job.finished


def test_services() -> None:
    service = parse_service(
        obj(
            "kind: Service, apiVersion: v1, metadata: {name: web}, spec: {selector: {app: web}, "
            "ports: [{port: 80, targetPort: 8080}, {port: 53, protocol: UDP, targetPort: dns}, "
            "{port: 443, name: https}, {port: x}, {targetPort: 1}, 7]}"
        ),
        HERE,
        "shop",
    )
    assert service is not None
    assert (service.name, service.namespace, service.selector) == ("web", "shop", {"app": "web"})
    assert service.ports == (
        ServicePort("", "TCP", 80, 8080),
        ServicePort("", "UDP", 53, "dns"),
        ServicePort("https", "TCP", 443, None),
    )


def test_services_that_select_no_pods() -> None:
    for spec in (
        "{}",
        "{selector: null}",
        "{selector: x}",
        "[]",
        "{type: ExternalName, selector: {a: b}}",
    ):
        service = parse_service(obj(f"kind: Service, apiVersion: v1, spec: {spec}"), HERE, None)
        assert service is not None
        assert service.selector is None
    knative = obj("kind: Service, apiVersion: serving.knative.dev/v1")
    assert parse_service(knative, HERE, None) is None


def test_namespaces() -> None:
    text = "kind: Namespace, apiVersion: v1, metadata: {name: shop, labels: {team: a}}"
    namespace = parse_namespace(obj(text), HERE)
    assert namespace is not None
    assert namespace.name == "shop"
    assert namespace.labels == {"team": "a", "kubernetes.io/metadata.name": "shop"}
    for text in ("kind: Namespace", "kind: Namespace, metadata: {labels: {}}", "kind: Pod"):
        assert parse_namespace(obj(text), HERE) is None
