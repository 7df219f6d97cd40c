from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.policy.lookup import LabelIndex, SelectorIndex, WiderIndex
from kubectl_npcheck.policy.selectors import Selector, contains, meet
from tests.policy.universe import EVERY_LABEL_SET, holds, selector, selectors

SOME = st.lists(selectors(), max_size=8)


@given(selectors(), SOME)
def test_meeting_is_a_scan_with_meet(one: Selector, some: list[Selector]) -> None:
    assert SelectorIndex(some).meeting(one) == [n for n, s in enumerate(some) if meet(one, s)]


@given(SOME, st.sampled_from(EVERY_LABEL_SET))
def test_matching_is_a_scan_with_matches(some: list[Selector], labels: dict[str, str]) -> None:
    expected = [n for n, s in enumerate(some) if holds(s, labels)]
    assert SelectorIndex(some).matching(labels) == expected


@given(selectors())
def test_label_sets_that_a_selector_matches(one: Selector) -> None:
    expected = [n for n, labels in enumerate(EVERY_LABEL_SET) if holds(one, labels)]
    assert LabelIndex(EVERY_LABEL_SET).matched_by(one) == expected


@given(selectors(), SOME)
def test_containing_is_a_scan_with_contains(one: Selector, some: list[Selector]) -> None:
    expected = [n for n, s in enumerate(some) if contains(s, one)] if not one.void else []
    assert WiderIndex(some).containing(one, 10) == expected


def test_containing_looks_at_the_first_ones_only() -> None:
    assert WiderIndex([selector("")] * 5).containing(selector("app=a"), 3) == [0, 1, 2]


def test_only_likely_selectors_are_tried() -> None:
    tried = []

    class Counting(Selector):
        def matches(self, labels: dict[str, str]) -> bool:
            tried.append(self)
            return super().matches(labels)

    some = [Counting(selector(f"app={n} tier=web,db").terms) for n in range(100)]
    assert SelectorIndex(some).matching({"app": "7", "tier": "db"}) == [7]
    assert tried == [some[7]]
