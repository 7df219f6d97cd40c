"""Rule metadata-reachable."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import metadata_reachable
from tests.rules.support import found, netpol
from tests.rules.test_egress_anywhere import egress

ON_PURPOSE = egress("169.254.169.254/32").replace("name: web", "name: metadata")
EVERYTHING = netpol("podSelector: {}, policyTypes: [Egress], egress: [{}]", name="all")


@pytest.mark.parametrize(
    "text",
    [
        egress("169.254.169.254/32"),  # deliberate
        egress("169.254.128.0/17"),
        egress("0.0.0.0/0 but 169.254.169.254/32"),
        egress("0.0.0.0/0 but 169.254.0.0/16"),
        egress("0.0.0.0/0", ports="{port: 443}"),  # other ports
        egress("0.0.0.0/0", ports="{port: 80, protocol: UDP}"),
        egress("0.0.0.0/0", ports="{port: http}"),  # a named port is not sure
        egress("0.0.0.0/0", ports="{port: 81, endPort: 90}"),
        egress("10.0.0.0/8"),
        egress("::/0"),
        egress("0.0.0.0/0", types="[Ingress]"),  # dead
        netpol("podSelector: {}, policyTypes: [Egress], egress: [{}]"),  # not by a block
        netpol("podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]"),
        egress("0.0.0.0/0", "169.254.169.254/32"),
        # another policy of the same pods says so, or allows everything
        egress("0.0.0.0/0") + "---\n" + ON_PURPOSE,
        egress("0.0.0.0/0") + "---\n" + EVERYTHING,
    ],
)
def test_silent(text: str) -> None:
    assert found(metadata_reachable, text) == []


@pytest.mark.parametrize(
    ("text", "to"),
    [
        (egress("0.0.0.0/0"), 0),
        (egress("10.0.0.0/8", "0.0.0.0/0 but 10.0.0.0/8"), 1),
        (egress("169.254.0.0/16"), 0),
        (egress("128.0.0.0/1", ports="{port: 443}, {port: 80}"), 0),
        (egress("0.0.0.0/0", ports="{protocol: TCP}"), 0),
        (egress("0.0.0.0/0", ports="{port: 1, endPort: 1024}"), 0),
        # the others select other pods, or do not reach it on TCP 80
        (egress("0.0.0.0/0") + "---\n" + ON_PURPOSE.replace("{}", "{matchLabels: {a: b}}"), 0),
        (egress("0.0.0.0/0") + "---\n" + egress("169.254.169.254/32", ports="{port: 53}"), 0),
        # or the API rejects them
        (egress("0.0.0.0/0") + "---\n" + ON_PURPOSE.replace("[Egress]", "[Egress, X]"), 0),
    ],
)
def test_reported(text: str, to: int) -> None:
    assert found(metadata_reachable, text) == [f"web spec.egress[0].to[{to}].ipBlock.cidr"]
