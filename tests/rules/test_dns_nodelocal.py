"""Rule dns-nodelocal."""

from __future__ import annotations

import pytest

from kubectl_npcheck.findings import Severity
from kubectl_npcheck.rules import dns_nodelocal
from tests.rules.live import live_problems, pod, stored
from tests.rules.manifests import deployment
from tests.rules.support import found, netpol, problems

CACHE = deployment(
    "node-local-dns",
    "k8s-app: node-local-dns",
    "kube-system",
    pod="hostNetwork: true",
    kind="DaemonSet",
)
CALICO = (
    "apiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\n"
    "metadata: {name: c, namespace: shop}\n"
)
WEB = "podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]"
DNS_PORTS = "ports: [{port: 53, protocol: UDP}, {port: 53}]"
DNS_PODS = "namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}"
DNS = f"egress: [{{to: [{{{DNS_PODS}}}], {DNS_PORTS}}}]"
DB = "to: [{podSelector: {matchLabels: {app: db}}}]"


def block(cidr: str, excepts: str = "") -> str:
    """DNS allowed to the DNS pods and to a block."""
    return (
        f"egress: [{{to: [{{{DNS_PODS}}}, {{ipBlock: {{cidr: {cidr}{excepts}}}}}], {DNS_PORTS}}}]"
    )


@pytest.mark.parametrize(
    "documents",
    [
        [netpol(f"{WEB}, {DNS}")],  # the input does not hold the cache
        [CACHE, netpol(f"{WEB}, {block('169.254.20.10/32')}")],
        [CACHE, netpol(f"{WEB}, {block('0.0.0.0/0')}")],
        [CACHE, netpol(f"{WEB}, egress: [{{{DNS_PORTS}}}]")],
        [CACHE, netpol(f"{WEB}, egress: [{{}}]")],
        [CACHE, netpol(f"{WEB}, {DNS}"), CALICO],  # not read, and may allow it
        [CACHE, netpol(WEB)],  # denied as a whole
        [CACHE, netpol(f"{WEB}, egress: [{{{DB}, ports: [{{port: 80}}]}}]")],  # dns-blocked
        [CACHE, netpol("podSelector: {}, policyTypes: [Ingress]")],
        [CACHE, netpol(f"{WEB}, {DNS}", namespace="kube-system")],
        # another policy of these pods allows it
        [
            CACHE,
            netpol(f"{WEB}, {DNS}"),
            netpol(f"podSelector: {{}}, policyTypes: [Egress], {block('169.254.0.0/16')}", "dns"),
        ],
    ],
)
def test_silent(documents: list[str]) -> None:
    assert found(dns_nodelocal, *documents) == []


@pytest.mark.parametrize(
    ("policy", "path"),
    [
        (netpol(f"{WEB}, {DNS}"), "spec.egress[0].to"),
        (netpol(f"{WEB}, {block('10.0.0.0/8')}"), "spec.egress[0].to"),
        (
            netpol(f"{WEB}, {block('169.254.0.0/16', ', except: [169.254.20.0/24]')}"),
            "spec.egress[0].to",
        ),
        (
            netpol(
                f"{WEB}, {DNS[:-1]}, {{to: [{{ipBlock: {{cidr: 169.254.20.10/32}}}}], "
                "ports: [{port: 53}]}]"  # TCP alone
            ),
            "spec.egress[0].to",
        ),
        (netpol(f"{WEB}, egress: [{{to: [{{namespaceSelector: {{}}}}]}}]"), "spec.egress"),
    ],
)
@pytest.mark.parametrize(
    "cache",
    [
        CACHE,
        CACHE.replace("k8s-app: node-local-dns", "app: cache"),
        CACHE.replace("k8s-app: node-local-dns", "k8s-app: nodelocaldns").replace(
            "name: n", "name: x-n"
        ),
    ],
)
def test_reported(policy: str, path: str, cache: str) -> None:
    assert found(dns_nodelocal, cache, policy) == [f"web {path}"]


def test_each_class_once_and_who_is_on_record_is_left_alone() -> None:
    known = netpol(f"{WEB}, {DNS}", "known", annotations="npcheck/ignore: dns-nodelocal")
    assert found(dns_nodelocal, CACHE, netpol(f"{WEB}, {DNS}"), netpol(f"{WEB}, {DNS}", "b")) == [
        "web spec.egress[0].to"
    ]
    assert "web spec.egress[0].to" not in found(
        dns_nodelocal, CACHE, netpol(f"{WEB}, {DNS}"), known
    )


def test_the_evidence_on_files() -> None:
    (problem,) = problems(dns_nodelocal, CACHE, netpol(f"{WEB}, {DNS}"))
    assert problem.severity is None
    assert problem.evidence[:2] == (
        "DaemonSet node-local-dns runs in namespace kube-system: it answers at 169.254.20.10, "
        "which only an ipBlock reaches",
        "pods app=web: no policy allows them UDP 53 to that address",
    )


@pytest.mark.parametrize(
    ("pods", "severity"),
    [
        ([], None),
        ([pod("web-1", "app: web")], Severity.WARNING),
        ([pod("web-1", "app: web", spec="dnsPolicy: Default")], None),
        ([pod("web-1", "app: web", spec="hostNetwork: true")], None),
    ],
)
def test_live_it_is_a_warning_where_pods_are_concerned(
    pods: list[str], severity: Severity | None
) -> None:
    cache = pod("node-local-dns-x7", "k8s-app: node-local-dns", "kube-system", "hostNetwork: true")
    (problem,) = live_problems(dns_nodelocal, cache, stored(f"{WEB}, {DNS}"), *pods)
    assert problem.severity is severity
