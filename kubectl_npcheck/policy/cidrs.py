"""CIDR blocks as the API server reads them, and sets of addresses as sorted intervals.

The API accepts what Go's sloppy parser accepts (`netutils.ParseCIDRSloppy`): leading zeros, bits
beyond the prefix, IPv4-mapped IPv6. From Kubernetes 1.36 on a new object must be written
strictly; `Cidr` says in what respect a text is not. Addresses are plain integers.
Pure arithmetic; must not know peers' meaning or rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubectl_npcheck.policy.model import IPBlock

V4 = 4
V6 = 6
BITS = {V4: 32, V6: 128}
_MAPPED = 0xFFFF << 32
_DIGITS = "0123456789"
_HEX = "0123456789abcdefABCDEF"


class Cidr(NamedTuple):
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


class AddressSet(NamedTuple):
    """Sorted, disjoint, non-adjacent (first, last) intervals of each family."""

    v4: tuple[tuple[int, int], ...]
    v6: tuple[tuple[int, int], ...]

    def family(self, family: int) -> tuple[tuple[int, int], ...]:
        """The intervals of family 4 or 6."""
        return self.v4 if family == V4 else self.v6


NO_ADDRESS = AddressSet((), ())


def parse_cidr(text: str) -> Cidr | None:
    """A block, read as Go's `ParseCIDRSloppy` reads it; None if that rejects it."""
    head, slash, tail = text.partition("/")
    if not slash or not _is_decimal(tail):
        return None
    prefix = _decimal(tail)
    zeros = len(tail) > 1 and tail[0] == "0"
    family, mapped = V4, False
    quad = _parse_ipv4(head)
    if quad is not None:
        address, odd = quad
        zeros = zeros or odd
    else:
        family = V6
        parsed = _parse_ipv6(head)
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


def parse_address(text: str) -> tuple[int, int] | None:
    """(family, address) of an IP address without prefix, None if it is none."""
    quad = _parse_ipv4(text)
    if quad is not None:
        return V4, quad[0]
    parsed = _parse_ipv6(text)
    if parsed is None:
        return None
    address = parsed[0]
    return (V4, address & 0xFFFFFFFF) if address >> 32 == 0xFFFF else (V6, address)


def address_text(family: int, address: int) -> str:
    """The address in its canonical form (IPv6: RFC 5952)."""
    if family == V4:
        return ".".join([str(address >> shift & 255) for shift in (24, 16, 8, 0)])
    groups = [address >> shift & 0xFFFF for shift in range(112, -1, -16)]
    start, length = _longest_zeros(groups)
    if length < 2:
        return ":".join([f"{group:x}" for group in groups])
    left = ":".join([f"{group:x}" for group in groups[:start]])
    right = ":".join([f"{group:x}" for group in groups[start + length :]])
    return f"{left}::{right}"


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
    return AddressSet(_without(a.v4, b.v4), _without(a.v6, b.v6))


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


def merge(intervals: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Intervals of integers, sorted, with overlapping and adjacent ones joined."""
    if len(intervals) < 2:
        return tuple(intervals)
    joined: list[tuple[int, int]] = []
    for first, last in sorted(intervals):
        if joined and first <= joined[-1][1] + 1:
            if last > joined[-1][1]:
                joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)


def _interval(cidr: Cidr) -> AddressSet:
    whole = ((cidr.first, cidr.last),)
    return AddressSet(whole, ()) if cidr.family == V4 else AddressSet((), whole)


def _without(
    whole: tuple[tuple[int, int], ...], holes: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    if not holes:
        return whole
    left: list[tuple[int, int]] = []
    for first, last in whole:
        for start, end in holes:
            if end < first:
                continue
            if start > last:
                break
            if first < start:
                left.append((first, start - 1))
            first = end + 1
        if first <= last:
            left.append((first, last))
    return tuple(left)


def _is_decimal(text: str) -> bool:
    """ASCII digits only, and few enough for a number that Go's parser takes."""
    return len(text) > 0 and not text.strip(_DIGITS) and len(text.lstrip("0")) < 8


def _decimal(text: str) -> int:
    """The number; without its leading zeros, since Python bounds the digits that it converts."""
    return int(text.lstrip("0") or "0")


def _parse_ipv4(text: str) -> tuple[int, bool] | None:
    """Address, and whether an octet has leading zeros."""
    octets = text.split(".")
    if len(octets) != 4:
        return None
    address = 0
    odd = False
    for octet in octets:
        if not _is_decimal(octet) or _decimal(octet) > 255:
            return None
        odd = odd or (len(octet) > 1 and octet[0] == "0")
        address = address << 8 | _decimal(octet)
    return address, odd


def _parse_ipv6(text: str) -> tuple[int, bool] | None:
    """Address, and whether an embedded IPv4 octet has leading zeros, or a group five digits."""
    head, gap, tail = text.partition("::")
    left = _groups(head, last=not gap)
    right = _groups(tail, last=True)
    if left is None or right is None:
        return None
    count = len(left[0]) + len(right[0])
    if count > 7 if gap else count != 8:
        return None
    address = 0
    for group in left[0] + [0] * (8 - count) + right[0]:
        address = address << 16 | group
    return address, left[1] or right[1]


def _groups(text: str, last: bool) -> tuple[list[int], bool] | None:
    """The groups of one side of `::`; only the last one may be an IPv4 address."""
    groups: list[int] = []
    odd = False
    parts = text.split(":") if text else []
    for number, part in enumerate(parts):
        if "." in part:
            quad = _parse_ipv4(part)
            if quad is None or not last or number + 1 < len(parts):
                return None
            groups += (quad[0] >> 16, quad[0] & 0xFFFF)
            odd = odd or quad[1]
        elif not part or part.strip(_HEX) or len(part.lstrip("0")) > 4:
            return None
        else:
            groups.append(int(part, 16))
            odd = odd or len(part) > 4
    return groups, odd


def _longest_zeros(groups: list[int]) -> tuple[int, int]:
    """Start and length of the first longest run of zero groups."""
    best = (0, 0)
    start = 0
    for index, group in enumerate(groups):
        if group:
            start = index + 1
        elif index + 1 - start > best[1]:
            best = (start, index + 1 - start)
    return best
