"""Rule peer-or, one line a case."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import peer_or
from tests.rules.manifests import deployment
from tests.rules.support import found, netpol, problems

PROD = "namespaceSelector: {matchLabels: {env: prod}}"
APP = "podSelector: {matchLabels: {app: a}}"


def rule(*peers: str, own: str = "{}") -> str:
    items = ", ".join(f"{{{peer}}}" for peer in peers)
    return netpol(f"podSelector: {own}, policyTypes: [Ingress], ingress: [{{from: [{items}]}}]")


SILENT = {
    "no peers": [netpol("podSelector: {}, ingress: [{}, {ports: [{port: 1}]}]")],
    "one peer": [rule(PROD)],
    "my namespace or theirs": [rule(PROD, "podSelector: {}")],
    "any namespace": [rule("namespaceSelector: {}", APP)],
    "one item, AND": [rule(f"{PROD}, {APP}")],
    "AND beside a lone namespaceSelector": [rule(PROD, f"{PROD}, {APP}")],
    "two podSelectors": [rule(APP, "podSelector: {matchLabels: {app: b}}")],
    "two namespaceSelectors": [rule(PROD, "namespaceSelector: {matchLabels: {env: dev}}")],
    "a block beside a podSelector": [rule("ipBlock: {cidr: 10.0.0.0/8}", APP)],
    "one in each of two rules": [
        netpol(f"podSelector: {{}}, ingress: [{{from: [{{{PROD}}}]}}, {{from: [{{{APP}}}]}}]")
    ],
    "a workload carries the labels": [rule(PROD, APP), deployment("a", "app: a, tier: x")],
    "the policy's own podSelector names them": [rule(PROD, APP, own="{matchLabels: {app: a}}")],
    "a sibling's podSelector names them": [
        rule(PROD, APP),
        netpol("podSelector: {matchLabels: {app: a, tier: x}}", name="sibling"),
    ],
    "a sibling names them by expression": [
        rule(PROD, APP),
        netpol(
            "podSelector: {matchExpressions: [{key: app, operator: In, values: [b, a]}]}",
            name="sibling",
        ),
    ],
}

REPORTED = {
    "namespace first": [rule(PROD, APP)],
    "pods first": [rule(APP, PROD)],
    "a workload with another value": [rule(PROD, APP), deployment("b", "app: b")],
    "a workload of another namespace": [rule(PROD, APP), deployment("a", "app: a", "other")],
    "a sibling with another value": [
        rule(PROD, APP),
        netpol("podSelector: {matchLabels: {app: b}}", name="sibling"),
    ],
    "a sibling that excludes the value": [
        rule(PROD, APP),
        netpol(
            "podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [b]}]}",
            name="sibling",
        ),
    ],
}


@pytest.mark.parametrize("documents", SILENT.values(), ids=SILENT)
def test_silent(documents: list[str]) -> None:
    assert found(peer_or, *documents) == []


@pytest.mark.parametrize("documents", REPORTED.values(), ids=REPORTED)
def test_reported(documents: list[str]) -> None:
    assert found(peer_or, *documents) == ["web spec.ingress[0].from[1]"]


def test_message_shows_the_effective_set_and_what_was_meant() -> None:
    (problem,) = problems(peer_or, rule(PROD, APP))
    assert "all pods of namespaces env=prod OR pods app=a of namespace shop" in problem.message
    assert problem.evidence == (
        "one item with both would allow pods app=a of namespaces env=prod only",
    )


def test_egress_too() -> None:
    spec = f"podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{{{PROD}}}, {{{APP}}}]}}]"
    assert found(peer_or, netpol(spec)) == ["web spec.egress[0].to[1]"]
