"""Sets of what one label key may hold: finite or cofinite sets of strings, with or without absence.

Knows sets and example members; must not know selectors or policies. A cofinite set is never
empty: there are always more strings than a manifest can exclude.
"""

from __future__ import annotations

from kubectl_npcheck.record import Record


class Values(Record):
    """A set over "the label's value, or its absence".

    values, or all strings but them if `excluding`; plus the absence of the key if `absent`.
    """

    excluding: bool
    values: frozenset[str]
    absent: bool


ANYTHING = Values(True, frozenset(), True)
"""What a key may hold that no requirement speaks of."""


def intersect_values(a: Values, b: Values) -> Values:
    """The values that are in both sets."""
    absent = a.absent and b.absent
    if a.excluding:
        if b.excluding:
            return Values(True, a.values | b.values, absent)
        return Values(False, b.values - a.values, absent)
    if b.excluding:
        return Values(False, a.values - b.values, absent)
    return Values(False, a.values & b.values, absent)


def values_meet(a: Values, b: Values) -> bool:
    """Whether the sets have anything in common."""
    if a.absent and b.absent:
        return True
    if a.excluding:
        return b.excluding or not b.values <= a.values
    if b.excluding:
        return not a.values <= b.values
    return not a.values.isdisjoint(b.values)


def values_contain(outer: Values, inner: Values) -> bool:
    """Whether all of `inner` is in `outer`."""
    if inner.absent and not outer.absent:
        return False
    if inner.excluding:
        return outer.excluding and outer.values <= inner.values
    if outer.excluding:
        return outer.values.isdisjoint(inner.values)
    return inner.values <= outer.values


def fresh_value(taken: frozenset[str] | set[str]) -> str:
    """A readable label value that is not taken: "example" if nothing is, else "other" or so."""
    if not taken:
        return "example"
    value = "other"
    number = 1
    while value in taken:
        number += 1
        value = f"other-{number}"
    return value


def example_value(values: Values) -> str | None:
    """The simplest member: None (absent) where allowed, else a named value, else an invented one.

    The set must not be empty.
    """
    if values.absent:
        return None
    if values.excluding:
        return fresh_value(values.values)
    return min(values.values)
