"""Rule port-not-exposed, one line a case."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import port_not_exposed
from tests.rules.manifests import custom_resource, deployment, service
from tests.rules.support import found, netpol, problems

APP = deployment("a", "app: a", ports="{name: http, containerPort: 8080}")


def rule(port: str, selector: str = "{matchLabels: {app: a}}") -> str:
    return netpol(
        f"podSelector: {selector}, policyTypes: [Ingress], ingress: [{{ports: [{{{port}}}]}}]"
    )


def egress(peers: str) -> str:
    spec = f"policyTypes: [Egress], egress: [{{to: [{peers}], ports: [{{port: web}}]}}]"
    return netpol(f"podSelector: {{}}, {spec}")


SILENT = {
    "no workload": [rule("port: web")],
    "a number": [rule("port: 9999"), APP],
    "declared": [rule("port: http"), APP],
    "declared by one of several": [
        rule("port: web"),
        APP,
        deployment("b", "app: a", ports="{name: web, containerPort: 1}"),
    ],
    "declared beside others": [
        rule("port: web"),
        deployment(
            "a", "app: a", ports="{name: http, containerPort: 1}, {name: web, containerPort: 2}"
        ),
    ],
    "the pod's port is a placeholder": [
        rule("port: web"),
        deployment("a", "app: a", ports="{name: '${PORT}', containerPort: 1}"),
    ],
    "a dead egress rule": [
        egress("{podSelector: {matchLabels: {app: a}}}").replace("[Egress]", "[Ingress]"),
        APP,
    ],
    "a placeholder": [rule("port: '${PORT}'"), APP],
    "an operator may make other pods": [rule("port: web"), APP, custom_resource()],
    "egress anywhere": [
        netpol("podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: web}]}]"),
        APP,
    ],
    "egress to addresses": [egress("{ipBlock: {cidr: 10.0.0.0/8}}"), APP],
    "egress to unknown pods": [egress("{namespaceSelector: {}}"), APP],
    "another namespace": [rule("port: web"), deployment("a", "app: a", "other")],
}

REPORTED = {
    "another name": ([rule("port: web"), APP], ["web spec.ingress[0].ports[0].port"]),
    "all pods": ([rule("port: web", "{}"), APP], ["web spec.ingress[0].ports[0].port"]),
    "another protocol": (
        [rule("port: http, protocol: UDP"), APP],
        ["web spec.ingress[0].ports[0].port"],
    ),
    "a Service's name does not count": (
        [rule("port: web"), APP, service("a", "app: a", "{name: web, port: 80}")],
        ["web spec.ingress[0].ports[0].port"],
    ),
    "egress": (
        [egress("{podSelector: {matchLabels: {app: a}}}"), APP],
        ["web spec.egress[0].ports[0].port"],
    ),
}


@pytest.mark.parametrize("documents", SILENT.values(), ids=SILENT)
def test_silent(documents: list[str]) -> None:
    assert found(port_not_exposed, *documents) == []


@pytest.mark.parametrize(("documents", "places"), REPORTED.values(), ids=REPORTED)
def test_reported(documents: list[str], places: list[str]) -> None:
    assert found(port_not_exposed, *documents) == places


def test_evidence_names_what_is_declared() -> None:
    (problem,) = problems(port_not_exposed, rule("port: web"), APP)
    assert problem.evidence == ("destination: Deployment a; they declare http (TCP 8080)",)


def test_evidence_where_nothing_is_named() -> None:
    pods = [deployment(name, "app: a", ports="{containerPort: 1}") for name in "abc"]
    (problem,) = problems(port_not_exposed, rule("port: web"), *pods)
    assert problem.evidence == (
        "destination: Deployment a, Deployment b, Deployment c; they declare no named port",
    )
