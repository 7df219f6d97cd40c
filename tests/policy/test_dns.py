"""Whether an allowance can carry DNS: only what surely cannot counts as such."""

from __future__ import annotations

import pytest

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.dns import dns_reach, may_carry_dns, only_api_server
from kubectl_npcheck.policy.inventory import Group, Inventory, Unit
from kubectl_npcheck.policy.model import IPBlock, NetworkPolicy, Peer, Port, Rule
from kubectl_npcheck.policy.selectors import Selector, Term

UDP53 = Port(0, "UDP", 53)


def egress(peers: tuple[Peer, ...] | None, *ports: Port) -> Rule:
    return Rule("egress", 0, peers, ports or None)


def policy(*rules: Rule, namespace: str = "shop") -> NetworkPolicy:
    return NetworkPolicy(Origin("x"), "p", namespace, Selector(), False, True, egress=rules)


def group(namespace: str = "shop") -> Group:
    return Group(Inventory(), Unit("test"), namespace)


def reaches(*rules: Rule, namespace: str = "shop") -> tuple[bool, bool]:
    found = dns_reach(group(namespace), policy(*rules, namespace=namespace))
    return found.udp, found.tcp


@pytest.mark.parametrize(
    ("port", "udp", "tcp"),
    [
        (Port(0, "UDP", 53), True, False),
        (Port(0, "TCP", 53), False, True),
        (Port(0, "SCTP", 53), False, False),
        (Port(0, "UDP", None), True, False),
        (Port(0, "UDP", "dns"), True, False),
        (Port(0, "TCP", "dns"), False, True),
        (Port(0, "UDP", 5353), True, False),
        (Port(0, "UDP", 8053), True, False),
        (Port(0, "UDP", 54), False, False),
        (Port(0, "UDP", 50, 60), True, False),
        (Port(0, "UDP", 54, 60), False, False),
    ],
)
def test_ports(port: Port, udp: bool, tcp: bool) -> None:
    rule = egress(None, port)
    assert may_carry_dns(rule, "UDP") is udp
    assert may_carry_dns(rule, "TCP") is tcp
    assert reaches(rule) == (udp, tcp)


def test_without_ports_both() -> None:
    assert reaches(egress(None)) == (True, True)


@pytest.mark.parametrize(
    ("cidr", "may_be"),
    [
        ("0.0.0.0/0", True),
        ("10.0.0.0/8", True),
        ("172.31.255.255/32", True),
        ("172.32.0.0/11", False),
        ("192.168.1.1/32", True),
        ("100.64.0.10/32", True),
        ("169.254.20.10/32", True),
        ("8.8.8.0/24", False),
        ("fd00::/8", True),
        ("2001:4860:4860::8888/128", False),
        ("no block", True),
    ],
)
def test_blocks(cidr: str, may_be: bool) -> None:
    assert reaches(egress((Peer(0, ip_block=IPBlock(cidr)),), UDP53)) == (may_be, False)


def test_own_namespace_is_not_the_cluster_dns_except_in_its_own() -> None:
    own = egress((Peer(0, pod_selector=Selector()),), UDP53)
    assert reaches(own) == (False, False)
    assert reaches(own, namespace="kube-system") == (True, True)
    assert reaches(own, namespace="openshift-dns") == (True, True)


def test_a_void_selector_reaches_nobody() -> None:
    void = Selector((Term("a", "Exists", (), ()), Term("a", "DoesNotExist", (), ())))
    peer = Peer(0, pod_selector=void, namespace_selector=Selector())
    assert reaches(egress((peer,), UDP53)) == (False, False)


def test_entries_that_a_finding_points_at() -> None:
    tcp = Port(1, "TCP", 53)
    found = dns_reach(group(), policy(egress(None, UDP53, tcp)))
    assert found.only_udp is not None
    assert found.only_udp[1] is UDP53
    assert found.only_tcp is not None
    assert found.only_tcp[1] is tcp
    wrong = egress((Peer(0, pod_selector=Selector()),), UDP53)
    assert dns_reach(group(), policy(wrong)).wrong_peers is wrong


def test_only_the_api_server() -> None:
    api = egress(None, Port(0, "TCP", 6443))
    assert only_api_server([policy(api)])
    assert not only_api_server([policy(api), policy(egress(None))])
    assert not only_api_server([policy(api, egress(None, Port(0, "TCP", 443)))])
    assert not only_api_server([policy(egress(None, Port(0, "TCP", 6443, 6500)))])
    assert not only_api_server([policy()])
