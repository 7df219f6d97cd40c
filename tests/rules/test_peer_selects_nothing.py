"""Rule peer-selects-nothing, one line a case."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import peer_selects_nothing
from tests.rules.manifests import custom_resource, deployment, namespace
from tests.rules.support import found, netpol, problems

APP = "podSelector: {matchLabels: {app: a}}"
MONITORING = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}"
B = deployment("b", "app: b")
B_MONITORING = deployment("b", "app: b", "monitoring")


def rule(peer: str, types: str = "Ingress") -> str:
    return netpol(f"podSelector: {{}}, policyTypes: [{types}], ingress: [{{from: [{{{peer}}}]}}]")


SILENT = {
    "no workloads": [rule(APP)],
    "workloads of another namespace only": [rule(APP), deployment("a", "app: a", "other")],
    "a match": [rule(APP), deployment("a", "app: a")],
    "{}": [rule("podSelector: {}"), B],
    "an unknown namespace": [rule(f"{APP}, {MONITORING}"), B],
    "a namespace by another label": [
        rule(f"{APP}, namespaceSelector: {{matchLabels: {{team: x}}}}"),
        B_MONITORING,
        namespace("monitoring", "team: x"),
    ],
    "any namespace": [rule(f"{APP}, namespaceSelector: {{}}"), B],
    "all pods of a namespace": [rule(MONITORING), B_MONITORING],
    "a match in the named namespace": [
        rule(f"{APP}, {MONITORING}"),
        deployment("a", "app: a", "monitoring"),
    ],
    "one of two named namespaces is unknown": [
        rule(
            f"{APP}, namespaceSelector: {{matchExpressions: [{{key: kubernetes.io/metadata.name, "
            "operator: In, values: [monitoring, elsewhere]}]}"
        ),
        B_MONITORING,
    ],
    "an operator may make the pods": [rule(APP), B, custom_resource()],
    "an operator in the named namespace": [
        rule(f"{APP}, {MONITORING}"),
        B_MONITORING,
        custom_resource("monitoring"),
    ],
    "a placeholder": [rule("podSelector: {matchLabels: {app: '${APP}'}}"), B],
    "addresses": [rule("ipBlock: {cidr: 10.0.0.0/8}"), B],
    "a dead rule": [rule(APP, "Egress"), B],
}

REPORTED = {
    "own namespace": [rule(APP), B],
    "named namespace": [rule(f"{APP}, {MONITORING}"), B_MONITORING],
    "own namespace by name": [
        rule(f"{APP}, namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: shop}}}}"),
        B,
    ],
}


@pytest.mark.parametrize("documents", SILENT.values(), ids=SILENT)
def test_silent(documents: list[str]) -> None:
    assert found(peer_selects_nothing, *documents) == []


@pytest.mark.parametrize("documents", REPORTED.values(), ids=REPORTED)
def test_reported(documents: list[str]) -> None:
    places = ["web spec.ingress[0].from[0].podSelector"]
    assert found(peer_selects_nothing, *documents) == places


def test_the_namespace_where_such_pods_live_is_named() -> None:
    documents = [rule(APP), B, deployment("a", "app: a", "monitoring")]
    (problem,) = problems(peer_selects_nothing, *documents)
    assert problem.evidence == ("such pods run in namespace monitoring",)
    assert problem.fix is not None
    assert "kubernetes.io/metadata.name=monitoring" in problem.fix.summary


def test_the_nearest_labels_are_named() -> None:
    documents = [
        rule("podSelector: {matchLabels: {app: frontedn}}"),
        deployment("f", "app: frontend"),
    ]
    (problem,) = problems(peer_selects_nothing, *documents)
    assert problem.evidence == ("nearest: Deployment f has app=frontend",)


def test_egress_too() -> None:
    text = netpol(f"podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{{{APP}}}]}}]")
    assert found(peer_selects_nothing, text, B) == ["web spec.egress[0].to[0].podSelector"]


def test_a_namespace_whose_workloads_are_elsewhere_is_unknown() -> None:
    several = [netpol(f"podSelector: {{matchLabels: {{app: {n * 8}}}}}", name=n) for n in "efgh"]
    assert found(peer_selects_nothing, rule(APP), *several[:3], B) != []
    assert found(peer_selects_nothing, rule(APP), *several, B) == []
    elsewhere = deployment("a", "app: a", "other")
    assert found(peer_selects_nothing, rule(APP), *several, B, elsewhere) != []
