from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.policy.selectors import (
    Selector,
    contains,
    cover,
    equal,
    identity,
    intersect,
    meet,
    overlap,
    witness,
)
from tests.policy.universe import EVERY_LABEL_SET, FRESH, holds, pigeonhole, selector, selectors


def members(one: Selector) -> list[dict[str, str]]:
    return [labels for labels in EVERY_LABEL_SET if holds(one, labels)]


@given(selectors())
def test_matches_what_each_requirement_says(one: Selector) -> None:
    assert members(one) == [labels for labels in EVERY_LABEL_SET if one.matches(labels)]


@given(selectors())
def test_void_and_everything_are_none_and_all(one: Selector) -> None:
    assert one.void == (not members(one))
    assert one.everything == (members(one) == EVERY_LABEL_SET)


@given(selectors())
def test_a_witness_is_selected_and_has_no_label_too_many(one: Selector) -> None:
    found = witness(one)
    if found is None:
        assert not members(one)
    else:
        assert holds(one, found)
        assert len(found) == min(map(len, members(one)))


@given(selectors(), selectors())
def test_intersection_and_overlap(a: Selector, b: Selector) -> None:
    both = [labels for labels in members(a) if holds(b, labels)]
    assert members(intersect(a, b)) == both
    assert meet(a, b) == bool(both)
    found = overlap(a, b)
    assert (found is not None) == bool(both)
    if found is not None:
        assert holds(a, found)
        assert holds(b, found)


@given(selectors(), selectors())
def test_containment_and_equality(a: Selector, b: Selector) -> None:
    mine, theirs = members(a), members(b)
    assert contains(a, b) == all(labels in mine for labels in theirs)
    assert equal(a, b) == (mine == theirs)
    assert (identity(a) == identity(b)) == (mine == theirs)


@given(selectors(), st.lists(selectors(), max_size=7))
def test_cover_against_every_label_set(one: Selector, others: list[Selector]) -> None:
    left = [labels for labels in members(one) if not any(holds(other, labels) for other in others)]
    answer = cover(one, others)
    assert answer.covered is (not left)
    if answer.witness is None:
        assert not left
    else:
        assert holds(one, answer.witness)
        assert not any(holds(other, answer.witness) for other in others)


@given(selectors(), st.lists(selectors(), max_size=6), st.randoms())
def test_cover_does_not_depend_on_order(
    one: Selector, others: list[Selector], random: Random
) -> None:
    shuffled = list(others)
    random.shuffle(shuffled)
    assert cover(one, others) == cover(one, shuffled)


@pytest.mark.parametrize(
    ("one", "others", "expected"),
    [
        ("", ["app=web"], {}),
        ("app", ["app=web"], {"app": "example"}),
        ("app", [], {"app": "example"}),
        ("app!=web app", [], {"app": "other"}),
        ("app=web,api", ["app=api"], {"app": "web"}),
        ("app=web", ["app=web tier=db"], {"app": "web"}),
        ("app=web", ["app=web !tier"], {"app": "web", "tier": "example"}),
        ("app=web", ["!tier", "tier=db"], {"app": "web", "tier": "other"}),
        ("", ["app!=other"], {"app": "other"}),
        (
            "app=a",
            ["tier=x", "!tier zone=b", "tier!=x zone!=b"],
            {"app": "a", "zone": "b", "tier": "other"},
        ),
    ],
)
def test_witnesses_are_readable(one: str, others: list[str], expected: dict[str, str]) -> None:
    assert cover(selector(one), [selector(other) for other in others]).witness == expected


def test_an_invented_value_is_not_one_that_is_excluded() -> None:
    assert witness(selector("app!=other,other-2 app")) == {"app": "other-3"}


def test_a_union_covers_what_no_single_one_covers() -> None:
    halves = [selector("app=web"), selector("app!=web tier"), selector("!tier")]
    assert cover(selector(""), halves).covered is True
    assert cover(selector(""), halves[:2]).witness == {}


def test_past_the_limit_the_answer_is_unknown() -> None:
    pods, others = pigeonhole(5)
    assert cover(selector(pods), [selector(other) for other in others]).covered is True
    assert cover(selector(pods), [selector(other) for other in others], limit=3).covered is None
    pods, others = pigeonhole(15)
    assert cover(selector(pods), [selector(other) for other in others]).covered is None


def test_a_thousand_values_are_covered_one_by_one() -> None:
    values = [f"v{n}" for n in range(1000)]
    pods = selector(f"app={','.join(values)}")
    each = [selector(f"app={value}") for value in values]
    assert cover(pods, each).covered is True
    assert cover(pods, each[1:]).witness == {"app": "v0"}
    assert cover(pods, each[:-1]).witness == {"app": "v999"}


def test_a_thousand_keys_do_not_exhaust_the_stack() -> None:
    others = [selector(f"k{n}=x l{n}") for n in range(1000)]
    assert cover(selector(" ".join(f"l{n}" for n in range(1000))), others).covered is False
    pairs = [selector(f"k{n}={v} l{n}={w}") for n in range(1000) for v in "xy" for w in "xy"]
    assert cover(selector(""), pairs).covered is False


def test_a_void_selector_covers_nothing_and_is_covered() -> None:
    assert cover(selector("app=web"), [selector("app !app")]).covered is False
    assert cover(selector("app !app"), []).covered is True


def test_the_fresh_value_of_the_universe_is_in_no_selector() -> None:
    assert not selector("app=a,b").matches({"app": FRESH})
