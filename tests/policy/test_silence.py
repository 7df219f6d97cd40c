from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.isolation import Silence, silence
from kubectl_npcheck.policy.model import NetworkPolicy, Workload
from kubectl_npcheck.policy.vouching import vouchers
from tests.policy.universe import (
    ALLOW_ALL,
    DNS,
    EVERY_LABEL_SET,
    group,
    holds,
    pigeonhole,
    policies,
    policy,
)

SOME = st.lists(policies(), min_size=1, max_size=7)


def names(some: tuple[NetworkPolicy, ...] | tuple[Workload, ...]) -> str:
    return " ".join(one.name for one in some)


def verdict(*some: NetworkPolicy) -> Silence:
    """Of the first policy, in a namespace with all of them."""
    return silence(some[0], group(*some))


@given(SOME)
def test_silence_against_every_label_set(some: list[NetworkPolicy]) -> None:
    namespace = group(*some)
    vouching = vouchers(namespace)
    for one in some:
        found = silence(one, namespace)
        selected = [labels for labels in EVERY_LABEL_SET if holds(one.pod_selector, labels)]
        left = [
            labels
            for labels in selected
            if not any(holds(p.pod_selector, labels) for p in vouching)
        ]
        assert found.undecided == bool(left)
        assert not found.unknown
        assert found.mixed == (0 < len(left) < len(selected))
        assert list(found.deciders) == [
            p for p in vouching if any(holds(p.pod_selector, labels) for labels in selected)
        ]
        if found.witness is None:
            assert not left
        else:
            assert holds(one.pod_selector, found.witness)
            assert not any(holds(p.pod_selector, found.witness) for p in vouching)
        if found.decided_witness is not None:
            assert holds(one.pod_selector, found.decided_witness)
            assert holds(found.deciders[0].pod_selector, found.decided_witness)


@given(SOME, st.randoms())
def test_order_never_matters(some: list[NetworkPolicy], random: Random) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)
    a, b = group(*some), group(*shuffled)
    for one in some:
        assert silence(one, a).witness == silence(one, b).witness
        assert set(silence(one, a).deciders) == set(silence(one, b).deciders)


@pytest.mark.parametrize(
    ("some", "undecided"),
    [
        ([policy("web", "app=web")], True),
        ([policy("web", "app=web"), policy("deny", types="IE")], False),
        ([policy("web", "app=web"), policy("deny", types="E")], False),
        ([policy("web", "app=web"), policy("deny", types="I")], True),
        ([policy("web", "app=web"), policy("dns", "app=web", "IE", [DNS])], False),
        ([policy("web", "app=web"), policy("dns", "app=web tier=db", "IE", [DNS])], True),
        ([policy("web", "app=web"), policy("dns", "app", "IE", [DNS])], False),
        ([policy("web", "app=web"), policy("a", "tier", "E"), policy("b", "!tier", "E")], False),
        ([policy("web", "app=web"), policy("dead", "app=web", "I", [DNS])], True),
        ([policy("void", "app !app")], False),
        ([policy("all"), policy("void", "app !app", "E")], True),
    ],
)
def test_what_decides(some: list[NetworkPolicy], undecided: bool) -> None:
    assert verdict(*some).undecided is undecided


class TestWhoVouches:
    def test_not_a_policy_that_the_api_rejects(self) -> None:
        found = verdict(policy("web", "app=web"), policy("deny", types="E", rejected=True))
        assert found.undecided
        assert names(found.deciders) == ""
        assert names(found.doubtful) == "deny"

    def test_not_one_of_two_that_share_a_name_and_differ(self) -> None:
        found = verdict(
            policy("web", "app=web"), policy("deny", types="E"), policy("deny", "app=db", "E")
        )
        assert found.undecided
        assert names(found.doubtful) == "deny"

    def test_not_a_namesake_of_the_policy_itself(self) -> None:
        assert verdict(policy("web", "app=web"), policy("web", "app=web", "E")).undecided

    def test_two_that_share_a_name_and_mean_the_same(self) -> None:
        found = verdict(
            policy("web", "app=web"),
            policy("dns", "tier=a,b app", "E", [DNS, ALLOW_ALL]),
            policy("dns", "app tier=b,a", "E", [ALLOW_ALL, DNS]),
            policy("rest", "tier!=a,b", "E"),
        )
        assert not found.undecided
        assert names(found.deciders) == "dns dns rest"


class TestPlaceholders:
    """What is written as `${NAME}` may stand for anything."""

    def placeholder(self, name: str, pods: str, types: str = "I") -> NetworkPolicy:
        made = policy(name, pods, types)
        made.unresolved = tuple(
            [
                ("spec", "podSelector", *term.path, "values", 0)
                for term in made.pod_selector.terms
                if any(value.startswith("${") for value in term.values)
            ]
        )
        return made

    def test_the_same_words_cover(self) -> None:
        mine = self.placeholder("web", "app=${APP} tier=db")
        assert not verdict(mine, self.placeholder("deny", "app=${APP}", "E")).undecided

    def test_one_value_is_not_covered_by_a_placeholder(self) -> None:
        found = verdict(policy("web", "app=web"), self.placeholder("deny", "app!=${APP}", "E"))
        assert found.undecided
        assert not found.unknown
        assert names(found.deciders) == ""
        assert names(found.doubtful) == ""
        assert names(found.unresolved) == "deny"

    def test_a_placeholder_may_be_the_value_that_is_left_out(self) -> None:
        found = verdict(self.placeholder("web", "app=${APP}"), policy("deny", "app!=web", "E"))
        assert found.undecided
        assert found.unknown
        assert found.witness is None
        assert names(found.unresolved) == "deny"

    def test_a_placeholder_is_covered_where_everything_is(self) -> None:
        assert not verdict(
            self.placeholder("web", "app=${APP} tier=db"), policy("deny", "tier=db", "E")
        ).undecided

    def test_the_witness_of_a_placeholder_is_as_written(self) -> None:
        found = verdict(self.placeholder("web", "app=${APP}"), policy("db", "app=db", "E"))
        assert found.witness == {"app": "${APP}"}
        assert names(found.unresolved) == "db"


def test_dead_rules_that_the_deny_reading_revives_for_the_witness() -> None:
    found = verdict(
        policy("web", "app=web"),
        policy("dead", "app", "I", [DNS]),
        policy("elsewhere", "app=db", "I", [DNS]),
        policy("narrower", "app=web tier", "I", [DNS]),
        policy("rejected", "app", "I", [DNS], rejected=True),
        policy("twice", "app", "I", [DNS]),
        policy("twice", "app", "I", [ALLOW_ALL]),
    )
    assert found.witness == {"app": "web"}
    assert names(found.revived) == "dead"
    assert verdict(policy("web", "app=web"), policy("deny", types="E")).revived == ()


def test_workloads_on_both_sides() -> None:
    def workload(
        name: str, labels: dict[str, str], host_network: bool = False, finished: bool = False
    ) -> Workload:
        return Workload(
            Origin(None),
            "Deployment",
            name,
            "shop",
            labels,
            host_network=host_network,
            finished=finished,
        )

    everyone = policy("all")
    namespace = group(everyone, policy("web", "app=web", "E"), policy("db", "app=db", "I"))
    namespace.workloads += [
        workload("web", {"app": "web", "tier": "front"}),
        workload("db", {"app": "db"}),
        workload("bare", {}),
        workload("node-agent", {"app": "db"}, host_network=True),
        workload("done", {"app": "db"}, finished=True),
    ]
    found = silence(everyone, namespace)
    assert names(found.workloads) == "db bare"
    assert names(found.decided_workloads) == "web"
    assert names(silence(namespace.policies[2], namespace).workloads) == "db"


def test_a_question_too_hard_is_unknown_and_undecided() -> None:
    everyone, crowd = pigeonhole(12)
    found = verdict(
        policy("all", everyone), *[policy(f"p{n}", c, "E") for n, c in enumerate(crowd)]
    )
    assert found.undecided
    assert found.unknown
    assert found.witness is None
    assert len(found.deciders) == len(crowd)
