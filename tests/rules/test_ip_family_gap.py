"""Rule ip-family-gap."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import ip_family_gap
from tests.rules.support import found, netpol, problems
from tests.rules.test_egress_anywhere import egress


@pytest.mark.parametrize(
    "text",
    [
        egress("0.0.0.0/0"),  # IPv6 is closed
        egress("::/0"),
        egress("0.0.0.0/0", "::/0"),
        egress("0.0.0.0/0 but 10.0.0.0/8", "::/0 but fc00::/7"),
        egress("10.0.0.0/8", "fd00::/8"),
        egress("10.0.0.0/8", "::/0", types="[Ingress]"),  # dead
        netpol("podSelector: {}, policyTypes: [Egress], egress: [{}]"),
        # another policy of the same pods lifts the restriction
        egress("10.0.0.0/8", "::/0") + "---\n" + egress("0.0.0.0/0").replace("web", "all"),
        egress("10.0.0.0/8", "::/0")
        + "---\n"
        + netpol("podSelector: {}, policyTypes: [Egress], egress: [{}]", name="all"),
    ],
)
def test_silent(text: str) -> None:
    assert found(ip_family_gap, text) == []


@pytest.mark.parametrize(
    ("text", "open_family"),
    [
        (egress("0.0.0.0/0 but 169.254.169.254/32", "::/0"), 6),
        (egress("10.0.0.0/8", "::/1", "8000::/1"), 6),
        (egress("0.0.0.0/0", "fd00::/8"), 4),
        (egress("0.0.0.0/0", "::/0 but fc00::/7", ports="{port: 443}"), 4),
    ],
)
def test_reported(text: str, open_family: int) -> None:
    assert found(ip_family_gap, text) == ["web spec.egress[0].to"]
    (problem,) = problems(ip_family_gap, text)
    assert f"every IPv{open_family} address" in problem.message


def test_ingress_too() -> None:
    blocks = '{ipBlock: {cidr: 10.0.0.0/8}}, {ipBlock: {cidr: "::/0"}}'
    text = netpol(f"podSelector: {{}}, ingress: [{{from: [{blocks}]}}]")
    assert found(ip_family_gap, text) == ["web spec.ingress[0].from"]
    dead = text.replace("podSelector: {},", "podSelector: {}, policyTypes: [Egress],")
    assert found(ip_family_gap, dead) == []


def test_different_ports_are_not_compared() -> None:
    text = netpol(
        "podSelector: {}, policyTypes: [Egress], egress: ["
        "{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}, "
        '{to: [{ipBlock: {cidr: "fd00::/8"}}], ports: [{port: 53, protocol: UDP}]}]'
    )
    assert found(ip_family_gap, text) == []
