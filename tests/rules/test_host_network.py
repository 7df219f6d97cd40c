"""Rule host-network, one line a case."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import host_network
from tests.rules.manifests import deployment
from tests.rules.support import found, netpol, problems

APP = "podSelector: {matchLabels: {app: a}}"
HOST = deployment("a", "app: a", pod="hostNetwork: true", kind="DaemonSet")
MONITORING = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}"


def rule(peer: str) -> str:
    return netpol(f"podSelector: {{}}, policyTypes: [Ingress], ingress: [{{from: [{{{peer}}}]}}]")


SILENT = {
    "no workloads": [netpol(APP)],
    "own network": [netpol(APP), deployment("a", "app: a")],
    "false": [netpol(APP), deployment("a", "app: a", pod="hostNetwork: false")],
    "other pods too": [netpol(APP), HOST, deployment("b", "app: a")],
    "other pods that may be applied there": [netpol(APP), HOST, deployment("b", "app: a", "")],
    "{} covers tomorrow's pods": [netpol("podSelector: {}"), HOST],
    "another namespace": [netpol(APP, namespace="other"), HOST],
    "peer {}": [rule("podSelector: {}"), HOST],
    "peer in an unknown namespace": [
        rule(f"{APP}, namespaceSelector: {{matchLabels: {{a: b}}}}"),
        HOST,
    ],
    "peer, other pods too": [rule(APP), HOST, deployment("b", "app: a")],
}

REPORTED = {
    "policy": ([netpol(APP), HOST], ["web spec.podSelector"]),
    "unlike pods beside them": (
        [netpol(APP), HOST, deployment("b", "app: b")],
        ["web spec.podSelector"],
    ),
    "two of them": (
        [netpol(APP), HOST, deployment("b", "app: a", pod="hostNetwork: true")],
        ["web spec.podSelector"],
    ),
    "peer": ([rule(APP), HOST], ["web spec.ingress[0].from[0]"]),
    "peer in a named namespace": (
        [
            rule(f"{APP}, {MONITORING}"),
            deployment("a", "app: a", "monitoring", pod="hostNetwork: true"),
        ],
        ["web spec.ingress[0].from[0]"],
    ),
}


@pytest.mark.parametrize("documents", SILENT.values(), ids=SILENT)
def test_silent(documents: list[str]) -> None:
    assert found(host_network, *documents) == []


@pytest.mark.parametrize(("documents", "places"), REPORTED.values(), ids=REPORTED)
def test_reported(documents: list[str], places: list[str]) -> None:
    assert found(host_network, *documents) == places


@pytest.mark.parametrize(("count", "more"), [(1, False), (5, False), (6, True)])
def test_a_few_workloads_are_named(count: int, more: bool) -> None:
    hosts = [HOST.replace("name: a", f"name: a{n}") for n in range(count)]
    (problem,) = problems(host_network, netpol(APP), *hosts)
    assert problem.evidence[0].startswith("hostNetwork: true in DaemonSet a0")
    assert problem.evidence[0].endswith("…") is more
