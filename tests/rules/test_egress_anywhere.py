"""Rule egress-anywhere."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import egress_anywhere
from tests.rules.support import found, netpol, problems


def egress(*cidrs: str, ports: str = "", types: str = "[Egress]") -> str:
    """A policy with one egress rule to these blocks; "A but B" is A except B."""
    blocks = []
    for text in cidrs:
        cidr, _, hole = text.partition(" but ")
        excepts = f', except: ["{hole}"]' if hole else ""
        blocks.append(f'{{ipBlock: {{cidr: "{cidr}"{excepts}}}}}')
    fields = f"to: [{', '.join(blocks)}]" + (f", ports: [{ports}]" if ports else "")
    return netpol(f"podSelector: {{}}, policyTypes: {types}, egress: [{{{fields}}}]")


@pytest.mark.parametrize(
    "text",
    [
        egress("10.0.0.0/8"),
        egress("0.0.0.0/1"),
        egress("0.0.0.0/0 but 10.0.0.0/8"),
        egress("0.0.0.0/1", "129.0.0.0/8"),
        egress("::/1"),
        egress("0.0.0.0/0", types="[Ingress]"),  # dead
        netpol("podSelector: {}, policyTypes: [Egress], egress: [{}]"),  # in so many words
        netpol("podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]"),
        egress("nonsense"),
    ],
)
def test_silent(text: str) -> None:
    assert found(egress_anywhere, text) == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (egress("0.0.0.0/0"), "spec.egress[0].to[0]"),
        (egress("::/0"), "spec.egress[0].to[0]"),
        (egress("0.0.0.0/1", "128.0.0.0/1"), "spec.egress[0].to"),
        (egress("0.0.0.0/0 but 10.0.0.0/8", "10.0.0.0/8"), "spec.egress[0].to"),
        (egress("0.0.0.0/0 but 10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9"), "spec.egress[0].to"),
        (egress("8000::/1", "::/1"), "spec.egress[0].to"),
    ],
)
def test_reported(text: str, path: str) -> None:
    assert found(egress_anywhere, text) == [f"web {path}"]


def test_message_names_families_and_ports() -> None:
    (problem,) = problems(egress_anywhere, egress("0.0.0.0/0", "::/0", ports="{port: 443}"))
    assert problem.message == "the pods may send to every IPv4 and IPv6 address, on TCP 443"
