from __future__ import annotations

import pytest

from kubectl_npcheck.policy.meaning import ambiguous, same_meaning
from kubectl_npcheck.policy.model import IPBlock, NetworkPolicy, Peer, Port, Rule
from tests.policy.universe import ALLOW_ALL, DNS, group, policy, selector


def block(*excepts: str, cidr: str = "10.0.0.0/8") -> Rule:
    return Rule("egress", 0, (Peer(0, ip_block=IPBlock(cidr, excepts)),), None)


def peers(*pods: str) -> Rule:
    return Rule("egress", 0, tuple([Peer(n, selector(p)) for n, p in enumerate(pods)]), None)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (policy("a", "app=x tier"), policy("b", "tier app=x")),
        (policy("a", "app=x,y"), policy("b", "app=y,x")),
        (policy("a", "app !app"), policy("b", "tier=x tier=y")),
        (policy("a", "", "E", [DNS, ALLOW_ALL]), policy("b", "", "E", [ALLOW_ALL, DNS])),
        (policy("a", "", "E", [DNS, DNS]), policy("b", "", "E", [DNS])),
        (
            policy("a", "", "E", [peers("app=x", "app=y")]),
            policy("b", "", "E", [peers("app=y", "app=x")]),
        ),
        (
            policy("a", "", "E", [block("10.1.0.0/16", "10.2.0.0/16")]),
            policy("b", "", "E", [block("10.2.0.0/16", "10.1.0.0/16")]),
        ),
    ],
)
def test_the_same(a: NetworkPolicy, b: NetworkPolicy) -> None:
    assert same_meaning(a, b)
    assert ambiguous(group(named(a), named(b))) == frozenset()


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (policy("a", "app=x"), policy("b", "app=y")),
        (policy("a", "", "I"), policy("b", "", "IE")),
        (policy("a", "", "E"), policy("b", "", "IE")),
        (policy("a", "", "E", [DNS]), policy("b", "", "E", [])),
        (policy("a", "", "E", [DNS]), policy("b", "", "E", [ALLOW_ALL])),
        (policy("a", "", "IE", [ALLOW_ALL]), policy("b", "", "IE", [], [ALLOW_ALL])),
        (policy("a", "", "E", [block()]), policy("b", "", "E", [block("10.1.0.0/16")])),
        (policy("a", "", "E", [block()]), policy("b", "", "E", [block(cidr="10.0.0.0/9")])),
        (policy("a", "", "E", [peers()]), policy("b", "", "E", [ALLOW_ALL])),
        (policy("a", "", "E", [peers("app=x")]), policy("b", "", "E", [Rule("egress", 0, (Peer(0, None, selector("app=x")),), None)])),
        (policy("a", "", "E", [DNS]), policy("b", "", "E", [Rule("egress", 0, None, (Port(0, "TCP", 53),))])),
        (policy("a", "", "E", [DNS]), policy("b", "", "E", [Rule("egress", 0, None, (Port(0, "UDP", 53, 54),))])),
        (policy("a", "", "E", [DNS]), policy("b", "", "E", [Rule("egress", 0, None, (Port(0, "UDP", "53"),))])),
    ],
)  # fmt: skip
def test_not_the_same(a: NetworkPolicy, b: NetworkPolicy) -> None:
    assert not same_meaning(a, b)
    assert ambiguous(group(named(a), named(b), policy("other"))) == {id(a), id(b)}


def named(one: NetworkPolicy) -> NetworkPolicy:
    one.name = "web"
    return one


def test_policies_without_a_name_are_not_namesakes() -> None:
    assert ambiguous(group(policy("", "app=x"), policy("", "app=y"))) == frozenset()


def test_generated_names_are_not_namesakes() -> None:
    a, b = named(policy("a", "app=x")), named(policy("b", "app=y"))
    a.generated_name = b.generated_name = True
    assert ambiguous(group(a, b)) == frozenset()
