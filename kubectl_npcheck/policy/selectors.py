"""Selector algebra: label selectors as products of value sets (boxes), decided exactly.

Per label key a requirement is a finite or cofinite set of values, with or without "absent"
(semantics, section 3). A selector is a product of such sets, one per key, so intersection,
overlap and containment are decided key by key, and every overlap comes with a witness: an
example label set. Whether several selectors together cover one is the question of `covering`.
"""

from __future__ import annotations

from collections.abc import Sequence

from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.covering import Box, Cover, box_holds, cover_box
from kubectl_npcheck.policy.values import (
    Values,
    example_value,
    intersect_values,
    values_contain,
    values_meet,
)
from kubectl_npcheck.record import Record

__all__ = [
    "Box",
    "Cover",
    "Selector",
    "Term",
    "Values",
    "contains",
    "cover",
    "equal",
    "identity",
    "intersect",
    "intersect_values",
    "meet",
    "overlap",
    "term_values",
    "witness",
]

COVER_STEPS = 15_000
"""How much one cover question may try, in keys and choices looked at; below 10 ms."""


class Term(Record):
    """One requirement as written, for rules that speak of single labels.

    operator is In, NotIn, Exists or DoesNotExist (a matchLabels entry is In with one value);
    path is relative to the selector: ("matchLabels", key) or ("matchExpressions", index).
    """

    key: str
    operator: str
    values: tuple[str, ...]
    path: Path


class Selector:
    """A label selector. `terms` as written, `box` as normalised: {key: Values}.

    An empty box selects everything; `void` is True if no label set can match.
    """

    __slots__ = ("box", "terms", "void")

    def __init__(self, terms: tuple[Term, ...] = ()) -> None:
        self.terms = terms
        self.void = False
        box: Box = {}
        for term in terms:
            allowed = term_values(term)
            held = box.get(term.key)
            if held is not None:
                allowed = intersect_values(held, allowed)
            if allowed.excluding:
                if allowed.absent and not allowed.values:
                    continue  # anything goes
            elif not allowed.values and not allowed.absent:
                self.void = True
            box[term.key] = allowed
        self.box = box

    @property
    def everything(self) -> bool:
        """True for `{}` and whatever else selects every label set."""
        return not self.box

    def matches(self, labels: dict[str, str]) -> bool:
        """Whether an object with these labels is selected."""
        return box_holds(self.box, labels)

    def __repr__(self) -> str:
        return (
            f"Selector({', '.join(' '.join((t.key, t.operator, *t.values)) for t in self.terms)})"
        )


def term_values(term: Term) -> Values:
    """The value set of one requirement."""
    if term.operator == "In":
        return Values(False, frozenset(term.values), False)
    if term.operator == "NotIn":
        return Values(True, frozenset(term.values), True)
    if term.operator == "Exists":
        return Values(True, frozenset(), False)
    return Values(False, frozenset(), True)


def identity(selector: Selector) -> frozenset[tuple[str, Values]] | None:
    """A hashable stand-in: equal for two selectors iff they match the same; None if void."""
    return None if selector.void else frozenset(selector.box.items())


def equal(a: Selector, b: Selector) -> bool:
    """Whether both match exactly the same label sets."""
    if a.void or b.void:
        return a.void and b.void
    return a.box == b.box


def contains(outer: Selector, inner: Selector) -> bool:
    """Whether `outer` matches every label set that `inner` matches."""
    if inner.void:
        return True
    if outer.void:
        return False
    mine = inner.box
    for key, values in outer.box.items():
        held = mine.get(key)
        if held is None or not values_contain(values, held):
            return False
    return True


def meet(a: Selector, b: Selector) -> bool:
    """Whether some label set is matched by both; `overlap` without the witness."""
    if a.void or b.void:
        return False
    theirs = b.box
    for key, values in a.box.items():
        held = theirs.get(key)
        if held is not None and held is not values and not values_meet(values, held):
            return False
    return True


def intersect(a: Selector, b: Selector) -> Selector:
    """The selector that matches what both match; its terms are those of both."""
    return Selector(a.terms + b.terms)


def witness(selector: Selector) -> dict[str, str] | None:
    """The simplest label set that the selector matches, None if it is void."""
    if selector.void:
        return None
    labels = {}
    for key in sorted(selector.box):
        value = example_value(selector.box[key])
        if value is not None:
            labels[key] = value
    return labels


def overlap(a: Selector, b: Selector) -> dict[str, str] | None:
    """The simplest label set that both match, None if there is none."""
    return witness(intersect(a, b)) if meet(a, b) else None


def cover(
    selector: Selector,
    others: Sequence[Selector],
    limit: int = COVER_STEPS,
) -> Cover:
    """Whether each label set that `selector` matches is matched by at least one of `others`.

    The answer is exact; where it takes more than `limit` steps, it is "unknown". It does not
    depend on the order of `others`.
    """
    if selector.void:
        return Cover(True, None)
    return cover_box(selector.box, [other.box for other in others if not other.void], limit)
