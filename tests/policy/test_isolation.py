from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.policy.isolation import Reading, State, peer_can_exist, state
from kubectl_npcheck.policy.model import IPBlock, NetworkPolicy, Peer, Rule
from tests.policy.universe import ALLOW_ALL, DNS, NOBODY, policies, policy, selector

BOTH = [(d, r) for d in ("ingress", "egress") for r in Reading]
SOME = st.lists(policies(), max_size=5)

implicit = policy("implicit")
stating = policy("stating", types="IE")
dns = policy("dns", types="IE", egress=[DNS])
allow = policy("allow", types="E", egress=[ALLOW_ALL])
nobody = policy("nobody", types="E", egress=[NOBODY])
dead = policy("dead", types="I", egress=[DNS])
dead_all = policy("dead-all", types="I", egress=[ALLOW_ALL])
rejected = policy("rejected", types="IE", egress=[DNS], rejected=True)


@pytest.mark.parametrize(
    ("some", "expected"),
    [
        ([], "open open"),
        ([implicit], "open denied"),
        ([stating], "denied denied"),
        ([implicit, stating], "denied denied"),
        ([implicit, dns], "restricted restricted"),
        ([stating, dns], "restricted restricted"),
        ([stating, allow], "open open"),
        ([implicit, allow], "open open"),
        ([nobody], "denied denied"),
        ([nobody, dns], "restricted restricted"),
        ([dead], "open restricted"),
        ([dead_all], "open open"),
        ([implicit, dead], "open restricted"),
        ([stating, dead], "denied restricted"),
        ([rejected], "unknown unknown"),
        ([rejected, dns], "restricted restricted"),
        ([rejected, stating], "unknown unknown"),
        ([rejected, implicit], "unknown unknown"),
        ([rejected, allow], "open open"),
    ],
)
def test_egress(some: list[NetworkPolicy], expected: str) -> None:
    found = [state(some, "egress", reading).label for reading in (Reading.OPEN, Reading.DENY)]
    assert " ".join(found) == expected


@pytest.mark.parametrize("reading", Reading)
@pytest.mark.parametrize(
    ("some", "expected"),
    [
        ([], State.OPEN),
        ([implicit], State.DENIED),
        ([allow], State.OPEN),
        (
            [policy("web", ingress=[Rule("ingress", 0, (Peer(0, selector("app=a")),), None)])],
            State.RESTRICTED,
        ),
        ([policy("web", ingress=[Rule("ingress", 0, None, None)])], State.OPEN),
        ([policy("web", types="E", ingress=[Rule("ingress", 0, (), None)])], State.OPEN),
    ],
)
def test_ingress_is_the_same_under_both_readings(
    some: list[NetworkPolicy], expected: State, reading: Reading
) -> None:
    assert state(some, "ingress", reading) is expected


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        (Peer(0, selector("")), True),
        (Peer(0, selector("app !app")), False),
        (Peer(0, None, selector("app !app")), False),
        (Peer(0, selector("app"), selector("team=a")), True),
        (Peer(0, None, selector("!kubernetes.io/metadata.name")), False),
        (Peer(0, None, selector("kubernetes.io/metadata.name!=prod")), True),
        (Peer(0, None, None, IPBlock("10.0.0.0/8")), True),
        (Peer(0, None, None, IPBlock("10.0.0.0/8", ("10.0.0.0/9",))), True),
        (Peer(0, None, None, IPBlock("10.0.0.0/8", ("10.0.0.0/9", "10.128.0.0/9"))), False),
        (Peer(0, None, None, IPBlock("${CIDR}")), True),
    ],
)
def test_peers_that_cannot_exist(peer: Peer, expected: bool) -> None:
    assert peer_can_exist(peer) is expected


@given(SOME, st.randoms())
def test_order_never_matters(some: list[NetworkPolicy], random: Random) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)
    for direction, reading in BOTH:
        assert state(some, direction, reading) is state(shuffled, direction, reading)


@given(SOME, st.data())
def test_a_redundant_policy_changes_nothing(some: list[NetworkPolicy], data: st.DataObject) -> None:
    again = data.draw(st.sampled_from(some)) if some else None
    for direction, reading in BOTH:
        expected = state(some, direction, reading)
        assert state([*some, *([again] if again else [])], direction, reading) is expected


@given(SOME)
def test_a_rule_split_into_one_policy_each_changes_nothing(some: list[NetworkPolicy]) -> None:
    split = []
    for one in some:
        types = "I" * one.lists_ingress + "E" * one.lists_egress
        rules: list[tuple[list[Rule], list[Rule]]] = [([r], []) for r in one.ingress]
        rules += [([], [r]) for r in one.egress]
        for ingress, egress in rules or [([], [])]:
            split.append(policy("part", "", types, egress, ingress, not one.accepted))
    for direction, reading in BOTH:
        assert state(some, direction, reading) is state(split, direction, reading)


@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_a_block_split_in_halves_changes_nothing(direction: str) -> None:
    def one(*cidrs: str) -> NetworkPolicy:
        excepts = ("10.0.0.0/9",)
        peers = tuple(Peer(n, None, None, IPBlock(c, excepts)) for n, c in enumerate(cidrs))
        rule = Rule(direction, 0, peers, None)
        return policy("block", "", "IE", [rule], [rule])

    for reading in Reading:
        whole = state([one("10.0.0.0/8")], direction, reading)
        assert whole is State.RESTRICTED
        assert state([one("10.0.0.0/9", "10.128.0.0/9")], direction, reading) is whole
        assert state([one("10.0.0.0/9")], direction, reading) is State.DENIED
