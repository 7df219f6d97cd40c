"""Rule open-by-accident, one line a case."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import open_by_accident
from tests.rules.support import found, netpol, problems

SILENT = {
    "ingress null": "ingress: null",
    "ingress empty": "ingress: []",
    "egress null, listed": "policyTypes: [Egress], egress: null",
    "allow all, on purpose": "ingress: [{}]",
    "ports without peers": "ingress: [{ports: [{port: 80}]}]",
    "null ports": "ingress: [{from: [{podSelector: {}}], ports: null}]",
    "any pod": "ingress: [{from: [{podSelector: {}}]}]",
    "peers beside peers": "ingress: [{from: [{podSelector: {}}]}, {ports: [{port: 80}]}]",
    "dead egress rule": "policyTypes: [Ingress], egress: [{to: null}]",
    "dead ingress rule": "policyTypes: [Egress], ingress: [null]",
}

REPORTED = {
    "from null": ("ingress: [{from: null}]", ["web spec.ingress[0].from"]),
    "from empty": ("ingress: [{from: []}]", ["web spec.ingress[0].from"]),
    "from null, ports": (
        "ingress: [{from: null, ports: [{port: 1}]}]",
        ["web spec.ingress[0].from"],
    ),
    "to null": ("egress: [{to: null}]", ["web spec.egress[0].to"]),
    "null rule": ("ingress: [null]", ["web spec.ingress[0]"]),
    "null rule beside others": (
        "ingress: [{from: [{podSelector: {}}]}, null]",
        ["web spec.ingress[1]"],
    ),
    "{} beside others": (
        "egress: [{}, {to: [{podSelector: {}}]}]",
        ["web spec.egress[0]"],
    ),
}


@pytest.mark.parametrize("spec", SILENT.values(), ids=SILENT)
def test_silent(spec: str) -> None:
    assert found(open_by_accident, netpol(f"podSelector: {{}}, {spec}")) == []


@pytest.mark.parametrize(("spec", "places"), REPORTED.values(), ids=REPORTED)
def test_reported(spec: str, places: list[str]) -> None:
    assert found(open_by_accident, netpol(f"podSelector: {{}}, {spec}")) == places


def test_message_says_who_may_do_what() -> None:
    spec = "podSelector: {}, ingress: [{from: null, ports: [{port: 1}, {port: 2, protocol: UDP}]}]"
    (problem,) = problems(open_by_accident, netpol(spec))
    assert problem.message.endswith("anyone may connect, on TCP 1, UDP 2")
    (problem,) = problems(open_by_accident, netpol("podSelector: {}, egress: [null]"))
    assert problem.message.endswith("the pods may connect anywhere, on any port")
