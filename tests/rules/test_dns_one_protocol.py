"""Rule dns-one-protocol."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import dns_one_protocol
from tests.rules.support import found, netpol, problems

WEB = "podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]"
KUBE_SYSTEM = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}"
UDP = "{port: 53, protocol: UDP}"
TCP = "{port: 53, protocol: TCP}"


def egress(*rules: tuple[str, str], name: str = "web", head: str = WEB) -> str:
    """A policy with egress rules of (to, ports); an empty part is left out."""
    texts = []
    for to, ports in rules:
        fields = [f"to: [{to}]"] if to else []
        fields += [f"ports: [{ports}]"] if ports else []
        texts.append("{" + ", ".join(fields) + "}")
    return netpol(f"{head}, egress: [{', '.join(texts)}]", name=name)


@pytest.mark.parametrize(
    "text",
    [
        egress((KUBE_SYSTEM, f"{UDP}, {TCP}")),
        egress((KUBE_SYSTEM, f"{UDP}, {{port: 53}}")),  # TCP by default
        egress((KUBE_SYSTEM, UDP), (KUBE_SYSTEM, TCP)),
        egress((KUBE_SYSTEM, UDP), ("", TCP)),
        egress((KUBE_SYSTEM, UDP), ("", "")),  # everything
        egress((KUBE_SYSTEM, f"{UDP}, {{port: dns-tcp}}")),  # a named port may be it
        egress((KUBE_SYSTEM, f"{UDP}, {{protocol: TCP}}")),
        egress((KUBE_SYSTEM, "")),  # every port
        egress((KUBE_SYSTEM, "{protocol: UDP}")),  # not said with DNS in mind
        egress(("", TCP)),  # dns-blocked
        egress(("{ipBlock: {cidr: 8.8.8.8/32}}", UDP)),  # dns-blocked
        egress((KUBE_SYSTEM, UDP), head="podSelector: {}, policyTypes: [Ingress]"),  # dead
        # TCP from another policy of the union
        egress((KUBE_SYSTEM, UDP))
        + "---\n"
        + egress((KUBE_SYSTEM, TCP), name="tcp", head="podSelector: {}, policyTypes: [Egress]"),
        egress((KUBE_SYSTEM, UDP))
        + "---\n"
        + egress(("", ""), name="all", head="podSelector: {}, policyTypes: [Egress]"),
    ],
)
def test_silent(text: str) -> None:
    assert found(dns_one_protocol, text) == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (egress((KUBE_SYSTEM, UDP)), "spec.egress[0].ports[0]"),
        (egress(("", f"{{port: 443}}, {UDP}")), "spec.egress[0].ports[1]"),
        (egress((KUBE_SYSTEM, "{port: 5353, protocol: UDP}")), "spec.egress[0].ports[0]"),
        # TCP 53 only to what cannot be the cluster's DNS
        (egress((KUBE_SYSTEM, UDP), ("{podSelector: {}}", TCP)), "spec.egress[0].ports[0]"),
    ],
)
def test_reported(text: str, path: str) -> None:
    assert found(dns_one_protocol, text) == [f"web {path}"]


def test_tcp_for_a_part_of_the_pods_leaves_the_rest() -> None:
    part = "podSelector: {matchLabels: {tier: a}}, policyTypes: [Egress]"
    everyone = egress((KUBE_SYSTEM, UDP), head="podSelector: {}, policyTypes: [Egress]")
    (problem,) = problems(
        dns_one_protocol, everyone, egress((KUBE_SYSTEM, TCP), name="tcp", head=part)
    )
    assert problem.subject.name == "web"
    assert problem.fix is not None
    assert problem.fix.automatic


def test_a_rejected_sibling_gives_no_tcp() -> None:
    rejected = egress(
        (KUBE_SYSTEM, TCP), name="tcp", head="podSelector: {}, policyTypes: [Egress, X]"
    )
    assert found(dns_one_protocol, egress((KUBE_SYSTEM, UDP)), rejected) == [
        "web spec.egress[0].ports[0]"
    ]
