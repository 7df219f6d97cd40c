"""Rule duplicate-policy, one line a case."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import duplicate_policy
from tests.rules.support import found, groups_of, netpol

OPEN = "podSelector: {}, policyTypes: [Ingress], ingress: [{}]"
SHUT = "podSelector: {}, policyTypes: [Ingress]"

SILENT = {
    "other names": [netpol(OPEN, name="a"), netpol(SHUT, name="b")],
    "other namespaces": [netpol(OPEN, namespace="a"), netpol(SHUT, namespace="b")],
    "names that the API server makes up": [
        netpol(OPEN).replace("name: web", "generateName: web-"),
        netpol(SHUT).replace("name: web", "generateName: web-"),
    ],
    "no names": [
        netpol(OPEN).replace("name: web, ", ""),
        netpol(SHUT).replace("name: web, ", ""),
    ],
    "identical": [netpol(OPEN), netpol(OPEN)],
    "identical in meaning": [netpol(OPEN), netpol("ingress: [{from: []}], policyTypes: [Ingress]")],
    "only annotations differ": [netpol(OPEN), netpol(OPEN, annotations="a: b")],
}

REPORTED = {
    "rules": [netpol(OPEN), netpol(SHUT)],
    "types": [netpol(SHUT), netpol("podSelector: {}, policyTypes: [Ingress, Egress]")],
    "selector": [
        netpol(SHUT),
        netpol("podSelector: {matchLabels: {a: b}}, policyTypes: [Ingress]"),
    ],
    "ports": [
        netpol("podSelector: {}, ingress: [{ports: [{port: 1}]}]"),
        netpol("podSelector: {}, ingress: [{ports: [{port: 2}]}]"),
    ],
    "peers": [
        netpol("podSelector: {}, ingress: [{from: [{podSelector: {}}]}]"),
        netpol("podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]"),
    ],
    "except": [
        netpol("podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]"),
        netpol(
            "podSelector: {}, "
            "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]"
        ),
    ],
}


@pytest.mark.parametrize("documents", SILENT.values(), ids=SILENT)
def test_silent(documents: list[str]) -> None:
    assert found(duplicate_policy, "---\n".join(documents)) == []


@pytest.mark.parametrize("documents", REPORTED.values(), ids=REPORTED)
def test_reported_at_the_later_one(documents: list[str]) -> None:
    assert found(duplicate_policy, "---\n".join(documents)) == ["web metadata.name"]


def test_a_later_context_document_is_reported_at_the_first() -> None:
    (group,) = groups_of(["---\n".join([netpol(OPEN), netpol(SHUT)])])
    later = group.policies[1]
    later.origin.context = later is not group.policies[0]
    (problem,) = duplicate_policy.check(group)
    assert problem.subject is group.policies[0]
