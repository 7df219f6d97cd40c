"""Rule any-namespace."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import any_namespace
from tests.rules.support import found, netpol


@pytest.mark.parametrize(
    "spec",
    [
        "podSelector: {}, ingress: [{from: [{podSelector: {}}]}]",  # the own namespace
        "podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 80}]}]",
        "podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {a: b}}}]}]",
        "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {a: b}}}]}]",
        "podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]",
        # dead: the rule has no effect, and dead-rules says so
        "podSelector: {}, policyTypes: [Egress], ingress: [{from: [{namespaceSelector: {}}]}]",
        "podSelector: {}, ingress: [{}]",  # ingress-anywhere
    ],
)
def test_silent(spec: str) -> None:
    assert found(any_namespace, netpol(spec)) == []


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        (
            "podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]",
            "spec.ingress[0].from[0]",
        ),
        (
            "podSelector: {}, ingress: [{ports: [{port: 1}]}, {from: [{podSelector: {}}, {namespaceSelector: {}}]}]",
            "spec.ingress[1].from[1]",
        ),
        (
            "podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {}}], ports: []}]",
            "spec.ingress[0].from[0]",
        ),
    ],
)
def test_reported(spec: str, path: str) -> None:
    assert found(any_namespace, netpol(spec)) == [f"web {path}"]
