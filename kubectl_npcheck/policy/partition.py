"""Into which parts boxes divide the label sets, with an example of each.

Per label key, values that the boxes do not tell apart are one choice; the boxes that are left
after a choice for each key are a part. What is left after some keys is a set of boxes (a bit
mask), so equal ones merge, and only the simplest example of each is kept.
Knows boxes only; must not know selectors or policies.
"""

from __future__ import annotations

from collections.abc import Sequence

from kubectl_npcheck.policy.covering import Box
from kubectl_npcheck.policy.values import ANYTHING, Values, fresh_value

MAX_PARTS = 2000
"""How many parts are listed; more only where there are more boxes, up to twice as many."""

MAX_STEPS = 20_000
"""How many choices are tried, for each key of each part; more only as above."""

Labels = tuple[tuple[str, str], ...]


def partition(boxes: Sequence[Box], within: Box) -> dict[int, Labels] | None:
    """The sets of boxes, none empty, that contain exactly some label set of the box `within`.

    A set is a mask: bit n is `boxes[n]`. None of the boxes may be void. Returned with an example
    label set each, as pairs, with as few labels as possible. None if the limits are exceeded.
    """
    most = max(MAX_PARTS, 2 * len(boxes))
    steps = max(MAX_STEPS, 10 * len(boxes))
    if _at_least(boxes, within, most) > most:
        return None
    keys = _by_key(boxes, within)
    everyone = (1 << len(boxes)) - 1
    states: dict[int, Labels] = {everyone: ()} if boxes else {}
    for key in sorted(keys, key=lambda k: (-len(keys[k]), k)):
        demands = keys[key]
        concerned = 0
        for bit, _ in demands:
            concerned |= bit
        choices = _choices(demands, everyone & ~concerned, within.get(key, ANYTHING))
        after: dict[int, Labels] = {}
        for mask, labels in states.items():
            steps -= len(choices)
            if steps < 0 or len(after) > most:
                return None
            for admitted, value in choices:
                left = mask & admitted
                if left:
                    more = labels if value is None else (*labels, (key, value))
                    held = after.get(left)
                    if held is None or len(more) < len(held):
                        after[left] = more
        states = after
    return states if len(states) <= most else None


def _by_key(boxes: Sequence[Box], within: Box) -> dict[str, list[tuple[int, Values]]]:
    """For each label key, what the boxes demand of it, each with its bit."""
    keys: dict[str, list[tuple[int, Values]]] = {key: [] for key in within}
    for bit, box in enumerate(boxes):
        for key, values in box.items():
            keys.setdefault(key, []).append((1 << bit, values))
    return keys


def _at_least(boxes: Sequence[Box], within: Box, enough: int) -> int:
    """How many parts there are in any case; counted on only beyond `enough`.

    Boxes of one key each are independent of those of other keys: their choices multiply. That is
    told at once, where to list the parts up to the limit would be in vain.
    """
    if len(boxes) < 32:
        return 0
    found = 1
    for key, demands in _by_key([box for box in boxes if len(box) == 1], {}).items():
        found *= len(_choices(demands, 0, within.get(key, ANYTHING)))
        if found > enough + 1:
            break
    return found - 1  # the label sets that are in no box are no part


def _choices(
    demands: list[tuple[int, Values]], unconcerned: int, mine: Values
) -> list[tuple[int, str | None]]:
    """What a key may hold, as far as the boxes tell it apart: who admits it, and the value.

    Of equal choices the simplest one stays: absent, then named values in order, then another.
    """
    lenient = unconcerned  # admit a value that nobody names
    absent = unconcerned
    named: dict[str, int] = {}
    refused: dict[str, int] = {}
    for bit, values in demands:
        if values.absent:
            absent |= bit
        if values.excluding:
            lenient |= bit
            for value in values.values:
                refused[value] = refused.get(value, 0) | bit
        else:
            for value in values.values:
                named[value] = named.get(value, 0) | bit
    found: dict[int, str | None] = {}
    if mine.absent:
        found[absent] = None
    known = named.keys() | refused.keys()
    for value in sorted(known - mine.values if mine.excluding else mine.values):
        found.setdefault((lenient & ~refused.get(value, 0)) | named.get(value, 0), value)
    if mine.excluding:
        found.setdefault(lenient, fresh_value(known | mine.values))
    return list(found.items())
