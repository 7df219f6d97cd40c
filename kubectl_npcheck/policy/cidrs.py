"""CIDR blocks as the API server reads them, and sets of addresses as sorted intervals.

The API accepts what Go's sloppy parser accepts (`netutils.ParseCIDRSloppy`): leading zeros, bits
beyond the prefix, IPv4-mapped IPv6. From Kubernetes 1.36 on a new object must be written
strictly; `Cidr` says in what respect a text is not. Addresses are plain integers.
Pure arithmetic; must not know peers' meaning or rules.
"""

from __future__ import annotations

from collections.abc import Iterable

from kubectl_npcheck.policy.addresses import (
    V4,
    V6,
    address_text,
    decimal,
    is_decimal,
    parse_address,
    parse_ipv4,
    parse_ipv6,
)
from kubectl_npcheck.policy.intervals import Intervals, merge, without
from kubectl_npcheck.policy.model import IPBlock
from kubectl_npcheck.record import Record

__all__ = [
    "NO_ADDRESS",
    "V4",
    "V6",
    "AddressSet",
    "Cidr",
    "address_text",
    "block_is_empty",
    "block_set",
    "blocks_set",
    "cidr_set",
    "contains",
    "has_address",
    "overlaps",
    "parse_address",
    "parse_cidr",
    "subtract",
    "union",
]

BITS = {V4: 32, V6: 128}


class Cidr(Record):
    """A parsed block. `family` (4 or 6), `first`, `last` and `prefix` are what it means.

    address:       the address as written, with its host bits
    host_bits:     bits are set beyond the prefix
    leading_zeros: an IPv4 octet or the prefix length has a leading zero
    mapped:        an IPv4 block written as IPv4-mapped IPv6
    text:          the block in its canonical form, host bits dropped
    """

    family: int
    first: int
    last: int
    prefix: int
    address: int
    host_bits: bool
    leading_zeros: bool
    mapped: bool
    text: str

    @property
    def single(self) -> str:
        """The one address as written, as a block: what was meant if the prefix is the mistake."""
        return f"{address_text(self.family, self.address)}/{BITS[self.family]}"


class AddressSet(Record):
    """Sorted, disjoint, non-adjacent (first, last) intervals of each family."""

    v4: Intervals
    v6: Intervals

    def family(self, family: int) -> Intervals:
        """The intervals of family 4 or 6."""
        return self.v4 if family == V4 else self.v6


NO_ADDRESS = AddressSet((), ())


def parse_cidr(text: str) -> Cidr | None:
    """A block, read as Go's `ParseCIDRSloppy` reads it; None if that rejects it."""
    head, slash, tail = text.partition("/")
    if not slash or not is_decimal(tail):
        return None
    prefix = decimal(tail)
    zeros = len(tail) > 1 and tail[0] == "0"
    family, mapped = V4, False
    quad = parse_ipv4(head)
    if quad is not None:
        address, odd = quad
        zeros = zeros or odd
    else:
        family = V6
        parsed = parse_ipv6(head)
        if parsed is None:
            return None
        address, odd = parsed
        zeros = zeros or odd
        mapped = address >> 32 == 0xFFFF
    if prefix > BITS[family]:
        return None
    host = (1 << (BITS[family] - prefix)) - 1
    host_bits = bool(address & host)
    first = address & ~host
    if mapped and prefix >= 96:
        family, prefix = V4, prefix - 96
        address, first = address & 0xFFFFFFFF, first & 0xFFFFFFFF
    name = f"{address_text(family, first)}/{prefix}"
    return Cidr(family, first, first | host, prefix, address, host_bits, zeros, mapped, name)


def block_set(block: IPBlock) -> AddressSet | None:
    """The addresses of an ipBlock: the cidr without its excepts; None if its cidr is none.

    An except that is no block, or of the other family, takes nothing away: the API rejects it.
    """
    cidr = parse_cidr(block.cidr)
    if cidr is None:
        return None
    holes = [hole for hole in map(parse_cidr, block.excepts) if hole is not None]
    return subtract(_interval(cidr), union([_interval(hole) for hole in holes]))


def block_is_empty(block: IPBlock) -> bool:
    """Whether the excepts of an ipBlock leave nothing of it."""
    return bool(block.excepts) and block_set(block) == NO_ADDRESS


def blocks_set(blocks: Iterable[IPBlock]) -> AddressSet:
    """The union of several ipBlocks; one with an unreadable cidr adds nothing."""
    return union([found for found in map(block_set, blocks) if found is not None])


def union(sets: Iterable[AddressSet]) -> AddressSet:
    """All addresses that are in any of the sets."""
    v4: list[tuple[int, int]] = []
    v6: list[tuple[int, int]] = []
    for addresses in sets:
        v4 += addresses.v4
        v6 += addresses.v6
    return AddressSet(merge(v4), merge(v6))


def subtract(a: AddressSet, b: AddressSet) -> AddressSet:
    """The addresses of `a` that are not in `b`."""
    return AddressSet(without(a.v4, b.v4), without(a.v6, b.v6))


def contains(outer: AddressSet, inner: AddressSet) -> bool:
    """Whether every address of `inner` is in `outer`."""
    return subtract(inner, outer) == NO_ADDRESS


def overlaps(a: AddressSet, b: AddressSet) -> bool:
    """Whether the sets share an address."""
    return subtract(a, b) != a


def has_address(addresses: AddressSet, family: int, address: int) -> bool:
    """Whether one address is in the set."""
    return any(first <= address <= last for first, last in addresses.family(family))


def cidr_set(text: str) -> AddressSet:
    """The addresses of one block, for constants; ValueError if the text is no CIDR."""
    cidr = parse_cidr(text)
    if cidr is None:
        raise ValueError(f"not a CIDR: {text}")
    return _interval(cidr)


def _interval(cidr: Cidr) -> AddressSet:
    whole = ((cidr.first, cidr.last),)
    return AddressSet(whole, ()) if cidr.family == V4 else AddressSet((), whole)
