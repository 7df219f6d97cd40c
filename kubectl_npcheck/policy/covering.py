"""Whether a union of boxes covers a box, decided exactly within a bound.

A box is a product of value sets, one per label key. It stays uncovered iff one value per key can
be chosen so that each other box is *shut out* by at least one of the choices. So this is a
search: per key the choices and whom they shut out (as bit masks), of which only the largest
count; then a branch on the boxes that are hardest to shut out.
Knows boxes only; must not know selectors, policies, or what the answer is for.
"""

from __future__ import annotations

from kubectl_npcheck.policy.values import (
    ANYTHING,
    Values,
    example_value,
    fresh_value,
    values_contain,
    values_meet,
)
from kubectl_npcheck.record import Record

Box = dict[str, Values]
"""Per key what it may hold; a key that is missing may hold anything."""

Choice = tuple[int, "str | None"]
"""Whom the choice shuts out, as a mask; and the value, None for absent."""

MAX_DEPTH = 200
"""How many keys may be decided one after the other: far below what Python's stack holds."""

MANY = 100
"""Among more choices than this, finding the ones to leave out costs more than it saves."""


class Cover(Record):
    """covered: True, False, or None for unknown; witness: an uncovered label set, if False."""

    covered: bool | None
    witness: dict[str, str] | None


class _LimitError(Exception):
    """The search took more steps than allowed."""


def cover_box(box: Box, others: list[Box], limit: int) -> Cover:
    """Whether `others` together contain `box`; none of the boxes may be empty (void)."""
    simplest = _labels(box, {}, [])
    if not any(box_holds(other, simplest) for other in others):
        return Cover(False, simplest)
    rivals: dict[frozenset[tuple[str, Values]], Box] = {}
    for other in others:
        rest = _beyond(box, other)
        if rest is None:
            continue
        if not rest:
            return Cover(True, None)
        rivals[frozenset(rest.items())] = rest
    ranked = sorted(rivals.values(), key=_rank)
    search = _Search(box, ranked, limit)
    try:
        chosen = search.run()
    except _LimitError:
        return Cover(None, None)
    if chosen is None:
        return Cover(True, None)
    return Cover(False, _labels(box, chosen, ranked))


def box_holds(box: Box, labels: dict[str, str]) -> bool:
    """Whether the box contains a label set."""
    for key, allowed in box.items():
        value = labels.get(key)
        if value is None:
            if not allowed.absent:
                return False
        elif (value in allowed.values) == allowed.excluding:
            return False
    return True


def _beyond(box: Box, other: Box) -> Box | None:
    """What `other` demands beyond `box`; {} if it contains it, None if they are disjoint."""
    rest: Box = {}
    for key, theirs in other.items():
        mine = box.get(key)
        if mine is None:
            rest[key] = theirs
        elif mine is not theirs and mine != theirs:
            if not values_meet(mine, theirs):
                return None
            if not values_contain(theirs, mine):
                rest[key] = theirs
    return rest


def _rank(box: Box) -> tuple[int, list[tuple[str, bool, bool, list[str]]]]:
    """Sort key, independent of input order: boxes with the fewest keys are hardest to shut out."""
    return len(box), sorted((k, v.excluding, v.absent, sorted(v.values)) for k, v in box.items())


class _Search:
    """One cover question: who is shut out by which choice, and the branches tried so far."""

    __slots__ = ("choices", "failed", "keys", "reach", "rivals", "steps")

    def __init__(self, box: Box, rivals: list[Box], limit: int) -> None:
        self.rivals = rivals
        self.steps = limit
        self.failed: set[tuple[int, tuple[str, ...]]] = set()
        self.keys = sorted({key for rival in rivals for key in rival})
        self.choices = {key: self._choices(key, box.get(key, ANYTHING)) for key in self.keys}
        self.reach: dict[str, int] = {}
        for key, choices in self.choices.items():
            anyone = 0
            for shut, _ in choices:
                anyone |= shut
            self.reach[key] = anyone

    def _choices(self, key: str, mine: Values) -> list[Choice]:
        """The choices for a key that shut out the most, simplest value first among equals."""
        demanding = 0  # rivals that name the values they want
        presence = 0  # rivals that want the key present
        wanted: dict[str, int] = {}
        refused: dict[str, int] = {}
        for number, rival in enumerate(self.rivals):
            theirs = rival.get(key)
            if theirs is None:
                continue
            bit = 1 << number
            if not theirs.absent:
                presence |= bit
            if theirs.excluding:
                named = refused
            else:
                demanding |= bit
                named = wanted
            for value in theirs.values:
                named[value] = named.get(value, 0) | bit
        found: dict[int, str | None] = {}
        if mine.absent:
            found[presence] = None
        values = wanted.keys() | refused.keys()
        for value in sorted(mine.values if not mine.excluding else values - mine.values):
            shut = (demanding & ~wanted.get(value, 0)) | refused.get(value, 0)
            found.setdefault(shut, value)
        if mine.excluding:
            found.setdefault(demanding, fresh_value(values | mine.values))
        return self._largest(found)

    def _largest(self, found: dict[int, str | None]) -> list[Choice]:
        """The choices without those that shut out less than another, largest first.

        Leaving them out only saves steps, so among very many they stay.
        """
        ordered = sorted(found, key=lambda mask: -mask.bit_count())
        anyone = 0
        for shut in ordered:
            anyone |= shut
        if ordered[0] == anyone:
            ordered = ordered[:1]
        kept: list[Choice] = []
        for shut in ordered:
            if len(ordered) > MANY or all(shut | larger != larger for larger, _ in kept):
                kept.append((shut, found[shut]))
        return kept

    def run(self) -> dict[str, str | None] | None:
        """A value per key that shuts everyone out, None if there is none."""
        chosen: dict[str, str | None] = {}
        need = (1 << len(self.rivals)) - 1
        free = []
        for key in self.keys:
            choices = self.choices[key]
            if len(choices) == 1:
                need &= ~choices[0][0]
                chosen[key] = choices[0][1]
            else:
                free.append(key)
        return chosen if self._shut_out(need, tuple(free), chosen, 0) else None

    def _shut_out(
        self, need: int, free: tuple[str, ...], chosen: dict[str, str | None], depth: int
    ) -> bool:
        """Choose values for free keys until nobody in `need` is left; fills `chosen`."""
        if not need:
            return True
        self.steps -= 8 + len(free)  # in proportion to the time that it takes
        if self.steps < 0 or depth > MAX_DEPTH:
            raise _LimitError
        state = (need, free)
        if state in self.failed:
            return False
        key, must = self._branch(need, free)
        rest = tuple([other for other in free if other != key])
        choices = [choice for choice in self.choices[key] if not must & ~choice[0]]
        self.steps -= len(choices)
        choices.sort(key=lambda choice: -(choice[0] & need).bit_count())
        for shut, value in choices:
            if self._shut_out(need & ~shut, rest, chosen, depth + 1):
                chosen[key] = value
                return True
        self.failed.add(state)
        return False

    def _branch(self, need: int, free: tuple[str, ...]) -> tuple[str, int]:
        """The key to decide next, and whom its choice must shut out, since no other key can.

        Everybody in `need` can still be shut out: at first each rival by one of its keys at
        least, and later the last key that can do it is decided so that it does.
        """
        once = twice = thrice = 0  # who can be shut out by so many keys, or more
        for key in free:
            reach = self.reach[key]
            thrice |= twice & reach
            twice |= once & reach
            once |= reach
        forced = need & ~twice
        hardest = forced or (need & ~thrice) or need
        lowest = hardest & -hardest
        best = max(
            [key for key in free if self.reach[key] & lowest],
            key=lambda key: (self.reach[key] & need).bit_count(),
        )
        return best, forced & self.reach[best]


def _labels(box: Box, chosen: dict[str, str | None], rivals: list[Box]) -> dict[str, str]:
    """The choices as a label set of the box, without labels that it does not take."""
    labels: dict[str, str] = {}
    for key in sorted(box.keys() | chosen.keys()):
        value = chosen[key] if key in chosen else example_value(box[key])
        if value is not None:
            labels[key] = value
    for key in list(labels):
        if box.get(key, ANYTHING).absent:
            fewer = {k: v for k, v in labels.items() if k != key}
            if not any(box_holds(rival, fewer) for rival in rivals):
                labels = fewer
    return labels
