"""Questions to what a policy, or the union of a pod class, allows by address.

Which addresses the blocks of a rule add up to, whether they are a whole family, and who reaches the
cloud's metadata service. Only `ipBlock` peers have addresses; selectors have none.
Knows rules, ports and blocks; must not know how a finding is worded.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from kubectl_npcheck.policy.cidrs import (
    BITS,
    NO_ADDRESS,
    V4,
    V6,
    AddressSet,
    Cidr,
    block_set,
    blocks_set,
    has_address,
    parse_cidr,
)
from kubectl_npcheck.policy.model import IPBlock, NetworkPolicy, Peer, Rule
from kubectl_npcheck.policy.ports import allows, port_set
from kubectl_npcheck.record import Record

METADATA = 0xA9FEA9FE
"""169.254.169.254: the metadata service of AWS, Azure, Google Cloud, OpenStack and others."""

METADATA_PORT = 80
WIDE_PREFIX = 16
"""A block of this prefix or a shorter one was not written for the metadata service."""

_WHOLE = {family: ((0, (1 << bits) - 1),) for family, bits in BITS.items()}


def rule_addresses(rule: Rule) -> AddressSet:
    """The addresses that the rule's blocks add up to, excepts taken off."""
    if rule.peers is None:
        return NO_ADDRESS
    blocks = [peer.ip_block for peer in rule.peers if peer.ip_block is not None]
    return blocks_set(blocks) if blocks else NO_ADDRESS


def may_be_whole(rule: Rule) -> bool:
    """Whether the prefixes of the rule's blocks are short enough to add up to a whole family.

    A cheap question before the exact one: a block of prefix n is at most 1/2^n of its family.
    """
    share = 0.0
    for peer in rule.peers or ():
        if peer.ip_block is not None:
            prefix = peer.ip_block.cidr.rpartition("/")[2]
            if len(prefix) > 3 or not prefix.isdecimal():
                return True  # odd, or no block at all: for the exact question
            share += 0.5 ** int(prefix)
    return share >= 1


def whole_families(addresses: AddressSet) -> tuple[int, ...]:
    """The families (4, 6) of which every address is in the set."""
    if not addresses.v4 and not addresses.v6:
        return ()
    return tuple([f for f in (V4, V6) if addresses.family(f) == _WHOLE[f]])


class MetadataReach(Record):
    """How a policy reaches the metadata service on TCP 80.

    by_width:   the first rule and peer whose wide block takes it in
    on_purpose: a narrow block, or a rule for any peer, allows it as well
    """

    by_width: tuple[Rule, Peer] | None = None
    on_purpose: bool = False


NO_METADATA = MetadataReach()


def metadata_reach(policy: NetworkPolicy) -> MetadataReach:
    """How the egress rules of a policy that lists Egress reach 169.254.169.254 on TCP 80."""
    by_width: tuple[Rule, Peer] | None = None
    on_purpose = False
    for rule in policy.egress:
        if rule.peers is None:
            on_purpose = on_purpose or _sends_http(rule)
            continue
        for peer in rule.peers:
            cidr = None if peer.ip_block is None else _metadata_block(peer.ip_block)
            if cidr is None or not _sends_http(rule):
                continue
            if cidr.prefix > WIDE_PREFIX:
                on_purpose = True
            elif by_width is None:
                by_width = (rule, peer)
    return MetadataReach(by_width, on_purpose) if by_width or on_purpose else NO_METADATA


@lru_cache(maxsize=4096)
def _metadata_block(block: IPBlock) -> Cidr | None:
    """The block itself, if it contains the metadata address and does not except it."""
    cidr = parse_cidr(block.cidr)
    if cidr is None or cidr.family != V4 or not cidr.first <= METADATA <= cidr.last:
        return None
    if block.excepts:
        addresses = block_set(block)
        if addresses is None or not has_address(addresses, V4, METADATA):
            return None
    return cidr


def _sends_http(rule: Rule) -> bool:
    """Whether the rule surely permits TCP 80; a named port is not sure."""
    return rule.ports is None or allows(port_set(rule.ports), "TCP", METADATA_PORT) is True


class FamilyGap(Record):
    """One IP family is open as a whole, the other one is restricted by blocks.

    rule:       a rule that restricts
    open, held: the families, 4 or 6
    """

    rule: Rule
    open: int
    held: int


def family_gap(rules: Sequence[Rule]) -> FamilyGap | None:
    """A gap between the families in rules of one direction, None if there is none.

    Rules are compared where they permit the same ports. A family without any block is closed,
    which is no gap; a rule for any peer opens both.
    """
    if not any(map(_has_ipv6, rules)):
        return None
    by_ports: dict[object, list[Rule]] = {}
    for rule in rules:
        if rule.peers is None or any(peer.ip_block is not None for peer in rule.peers):
            by_ports.setdefault(_ports_key(rule), []).append(rule)
    for alike in by_ports.values():
        gap = None if any(rule.peers is None for rule in alike) else _gap(alike)
        if gap is not None:
            return gap
    return None


def opens_family(rule: Rule, gap: FamilyGap) -> bool:
    """Whether a rule permits every address of the restricted family, on the ports of the gap."""
    if rule.ports is not None and _ports_key(rule) != _ports_key(gap.rule):
        return False
    return rule.peers is None or gap.held in whole_families(rule_addresses(rule))


def _gap(rules: Sequence[Rule]) -> FamilyGap | None:
    blocks = [p.ip_block for rule in rules for p in rule.peers or () if p.ip_block is not None]
    addresses = blocks_set(blocks)
    whole = whole_families(addresses)
    if len(whole) != 1:
        return None
    held = V6 if whole[0] == V4 else V4
    for rule in rules:
        if _has_family(rule, held):
            return FamilyGap(rule, whole[0], held)
    return None


def _has_ipv6(rule: Rule) -> bool:
    """Whether a block of the rule is written as IPv6; without one there is no gap."""
    blocks = [peer.ip_block for peer in rule.peers or () if peer.ip_block is not None]
    return any(":" in block.cidr for block in blocks)


def _has_family(rule: Rule, family: int) -> bool:
    for peer in rule.peers or ():
        if peer.ip_block is not None:
            cidr = parse_cidr(peer.ip_block.cidr)
            if cidr is not None and cidr.family == family:
                return True
    return False


def _ports_key(rule: Rule) -> object:
    if rule.ports is None:
        return None
    return frozenset([(port.protocol, port.port, port.end_port) for port in rule.ports])
