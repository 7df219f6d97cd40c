"""Rule version-label, one line a case."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import version_label
from tests.rules.support import found, netpol

SILENT = {
    "stable labels": "podSelector: {matchLabels: {app.kubernetes.io/name: a}}",
    "any version": "podSelector: {matchExpressions: [{key: pod-template-hash, operator: Exists}]}",
    "no version": (
        "podSelector: {matchExpressions: [{key: helm.sh/chart, operator: DoesNotExist}]}"
    ),
    "a version of one's own": "podSelector: {matchLabels: {version: v1}}",
}

REPORTED = {
    "podSelector": (
        "podSelector: {matchLabels: {a: b, helm.sh/chart: web-1.2.3}}",
        ["web spec.podSelector.matchLabels[helm.sh/chart]"],
    ),
    "expression": (
        "podSelector: {matchExpressions: "
        "[{key: app.kubernetes.io/version, operator: NotIn, values: ['1']}]}",
        ["web spec.podSelector.matchExpressions[0]"],
    ),
    "peer": (
        "podSelector: {}, egress: [{to: [{podSelector: {matchLabels: {pod-template-hash: a}}}]}]",
        ["web spec.egress[0].to[0].podSelector.matchLabels.pod-template-hash"],
    ),
    "namespace of a peer": (
        "podSelector: {}, ingress: [{from: [{namespaceSelector: "
        "{matchLabels: {helm.sh/chart: a-1}}}]}]",
        ["web spec.ingress[0].from[0].namespaceSelector.matchLabels[helm.sh/chart]"],
    ),
}


@pytest.mark.parametrize("spec", SILENT.values(), ids=SILENT)
def test_silent(spec: str) -> None:
    assert found(version_label, netpol(spec)) == []


@pytest.mark.parametrize(("spec", "places"), REPORTED.values(), ids=REPORTED)
def test_reported(spec: str, places: list[str]) -> None:
    assert found(version_label, netpol(spec)) == places
