"""Rule service-port, one line a case."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import service_port
from tests.rules.manifests import custom_resource, deployment, service
from tests.rules.support import found, netpol, problems

HTTP = "{name: http, containerPort: 8080}"
APP = deployment("a", "app: a", ports=HTTP)
SVC = service("a", "app: a", "{port: 80, targetPort: 8080}")


def rule(ports: str, selector: str = "{matchLabels: {app: a}}") -> str:
    return netpol(
        f"podSelector: {selector}, policyTypes: [Ingress], "
        f"ingress: [{{from: [{{podSelector: {{}}}}], ports: [{ports}]}}]"
    )


def egress(peers: str, ports: str = "{port: 80}") -> str:
    spec = f"policyTypes: [Egress], egress: [{{to: [{peers}], ports: [{ports}]}}]"
    return netpol(f"podSelector: {{}}, {spec}")


TO_APP = "{podSelector: {matchLabels: {app: a}}}"

SILENT: dict[str, list[str | dict[str, str]]] = {
    "the pod's port": [rule("{port: 8080}"), APP, SVC],
    "no Service": [rule("{port: 80}"), APP],
    "no workload": [rule("{port: 80}"), SVC],
    "no targetPort": [rule("{port: 80}"), APP, service("a", "app: a", "{port: 80}")],
    "equal ports": [rule("{port: 80}"), APP, service("a", "app: a", "{port: 80, targetPort: 80}")],
    "pods that listen on both": [
        rule("{port: 80}"),
        deployment("a", "app: a", ports=f"{HTTP}, {{containerPort: 80}}"),
        SVC,
    ],
    "another Service leads to the port": [
        rule("{port: 80}"),
        APP,
        SVC,
        service("b", "app: a", "{port: 81, targetPort: 80}"),
    ],
    "the targetPort is permitted too": [rule("{port: 80}, {port: 8080}"), APP, SVC],
    "by name": [rule("{port: 80}, {port: http}"), APP, SVC],
    "by range": [rule("{port: 80}, {port: 8000, endPort: 9000}"), APP, SVC],
    "another protocol": [rule("{port: 80, protocol: UDP}"), APP, SVC],
    "a Service of another protocol": [
        rule("{port: 80}"),
        APP,
        service("a", "app: a", "{port: 80, targetPort: 8080, protocol: UDP}"),
    ],
    "a named targetPort of another protocol": [
        rule("{port: 80}"),
        deployment("a", "app: a", ports="{name: http, containerPort: 8080, protocol: UDP}"),
        service("a", "app: a", "{port: 80, targetPort: http}"),
    ],
    "every port of the protocol": [rule("{port: 80}, {protocol: TCP}"), APP, SVC],
    "a dead egress rule": [egress(TO_APP).replace("[Egress]", "[Ingress]"), APP, SVC],
    "two directories without namespaces": [
        {"a/all.yaml": "---\n".join([rule("{port: 80}"), APP]).replace(", namespace: shop", "")},
        {"b/svc.yaml": SVC.replace(", namespace: shop", "")},
    ],
    "a range": [rule("{port: 80, endPort: 90}"), APP, SVC],
    "a name": [rule("{port: http}"), APP, SVC],
    "a Service of other pods": [rule("{port: 80}"), APP, SVC.replace("app: a}", "app: b}")],
    "a Service of another namespace": [
        rule("{port: 80}"),
        APP,
        service("a", "app: a", "{port: 80, targetPort: 8080}", "other"),
    ],
    "a targetPort that the pod does not declare": [
        rule("{port: 80}"),
        deployment("a", "app: a"),
        service("a", "app: a", "{port: 80, targetPort: http}"),
    ],
    "another pod that may listen on it": [
        rule("{port: 80}", "{}"),
        APP,
        SVC,
        deployment("b", "app: b"),
    ],
    "an operator may make other pods": [rule("{port: 80}"), APP, SVC, custom_resource()],
    "egress anywhere": [
        netpol("podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 80}]}]"),
        APP,
        SVC,
    ],
    "egress to addresses too": [egress(TO_APP + ", {ipBlock: {cidr: 10.0.0.0/8}}"), APP, SVC],
    "egress to unknown pods too": [
        egress(TO_APP + ", {namespaceSelector: {matchLabels: {a: b}}}"),
        APP,
        SVC,
    ],
    "egress to pods that are not in the input": [
        egress(TO_APP + ", {podSelector: {matchLabels: {app: x}}}"),
        APP,
        SVC,
    ],
    "a dead rule": [
        netpol(
            "podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], "
            "ingress: [{ports: [{port: 80}]}]"
        ),
        APP,
        SVC,
    ],
}

REPORTED: dict[str, tuple[list[str | dict[str, str]], list[str]]] = {
    "number": ([rule("{port: 80}"), APP, SVC], ["web spec.ingress[0].ports[0].port"]),
    "name": (
        [rule("{port: 80}"), APP, service("a", "app: a", "{port: 80, targetPort: http}")],
        ["web spec.ingress[0].ports[0].port"],
    ),
    "undeclared port behind the Service": (
        [rule("{port: 80}"), deployment("a", "app: a"), SVC],
        ["web spec.ingress[0].ports[0].port"],
    ),
    "another protocol is permitted": (
        [rule("{port: 80}, {port: 8080, protocol: UDP}"), APP, SVC],
        ["web spec.ingress[0].ports[0].port"],
    ),
    "a name that stands for another port": (
        [
            rule("{port: 80}, {port: admin}"),
            deployment("a", "app: a", ports=f"{HTTP}, {{name: admin, containerPort: 9}}"),
            SVC,
        ],
        ["web spec.ingress[0].ports[0].port"],
    ),
    "a Service that matches by two labels": (
        [
            rule("{port: 80}"),
            deployment("a", "app: a, z: z", ports=HTTP),
            SVC.replace("app: a}", "app: a, z: z}"),
        ],
        ["web spec.ingress[0].ports[0].port"],
    ),
    "second port": (
        [rule("{port: 9090}, {port: 80}"), APP, SVC],
        ["web spec.ingress[0].ports[1].port"],
    ),
    "egress": ([egress(TO_APP), APP, SVC], ["web spec.egress[0].ports[0].port"]),
    "egress to a named namespace": (
        [
            egress(
                "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: db}}, "
                "podSelector: {matchLabels: {app: a}}}"
            ),
            deployment("a", "app: a", "db", ports=HTTP),
            service("a", "app: a", "{port: 80, targetPort: 8080}", "db"),
        ],
        ["web spec.egress[0].ports[0].port"],
    ),
}


@pytest.mark.parametrize("documents", SILENT.values(), ids=SILENT)
def test_silent(documents: list[str | dict[str, str]]) -> None:
    assert found(service_port, *documents) == []


@pytest.mark.parametrize(("documents", "places"), REPORTED.values(), ids=REPORTED)
def test_reported(documents: list[str | dict[str, str]], places: list[str]) -> None:
    assert found(service_port, *documents) == places


def test_message_names_both_ports() -> None:
    (problem,) = problems(service_port, rule("{port: 80}"), APP, SVC)
    assert problem.message == "TCP 80 is the port of Service a; its pods listen on 8080"
    assert problem.fix is not None
    assert problem.fix.summary == "allow port 8080"
