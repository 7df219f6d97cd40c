from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.policy.cidrs import (
    NO_ADDRESS,
    V4,
    V6,
    AddressSet,
    address_text,
    block_is_empty,
    block_set,
    blocks_set,
    cidr_set,
    contains,
    has_address,
    overlaps,
    parse_address,
    parse_cidr,
    subtract,
    union,
)
from kubectl_npcheck.policy.model import IPBlock

# Blocks among 32 addresses, small enough to try each.
BASE = int(ipaddress.ip_address("192.0.2.0"))
SMALL = st.tuples(st.integers(0, 31), st.integers(27, 32)).map(
    lambda pair: str(ipaddress.ip_network((BASE + pair[0], pair[1]), strict=False))
)
SETS = st.lists(SMALL, max_size=5).map(lambda cidrs: union(map(cidr_set, cidrs)))


def members(addresses: AddressSet) -> set[int]:
    return {n for n in range(32) if has_address(addresses, V4, BASE + n)}


@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_ipv4_as_the_standard_library(address: int, prefix: int) -> None:
    check_against_library(f"{ipaddress.IPv4Address(address)}/{prefix}")


@given(
    st.integers(0, 2**128 - 1) | st.integers(0, 2**40) | st.integers(0, 127).map(lambda n: 1 << n),
    st.integers(0, 128),
)
def test_ipv6_as_the_standard_library(address: int, prefix: int) -> None:
    if address >> 32 == 0xFFFF:
        return
    check_against_library(f"{ipaddress.IPv6Address(address)}/{prefix}")
    check_against_library(f"{ipaddress.IPv6Address(address).exploded}/{prefix}")


def check_against_library(text: str) -> None:
    expected = ipaddress.ip_network(text, strict=False)
    found = parse_cidr(text)
    assert found is not None
    assert found.family == expected.version
    assert found.first == int(expected.network_address)
    assert found.last == int(expected.broadcast_address)
    assert found.prefix == expected.prefixlen
    assert found.text == str(expected)
    assert found.address == int(ipaddress.ip_interface(text).ip)
    assert found.host_bits == (found.address != found.first)
    assert not found.leading_zeros
    assert not found.mapped


@given(st.text("0123456789abcf:./%g ", max_size=24))
def test_what_the_standard_library_takes_is_taken(text: str) -> None:
    found = parse_cidr(text)
    try:
        expected = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return
    if "%" in text or "/" not in text or "." in text.rpartition("/")[2]:
        return  # zones, single addresses and netmasks are not for Kubernetes
    assert found is not None
    if not found.mapped:
        assert found.first == int(expected.network_address)
        assert found.prefix == expected.prefixlen


@pytest.mark.parametrize(
    ("text", "canonical", "flags"),
    [
        ("10.0.0.0/8", "10.0.0.0/8", ""),
        ("10.0.0.1/8", "10.0.0.0/8", "host"),
        ("010.000.000.000/8", "10.0.0.0/8", "zeros"),
        ("10.0.0.0/08", "10.0.0.0/8", "zeros"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8", "mapped"),
        ("::ffff:a00:0/104", "10.0.0.0/8", "mapped"),
        ("::ffff:10.0.0.1/104", "10.0.0.0/8", "host mapped"),
        ("::ffff:10.0.0.0/64", "::/64", "host mapped"),
        ("::ffff:010.0.0.0/104", "10.0.0.0/8", "zeros mapped"),
        ("0.0.0.0/0", "0.0.0.0/0", ""),
        ("::/0", "::/0", ""),
        ("2001:DB8:0:0:0:0:0:0/32", "2001:db8::/32", ""),
        ("2001:0db8::/32", "2001:db8::/32", ""),
        ("64:ff9b::10.0.0.0/104", "64:ff9b::a00:0/104", ""),
        ("1:2:3:4:5:6:7::/112", "1:2:3:4:5:6:7:0/112", ""),
        ("169.254.169.254/32", "169.254.169.254/32", ""),
        ("10.0.0.0/" + "0" * 9000 + "8", "10.0.0.0/8", "zeros"),
    ],
)
def test_forms(text: str, canonical: str, flags: str) -> None:
    found = parse_cidr(text)
    assert found is not None
    assert found.text == canonical
    named = {"host": found.host_bits, "zeros": found.leading_zeros, "mapped": found.mapped}
    assert [name for name, is_set in named.items() if is_set] == flags.split()


@pytest.mark.parametrize(
    "text",
    [
        "", "/", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0/8", "10.0.0.0.0/8",
        "10.0.0.256/8", "10.0.0.0/-1", "10.0.0.0/+8", " 10.0.0.0/8", "10.0.0.0/8 ", "10.0.0.0/8/8",
        "1:2:3:4:5:6:7:8::/64", "1::2::3/64", ":::/64", "1:/64", ":1/64", "12345::/16", "g::/16",
        "::1.2.3/64", "1.2.3.4::/64", "::1.2.3.4:5/64", "fe80::1%eth0/64", "١٠.0.0.0/8", "10.0.0.0/٨",
        "${CIDR}", "10.0.0.0/255.0.0.0", "0x10.0.0.0/8", "::ffff:10.0.0.0/129", "9" * 9000 + ".0.0.0/8",
    ],
)  # fmt: skip
def test_what_the_api_rejects(text: str) -> None:
    assert parse_cidr(text) is None


def test_the_single_address_of_an_ambiguous_block() -> None:
    found = parse_cidr("10.0.0.1/8")
    assert found is not None
    assert found.single == "10.0.0.1/32"
    six = parse_cidr("2001:db8::1/32")
    assert six is not None
    assert six.single == "2001:db8::1/128"


@given(SETS, SETS)
def test_sets_against_each_address(a: AddressSet, b: AddressSet) -> None:
    assert members(union([a, b])) == members(a) | members(b)
    assert members(subtract(a, b)) == members(a) - members(b)
    assert contains(a, b) == (members(b) <= members(a))
    assert overlaps(a, b) == bool(members(a) & members(b))
    assert (a == b) == (members(a) == members(b))


@given(SMALL, st.lists(SMALL, max_size=5))
def test_a_block_without_its_excepts(cidr: str, excepts: list[str]) -> None:
    block = IPBlock(cidr, tuple(excepts))
    found = block_set(block)
    assert found is not None
    left = members(cidr_set(cidr)) - {n for hole in excepts for n in members(cidr_set(hole))}
    assert members(found) == left
    assert block_is_empty(block) == (not left)


@given(SMALL)
def test_a_block_is_the_union_of_its_halves(cidr: str) -> None:
    network = ipaddress.ip_network(cidr)
    halves = [IPBlock(str(half)) for half in network.subnets()]
    assert blocks_set(halves) == block_set(IPBlock(cidr))


def test_the_internet_in_parts() -> None:
    halves = blocks_set([IPBlock("128.0.0.0/1"), IPBlock("0.0.0.0/1"), IPBlock("::/0")])
    assert contains(halves, cidr_set("0.0.0.0/0"))
    assert contains(halves, cidr_set("::/0"))
    holed = blocks_set([IPBlock("0.0.0.0/0", ("10.0.0.0/8",))])
    assert not contains(holed, cidr_set("0.0.0.0/0"))
    assert not overlaps(holed, cidr_set("10.1.0.0/16"))
    assert overlaps(holed, cidr_set("10.0.0.0/7"))


def test_families_do_not_meet() -> None:
    assert not overlaps(cidr_set("0.0.0.0/0"), cidr_set("::/0"))
    assert block_set(IPBlock("10.0.0.0/8", ("::/0",))) == cidr_set("10.0.0.0/8")
    assert not has_address(cidr_set("::/0"), V4, 1)
    assert has_address(cidr_set("::/0"), V6, 1)


def test_a_mapped_block_means_ipv4() -> None:
    assert block_set(IPBlock("::ffff:10.0.0.0/104")) == cidr_set("10.0.0.0/8")


def test_unreadable_blocks() -> None:
    assert block_set(IPBlock("nonsense")) is None
    assert not block_is_empty(IPBlock("nonsense", ("10.0.0.0/8",)))
    assert blocks_set([IPBlock("nonsense")]) == NO_ADDRESS
    with pytest.raises(ValueError, match="nonsense"):
        cidr_set("nonsense")


def test_addresses() -> None:
    assert parse_address("169.254.169.254") == (V4, 0xA9FEA9FE)
    assert parse_address("::ffff:169.254.169.254") == (V4, 0xA9FEA9FE)
    assert parse_address("fd00::1") == (V6, 0xFD << 120 | 1)
    assert parse_address("web") is None
    assert address_text(V4, 0xA9FEA9FE) == "169.254.169.254"
