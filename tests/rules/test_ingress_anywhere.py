"""Rule ingress-anywhere."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import ingress_anywhere
from tests.rules.support import found, netpol


@pytest.mark.parametrize(
    "spec",
    [
        "podSelector: {}, ingress: [{ports: [{port: 80}]}]",  # any peer, one port
        "podSelector: {}, ingress: [{from: [{podSelector: {}}]}]",
        "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]",
        "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 80}]}]",
        "podSelector: {}",  # no rule: nobody may connect
        "podSelector: {}, policyTypes: [Egress], egress: [{}]",
        "podSelector: {}, policyTypes: [Egress], ingress: [{}]",  # dead
        # open-by-accident speaks of these
        "podSelector: {}, ingress: [null]",
        "podSelector: {}, ingress: [{from: null}]",
        "podSelector: {}, ingress: [{from: []}]",
        "podSelector: {}, ingress: [{}, {ports: [{port: 80}]}]",
    ],
)
def test_silent(spec: str) -> None:
    assert found(ingress_anywhere, netpol(spec)) == []


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ("podSelector: {}, ingress: [{}]", "spec.ingress[0]"),
        ("podSelector: {}, ingress: [{ports: [{port: 1}]}, {ports: []}]", "spec.ingress[1]"),
        (
            "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]",
            "spec.ingress[0].from",
        ),
    ],
)
def test_reported(spec: str, path: str) -> None:
    assert found(ingress_anywhere, netpol(spec)) == [f"web {path}"]
