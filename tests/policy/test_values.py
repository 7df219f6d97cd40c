from __future__ import annotations

from itertools import product

import pytest

from kubectl_npcheck.policy.values import (
    Values,
    example_value,
    fresh_value,
    intersect_values,
    values_contain,
    values_meet,
)

# Every set over absent, two named values, and one that stands for all the others.
POINTS = (None, "a", "b", "unheard-of")
SETS = [
    Values(excluding, frozenset(named), absent)
    for excluding, named, absent in product((True, False), ("", "a", "b", "ab"), (True, False))
]


def members(values: Values) -> set[str | None]:
    return {
        point
        for point in POINTS
        if (values.absent if point is None else (point in values.values) != values.excluding)
    }


@pytest.mark.parametrize("a", SETS)
def test_all_pairs_of_sets(a: Values) -> None:
    for b in SETS:
        assert members(intersect_values(a, b)) == members(a) & members(b)
        assert values_meet(a, b) == bool(members(a) & members(b))
        assert values_contain(a, b) == (members(a) >= members(b))
        assert (a == b) == (members(a) == members(b))


@pytest.mark.parametrize("values", [one for one in SETS if members(one)])
def test_an_example_is_a_member_and_absent_where_it_may_be(values: Values) -> None:
    example = example_value(values)
    assert (example is None) == values.absent
    if example is not None:
        assert (example in values.values) != values.excluding


def test_invented_values_are_not_taken() -> None:
    assert fresh_value(frozenset()) == "example"
    assert fresh_value(frozenset({"web"})) == "other"
    assert fresh_value(frozenset({"other", "other-2"})) == "other-3"
