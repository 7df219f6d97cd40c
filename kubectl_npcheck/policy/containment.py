"""Whether what one rule allows is allowed by another rule of the same direction and namespace.

True is sure; False is "no" or "not known": a selector's namespaces, a named port's number and the
addresses of pods are not looked up.
Knows rules, peers and ports; must not know to which policies they belong.
"""

from __future__ import annotations

from functools import lru_cache

from kubectl_npcheck.policy import cidrs, ports
from kubectl_npcheck.policy.isolation import NAMESPACE_NAME
from kubectl_npcheck.policy.model import IPBlock, Peer, Port, Rule
from kubectl_npcheck.policy.selectors import Selector, contains

EVERYTHING = Selector()


def rule_contains(outer: Rule, inner: Rule, namespace: str | None) -> bool:
    """Whether `outer` surely allows all that `inner` allows; namespace: that of both policies."""
    theirs = outer.ports
    mine = inner.ports
    if theirs is not None and (mine is None or not _may_hold(theirs, mine[0])):
        return False
    if outer.peers is not None:
        if inner.peers is None:
            return False
        for peer in inner.peers:
            if not _holds(outer.peers, peer, namespace):
                return False
    return theirs is None or ports.contains(ports.port_set(theirs), ports.port_set(mine)) is True


def _may_hold(outer: tuple[Port, ...], port: Port) -> bool:
    """A cheap question before the exact one: whether an entry may contain the port."""
    for entry in outer:
        if (
            entry.port == port.port or entry.port is None or entry.end_port is not None
        ) and entry.protocol == port.protocol:
            return True
    return False


def _holds(outer: tuple[Peer, ...], peer: Peer, namespace: str | None) -> bool:
    """Whether one of the peers contains the peer."""
    block = peer.ip_block
    for other in outer:
        if block is None:
            if other.ip_block is None and _peer_contains(other, peer, namespace):
                return True
        elif other.ip_block is not None and _block_contains(other.ip_block, block):
            return True
    return False


def _block_contains(outer: IPBlock, inner: IPBlock) -> bool:
    if outer.cidr == inner.cidr:
        return not outer.excepts or set(outer.excepts) <= set(inner.excepts)
    wide, narrow = outer.cidr.rpartition("/")[2], inner.cidr.rpartition("/")[2]
    if not (wide.isdecimal() and narrow.isdecimal() and int(wide) < int(narrow)):
        return False
    theirs, mine = _addresses(outer), _addresses(inner)
    return theirs is not None and mine is not None and cidrs.contains(theirs, mine)


@lru_cache(maxsize=4096)
def _addresses(block: IPBlock) -> cidrs.AddressSet | None:
    return cidrs.block_set(block)


def _peer_contains(outer: Peer, inner: Peer, namespace: str | None) -> bool:
    theirs = outer.namespace_selector
    mine = inner.namespace_selector
    if theirs is None:
        if mine is not None and not _only(mine, namespace):
            return False
    elif mine is None:
        if not theirs.everything and not _only(theirs, namespace):
            return False
    elif not contains(theirs, mine):
        return False
    if outer.pod_selector is None:
        return True
    return contains(outer.pod_selector, inner.pod_selector or EVERYTHING)


def _only(selector: Selector, namespace: str | None) -> bool:
    """Whether the selector stands for this one namespace, by its name."""
    box = selector.box
    if namespace is None or len(box) != 1:
        return False
    name = box.get(NAMESPACE_NAME)
    return name is not None and not name.excluding and name.values == {namespace}
