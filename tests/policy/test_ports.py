from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.policy.model import Port
from kubectl_npcheck.policy.ports import (
    EVERY_PORT,
    FIRST,
    LAST,
    NO_PORT,
    PROTOCOLS,
    PortSet,
    allows,
    contains,
    overlaps,
    port_set,
    union,
)

# Ten ports of two protocols; "web" is the one name.
PORTS = st.builds(
    lambda protocol, port, length: Port(
        0, protocol, port, port + length if isinstance(port, int) and length else None
    ),
    st.sampled_from(("TCP", "UDP")),
    st.integers(1, 10) | st.just("web"),
    st.integers(0, 4),
)
SETS = st.lists(PORTS, max_size=4).map(port_set) | st.just(EVERY_PORT)
ALL = [(protocol, number) for protocol in PROTOCOLS for number in (*range(1, 16), LAST)]


def resolved(ports: PortSet, web: int | None) -> PortSet:
    """The set on a pod whose port "web" has this number, or that has none."""
    if ports.everything or not ports.names:
        return ports
    found = [PortSet(False, ports.numbers, frozenset())]
    if web is not None:
        found += [port_set([Port(0, protocol, web)]) for protocol, _ in ports.names]
    return union(found)


def members(ports: PortSet) -> set[tuple[str, int]]:
    return {one for one in ALL if allows(ports, *one)}


def one(*ports: tuple[str, int | str | None, int | None]) -> PortSet:
    return port_set([Port(n, *port) for n, port in enumerate(ports)])


@given(SETS, SETS)
def test_union_has_what_either_has(a: PortSet, b: PortSet) -> None:
    assert members(union([a, b])) == members(a) | members(b)
    assert union([a, b]) == union([b, a])
    assert union([a, a]) == a


@given(SETS, SETS, st.none() | st.integers(1, 12))
def test_a_certain_answer_holds_whatever_the_name_stands_for(
    a: PortSet, b: PortSet, web: int | None
) -> None:
    mine, theirs = members(resolved(a, web)), members(resolved(b, web))
    if contains(a, b) is True:
        assert theirs <= mine
    if contains(a, b) is False and web is not None:
        assert not theirs <= mine
    if overlaps(a, b) is True and web is not None:
        assert mine & theirs
    if overlaps(a, b) is False:
        assert not mine & theirs
    for protocol, number in ALL:
        answer = allows(a, protocol, number)
        if answer is not None:
            assert answer is ((protocol, number) in mine)


@pytest.mark.parametrize(
    ("ports", "protocol", "number", "expected"),
    [
        (EVERY_PORT, "UDP", 53, True),
        (NO_PORT, "UDP", 53, False),
        (one(("UDP", 53, None)), "UDP", 53, True),
        (one(("UDP", 53, None)), "TCP", 53, False),
        (one(("TCP", None, None)), "TCP", 1, True),
        (one(("TCP", None, None)), "UDP", 1, False),
        (one(("TCP", 32000, 32768)), "TCP", 32768, True),
        (one(("TCP", 32000, 32768)), "TCP", 32769, False),
        (one(("TCP", 80, 79)), "TCP", 80, True),
        (one(("UDP", "dns", None)), "UDP", 53, None),
        (one(("UDP", "dns", None)), "TCP", 53, False),
        (one(("UDP", "dns", None), ("UDP", 53, None)), "UDP", 53, True),
    ],
)
def test_allows(ports: PortSet, protocol: str, number: int, expected: bool | None) -> None:
    assert allows(ports, protocol, number) is expected


def test_no_ports_field_is_every_port_and_an_empty_list_is_none() -> None:
    assert port_set(None) is EVERY_PORT
    assert port_set([]) == NO_PORT


def test_every_number_of_three_protocols_is_less_than_everything() -> None:
    most = one(("TCP", None, None), ("UDP", None, None), ("SCTP", None, None))
    assert contains(most, EVERY_PORT) is False  # ICMP
    assert contains(EVERY_PORT, most) is True
    assert most.of("TCP") == EVERY_PORT.of("TCP") == ((FIRST, LAST),)


def test_ranges_that_touch_are_one() -> None:
    assert one(("TCP", 80, 89), ("TCP", 90, 99)) == one(("TCP", 80, 99))
    assert contains(one(("TCP", 80, 89), ("TCP", 90, 99)), one(("TCP", 85, 95))) is True


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        (("TCP", "web", None), ("TCP", "web", None), True),
        (("TCP", "web", None), ("TCP", 80, None), None),
        (("TCP", 80, None), ("TCP", "web", None), None),
        (("TCP", None, None), ("TCP", "web", None), True),
        (("UDP", "web", None), ("TCP", "web", None), False),
        (("UDP", 80, None), ("TCP", "web", None), False),
    ],
)
def test_names_are_unknown_numbers(
    outer: tuple[str, int | str | None, int | None],
    inner: tuple[str, int | str | None, int | None],
    expected: bool | None,
) -> None:
    assert contains(one(outer), one(inner)) is expected
