"""IP addresses as text and as integers, read as Go's sloppy parser reads them.

Pure text arithmetic; must not know prefixes, blocks or policies.
"""

from __future__ import annotations

V4 = 4
V6 = 6
_DIGITS = "0123456789"
_HEX = "0123456789abcdefABCDEF"


def parse_address(text: str) -> tuple[int, int] | None:
    """(family, address) of an IP address without prefix, None if it is none."""
    quad = parse_ipv4(text)
    if quad is not None:
        return V4, quad[0]
    parsed = parse_ipv6(text)
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


def is_decimal(text: str) -> bool:
    """ASCII digits only, and few enough for a number that Go's parser takes."""
    return len(text) > 0 and not text.strip(_DIGITS) and len(text.lstrip("0")) < 8


def decimal(text: str) -> int:
    """The number; without its leading zeros, since Python bounds the digits that it converts."""
    return int(text.lstrip("0") or "0")


def parse_ipv4(text: str) -> tuple[int, bool] | None:
    """Address, and whether an octet has leading zeros."""
    octets = text.split(".")
    if len(octets) != 4:
        return None
    address = 0
    odd = False
    for octet in octets:
        if not is_decimal(octet) or decimal(octet) > 255:
            return None
        odd = odd or (len(octet) > 1 and octet[0] == "0")
        address = address << 8 | decimal(octet)
    return address, odd


def parse_ipv6(text: str) -> tuple[int, bool] | None:
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
            quad = parse_ipv4(part)
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
