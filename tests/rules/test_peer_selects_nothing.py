"""Rule peer-selects-nothing, one line a case."""

from __future__ import annotations

import pytest

from kubectl_npcheck.findings import Severity
from kubectl_npcheck.rules import peer_selects_nothing
from tests.rules.manifests import custom_resource, deployment, namespace
from tests.rules.support import found, groups_of, netpol, problems

APP = "podSelector: {matchLabels: {app: a}}"
MONITORING = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}"
B = deployment("b", "app: b")
B_MONITORING = deployment("b", "app: b", "monitoring")


def rule(peer: str, types: str = "Ingress") -> str:
    return netpol(f"podSelector: {{}}, policyTypes: [{types}], ingress: [{{from: [{{{peer}}}]}}]")


BOTH = rule(
    f"{APP}, namespaceSelector: {{matchExpressions: [{{key: kubernetes.io/metadata.name, "
    "operator: In, values: [monitoring, elsewhere]}]}"
)

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
        BOTH,
        B_MONITORING,
    ],
    "a match in one of two named namespaces": [
        BOTH,
        B_MONITORING,
        deployment("a", "app: a", "elsewhere"),
    ],
    "an operator in one of two named namespaces": [
        BOTH,
        B_MONITORING,
        deployment("b", "app: b", "elsewhere"),
        custom_resource("elsewhere"),
    ],
    "a placeholder in one of two named namespaces": [
        BOTH,
        B_MONITORING,
        deployment("b", "app: '${APP}'", "elsewhere"),
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
    "a dead egress rule": [
        netpol(f"podSelector: {{}}, policyTypes: [Ingress], egress: [{{to: [{{{APP}}}]}}]"),
        B,
    ],
}

REPORTED = {
    "own namespace": [rule(APP), B],
    "neither of two named namespaces": [
        BOTH,
        B_MONITORING,
        deployment("b", "app: b", "elsewhere"),
    ],
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


def test_several_namespaces_are_named_without_a_fix() -> None:
    pods = [deployment("a", "app: a", name) for name in ("z", "x")]
    (problem,) = problems(peer_selects_nothing, rule(f"{APP}, {MONITORING}"), B_MONITORING, *pods)
    assert problem.evidence == ("such pods run in namespaces x, z",)
    assert problem.fix is None


def test_files_and_live() -> None:
    (group,) = groups_of([rule(APP), B])
    (problem,) = peer_selects_nothing.check(group)
    assert problem.severity is None
    assert problem.message == "peer matches no pod in the input: pods app=a of namespace shop"
    group.unit.live = True
    (problem,) = peer_selects_nothing.check(group)
    assert problem.severity is Severity.WARNING
    assert problem.message == "peer matches no pod: pods app=a of namespace shop"


def test_a_contradiction_is_named() -> None:
    selector = "{matchLabels: {a: x}, matchExpressions: [{key: a, operator: NotIn, values: [x]}]}"
    (problem,) = problems(peer_selects_nothing, rule(f"podSelector: {selector}"), B)
    assert problem.message == "peer a=x,a!=x contradicts itself: no pod can match it"
