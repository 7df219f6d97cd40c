"""Whether one rule allows all that another does, against trying out all connections."""

from __future__ import annotations

import ipaddress
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.policy.containment import rule_contains
from kubectl_npcheck.policy.model import IPBlock, Peer, Port, Rule
from kubectl_npcheck.policy.selectors import Selector, Term
from tests.policy.universe import EVERY_LABEL_SET, holds, selector, selectors

OWN = "shop"
NAME = "kubernetes.io/metadata.name"
NAMESPACES = [{NAME: name, **labels} for name in (OWN, "web") for labels in EVERY_LABEL_SET[::5]]
ADDRESSES = ["10.0.0.1", "10.0.0.130", "10.1.0.1", "192.0.2.1", "fd00::1"]
PORTS = [("TCP", 80), ("TCP", 85), ("TCP", 9000), ("UDP", 80), ("UDP", 53)]
BLOCKS = [
    IPBlock("10.0.0.0/8"),
    IPBlock("10.0.0.0/24"),
    IPBlock("10.0.0.0/24", ("10.0.0.128/25",)),
    IPBlock("10.0.0.0/8", ("10.0.0.0/16",)),
    IPBlock("10.0.0.1/32"),
    IPBlock("0.0.0.0/0"),
    IPBlock("::/0"),
    IPBlock("rubbish"),
]
NAMED = [Selector((Term(NAME, "In", (name,), ()),)) for name in (OWN, "web")]


@st.composite
def peers(draw: st.DrawFn) -> Peer:
    if draw(st.integers(0, 2)) == 0:
        return Peer(0, ip_block=draw(st.sampled_from(BLOCKS)))
    pods = draw(st.one_of(st.none(), selectors()))
    spaces = draw(st.one_of(st.none(), selectors(), st.sampled_from(NAMED)))
    return Peer(0, Selector() if pods is None and spaces is None else pods, spaces)


@st.composite
def ports(draw: st.DrawFn) -> Port:
    protocol = draw(st.sampled_from(("TCP", "UDP")))
    number = draw(st.sampled_from((None, 80, 85, "http")))
    return Port(0, protocol, number, 9000 if number == 80 and draw(st.booleans()) else None)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    some_peers = draw(st.lists(peers(), max_size=2))
    some_ports = draw(st.lists(ports(), max_size=2))
    return Rule("ingress", 0, tuple(some_peers) or None, tuple(some_ports) or None)


def allowed(rule: Rule, http: int) -> set[object]:
    """All connections that the rule allows, where the named port stands for a number."""
    pods = [(space, labels) for space in range(len(NAMESPACES)) for labels in range(64)]
    ends: set[object] = set()
    for peer in rule.peers or ():
        if peer.ip_block is not None:
            ends |= {address for address in ADDRESSES if in_block(peer.ip_block, address)}
        else:
            ends |= {end for end in pods if is_pod(peer, *end)}
    if rule.peers is None:
        ends = {*pods, *ADDRESSES}
    numbers = [
        p for p in PORTS if rule.ports is None or any(is_port(e, p, http) for e in rule.ports)
    ]
    if rule.ports is None:
        numbers.append(("ICMP", 0))
    return set(product(ends, numbers))


def is_pod(peer: Peer, space: int, labels: int) -> bool:
    namespace = NAMESPACES[space]
    if peer.namespace_selector is None:
        if namespace[NAME] != OWN:
            return False
    elif not holds(peer.namespace_selector, namespace):
        return False
    return peer.pod_selector is None or holds(peer.pod_selector, EVERY_LABEL_SET[labels])


def in_block(block: IPBlock, address: str) -> bool:
    try:
        inside = ipaddress.ip_address(address) in ipaddress.ip_network(block.cidr)
    except ValueError:
        return False
    return inside and not any(
        ipaddress.ip_address(address) in ipaddress.ip_network(cidr) for cidr in block.excepts
    )


def is_port(entry: Port, port: tuple[str, int], http: int) -> bool:
    first = http if isinstance(entry.port, str) else entry.port
    if entry.protocol != port[0]:
        return False
    return first is None or first <= port[1] <= (entry.end_port or first)


@given(rules(), rules())
def test_what_contains_allows_all_of_it(outer: Rule, inner: Rule) -> None:
    if rule_contains(outer, inner, OWN):
        for http in (80, 85, 9000):
            assert allowed(inner, http) <= allowed(outer, http)


@given(rules())
def test_every_rule_contains_itself(rule: Rule) -> None:
    assert rule_contains(rule, rule, OWN)
    assert rule_contains(Rule("ingress", 1, None, None), rule, OWN)


def peer(pods: str | None = None, spaces: str | None = None, cidr: str = "") -> tuple[Peer, ...]:
    if cidr:
        return (Peer(0, ip_block=IPBlock(cidr)),)
    own = None if pods is None else selector(pods)
    return (Peer(0, own, None if spaces is None else selector(spaces)),)


@pytest.mark.parametrize(
    ("outer", "inner", "contained"),
    [
        (peer(""), peer("app=a"), True),
        (peer(None, ""), peer("app=a"), True),
        (peer("app=a", ""), peer("app=a"), True),
        (peer(None, "zone=a"), peer("app=a"), False),  # which namespaces these are is not known
        (peer("", f"{NAME}={OWN}"), peer("app=a"), True),
        (peer("", f"{NAME}={OWN} zone=a"), peer("app=a"), False),
        (peer(""), peer("app=a", f"{NAME}={OWN}"), True),
        (peer(""), peer("app=a", f"{NAME}=web"), False),
        (peer("app=a", "zone"), peer("app=a", "zone=b"), True),
        (peer(cidr="10.0.0.0/8"), peer(cidr="10.9.0.0/16"), True),
        (peer(cidr="10.9.0.0/16"), peer(cidr="10.0.0.0/8"), False),
        (peer(cidr="0.0.0.0/0"), peer("app=a"), False),  # pods are no addresses here
        (peer(None, ""), peer(cidr="10.0.0.1/32"), False),
        (peer(cidr="::/0"), peer(cidr="10.0.0.0/8"), False),
    ],
)
def test_peers(outer: tuple[Peer, ...], inner: tuple[Peer, ...], contained: bool) -> None:
    wide, narrow = Rule("ingress", 0, outer, None), Rule("ingress", 1, inner, None)
    assert rule_contains(wide, narrow, OWN) is contained
    assert not rule_contains(wide, Rule("ingress", 2, None, None), OWN)


@pytest.mark.parametrize(
    ("outer", "inner", "contained"),
    [
        ((), ("10.0.1.0/24",), True),
        (("10.0.1.0/24",), (), False),
        (("10.0.1.0/24",), ("10.0.1.0/24", "10.0.2.0/24"), True),
        (("10.0.1.0/24",), ("10.0.2.0/24",), False),
    ],
)
def test_excepts(outer: tuple[str, ...], inner: tuple[str, ...], contained: bool) -> None:
    wide, narrow = (
        Rule("ingress", 0, (Peer(0, ip_block=IPBlock("10.0.0.0/16", excepts)),), None)
        for excepts in (outer, inner)
    )
    assert rule_contains(wide, narrow, OWN) is contained


def test_without_a_namespace_its_name_is_unknown() -> None:
    named = Rule("ingress", 0, peer("", f"{NAME}={OWN}"), None)
    own = Rule("ingress", 1, peer("app=a"), None)
    assert not rule_contains(named, own, None)
