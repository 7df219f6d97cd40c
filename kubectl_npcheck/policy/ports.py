"""Sets of ports: per protocol sorted intervals of numbers, and names, which are unknown numbers.

A named port is looked up on the destination pod, so no number can be given for it here: a set
with names answers None ("unknown") where they could decide.
Pure arithmetic; must not know peers or rules.
"""

from __future__ import annotations

from collections.abc import Iterable

from kubectl_npcheck.policy.intervals import Intervals, contains_all, merge, without
from kubectl_npcheck.policy.model import Port
from kubectl_npcheck.record import Record

FIRST = 1
LAST = 65535
PROTOCOLS = ("TCP", "UDP", "SCTP")


class PortSet(Record):
    """Ports of pods.

    everything: any port of any protocol, ICMP and the like included (a rule without `ports`)
    numbers:    (protocol, intervals), sorted by protocol; a protocol without numbers is left out
    names:      (protocol, name) of named ports
    """

    everything: bool
    numbers: tuple[tuple[str, Intervals], ...]
    names: frozenset[tuple[str, str]]

    def of(self, protocol: str) -> Intervals:
        """The numbers of one protocol."""
        if self.everything:
            return ((FIRST, LAST),)
        for name, intervals in self.numbers:
            if name == protocol:
                return intervals
        return ()


EVERY_PORT = PortSet(True, (), frozenset())
NO_PORT = PortSet(False, (), frozenset())


def port_set(ports: Iterable[Port] | None) -> PortSet:
    """The ports of a rule; None, as in the model, is every port of every protocol."""
    if ports is None:
        return EVERY_PORT
    numbers: dict[str, list[tuple[int, int]]] = {}
    names = set()
    for port in ports:
        if isinstance(port.port, str):
            names.add((port.protocol, port.port))
        else:
            numbers.setdefault(port.protocol, []).append(_interval(port.port, port.end_port))
    return PortSet(False, _sorted(numbers), frozenset(names))


def allows(ports: PortSet, protocol: str, number: int) -> bool | None:
    """Whether a port is in the set; None if only a named port could make it so."""
    for first, last in ports.of(protocol):
        if first <= number <= last:
            return True
    if any(named == protocol for named, _ in ports.names):
        return None
    return False


def union(sets: Iterable[PortSet]) -> PortSet:
    """All ports that are in any of the sets."""
    numbers: dict[str, list[tuple[int, int]]] = {}
    names: frozenset[tuple[str, str]] = frozenset()
    for ports in sets:
        if ports.everything:
            return EVERY_PORT
        names |= ports.names
        for protocol, intervals in ports.numbers:
            numbers.setdefault(protocol, []).extend(intervals)
    return PortSet(False, _sorted(numbers), names)


def contains(outer: PortSet, inner: PortSet) -> bool | None:
    """Whether every port of `inner` is in `outer`; None if that depends on what names stand for."""
    if outer.everything:
        return True
    if inner.everything:
        return False
    unknown = False
    for protocol, intervals in inner.numbers:
        if not contains_all(outer.of(protocol), intervals):
            if not any(named == protocol for named, _ in outer.names):
                return False
            unknown = True
    for protocol, name in inner.names:
        if (protocol, name) not in outer.names and outer.of(protocol) != ((FIRST, LAST),):
            if not outer.of(protocol) and not any(p == protocol for p, _ in outer.names):
                return False
            unknown = True
    return None if unknown else True


def overlaps(a: PortSet, b: PortSet) -> bool | None:
    """Whether the sets share a port; None if that depends on what names stand for."""
    if a.everything or b.everything:
        return a != NO_PORT and b != NO_PORT
    for protocol, intervals in a.numbers:
        if without(intervals, b.of(protocol)) != intervals:
            return True
    if not a.names.isdisjoint(b.names):
        return True
    mine = {protocol for protocol, _ in a.names} | {protocol for protocol, _ in a.numbers}
    theirs = {protocol for protocol, _ in b.names} | {protocol for protocol, _ in b.numbers}
    named = {protocol for protocol, _ in a.names | b.names}
    return None if mine & theirs & named else False


def _interval(port: int | None, end: int | None) -> tuple[int, int]:
    """Every number without a port; an `endPort` below the port, which the API rejects, is none."""
    if port is None:
        return FIRST, LAST
    return port, port if end is None or end < port else end


def _sorted(numbers: dict[str, list[tuple[int, int]]]) -> tuple[tuple[str, Intervals], ...]:
    return tuple([(protocol, merge(numbers[protocol])) for protocol in sorted(numbers)])
