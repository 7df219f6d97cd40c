"""Questions to unions by address: whole families, the metadata service, gaps between families."""

from __future__ import annotations

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.cidrs import V4, V6
from kubectl_npcheck.policy.model import IPBlock, NetworkPolicy, Peer, Port, Rule
from kubectl_npcheck.policy.reach import (
    family_gap,
    metadata_reach,
    opens_family,
    rule_addresses,
    whole_families,
)
from kubectl_npcheck.policy.selectors import Selector


def rule(*blocks: IPBlock, ports: tuple[Port, ...] | None = None) -> Rule:
    peers = tuple([Peer(index, ip_block=block) for index, block in enumerate(blocks)])
    return Rule("egress", 0, peers, ports)


def policy(*rules: Rule) -> NetworkPolicy:
    return NetworkPolicy(Origin("x"), "p", "n", Selector(), False, True, egress=rules)


ANY = Rule("egress", 0, None, None)
PODS = Rule("egress", 0, (Peer(0, pod_selector=Selector()),), None)


def test_only_blocks_have_addresses() -> None:
    assert rule_addresses(ANY).v4 == ()
    assert rule_addresses(PODS).v4 == ()
    assert whole_families(rule_addresses(rule(IPBlock("0.0.0.0/0"), IPBlock("::/0")))) == (4, 6)
    assert whole_families(rule_addresses(rule(IPBlock("0.0.0.0/1")))) == ()


@given(st.integers(0, 4), st.randoms(use_true_random=False))
def test_splitting_a_range_changes_nothing(depth: int, random: object) -> None:
    parts = list(ipaddress.ip_network("0.0.0.0/0").subnets(prefixlen_diff=depth))
    random.shuffle(parts)  # type: ignore[attr-defined]
    blocks = [IPBlock(str(part)) for part in parts]
    assert whole_families(rule_addresses(rule(*blocks))) == (V4,)
    assert whole_families(rule_addresses(rule(*blocks[1:]))) == ()


NETWORKS = st.builds(
    lambda address, prefix: str(ipaddress.ip_network((address, prefix), strict=False)),
    st.sampled_from([0xA9FEA9FE, 0xA9FEA9FF, 0xA9FE0000, 0x0A000000, 0xA8000000]),
    st.integers(0, 32),
)


@given(st.lists(NETWORKS, max_size=3), st.lists(NETWORKS, max_size=2), st.sampled_from([80, 443]))
def test_metadata_by_width_is_what_the_addresses_say(
    cidrs: list[str], excepts: list[str], port: int
) -> None:
    address = ipaddress.ip_address("169.254.169.254")
    spared = not any(address in ipaddress.ip_network(hole) for hole in excepts)
    wide = narrow = False
    for cidr in cidrs:
        network = ipaddress.ip_network(cidr)
        if address in network and spared and port == 80:
            wide = wide or network.prefixlen <= 16
            narrow = narrow or network.prefixlen > 16
    blocks = [IPBlock(cidr, tuple(excepts)) for cidr in cidrs]
    reach = metadata_reach(policy(rule(*blocks, ports=(Port(0, "TCP", port),))))
    assert (reach.by_width is not None, reach.on_purpose) == (wide, narrow)


def test_any_peer_reaches_metadata_on_purpose() -> None:
    assert metadata_reach(policy(ANY)).on_purpose
    assert not metadata_reach(policy(PODS)).on_purpose
    only_https = Rule("egress", 0, None, (Port(0, "TCP", 443),))
    assert not metadata_reach(policy(only_https)).on_purpose


def test_gap_and_what_lifts_it() -> None:
    restricts = rule(IPBlock("10.0.0.0/8"), IPBlock("::/0"))
    gap = family_gap([restricts])
    assert gap is not None
    assert (gap.open, gap.held) == (V6, V4)
    assert family_gap([restricts, ANY]) is None
    assert opens_family(ANY, gap)
    assert opens_family(rule(IPBlock("0.0.0.0/1"), IPBlock("128.0.0.0/1")), gap)
    assert not opens_family(rule(IPBlock("::/0")), gap)
    assert not opens_family(rule(IPBlock("0.0.0.0/0"), ports=(Port(0, "TCP", 443),)), gap)


def test_a_family_without_blocks_is_closed() -> None:
    assert family_gap([rule(IPBlock("0.0.0.0/0"))]) is None
    assert family_gap([PODS]) is None
