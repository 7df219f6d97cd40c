"""Selector algebra: label selectors as products of value sets (boxes), decided exactly.

Per label key a requirement is a finite or cofinite set of values, with or without "absent"
(semantics, section 3). A selector is a product of such sets, one per key. Conjunction is
intersection, the complement of a box is a union of disjoint boxes; so overlap, disjointness and
cover are exact, and every "no" comes with a witness: an example label set.
"""

from __future__ import annotations

from typing import NamedTuple

from kubectl_npcheck.origin import Path


class Values(NamedTuple):
    """A set over "the label's value, or its absence".

    values, or all strings but them if `excluding`; plus the absence of the key if `absent`.
    """

    excluding: bool
    values: frozenset[str]
    absent: bool


class Term(NamedTuple):
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
        box: dict[str, Values] = {}
        for term in terms:
            allowed = term_values(term)
            held = box.get(term.key)
            box[term.key] = allowed if held is None else intersect_values(held, allowed)
        self.box = box
        self.void = any(not v.excluding and not v.values and not v.absent for v in box.values())

    @property
    def everything(self) -> bool:
        """True for `{}` and whatever else selects every label set."""
        return not self.terms

    def matches(self, labels: dict[str, str]) -> bool:
        """Whether an object with these labels is selected."""
        for key, allowed in self.box.items():
            value = labels.get(key)
            if value is None:
                if not allowed.absent:
                    return False
            elif (value in allowed.values) == allowed.excluding:
                return False
        return True


def term_values(term: Term) -> Values:
    """The value set of one requirement."""
    if term.operator == "In":
        return Values(False, frozenset(term.values), False)
    if term.operator == "NotIn":
        return Values(True, frozenset(term.values), True)
    if term.operator == "Exists":
        return Values(True, frozenset(), False)
    return Values(False, frozenset(), True)


def intersect_values(a: Values, b: Values) -> Values:
    """The values that are in both sets."""
    absent = a.absent and b.absent
    if a.excluding and b.excluding:
        return Values(True, a.values | b.values, absent)
    if a.excluding:
        return Values(False, b.values - a.values, absent)
    if b.excluding:
        return Values(False, a.values - b.values, absent)
    return Values(False, a.values & b.values, absent)
