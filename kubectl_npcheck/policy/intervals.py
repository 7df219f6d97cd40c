"""Sets of integers as sorted, disjoint, non-adjacent (first, last) intervals, ends included.

Pure arithmetic for `ports` and `cidrs`; must not know what the integers stand for.
"""

from __future__ import annotations

from collections.abc import Iterable

Intervals = tuple[tuple[int, int], ...]


def merge(intervals: Iterable[tuple[int, int]]) -> Intervals:
    """Intervals in any order as a set: sorted, with overlapping and adjacent ones joined."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(intervals):
        if joined and first <= joined[-1][1] + 1:
            if last > joined[-1][1]:
                joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)


def without(whole: Intervals, holes: Intervals) -> Intervals:
    """What is in `whole` and not in `holes`."""
    if not holes:
        return whole
    left: list[tuple[int, int]] = []
    position = 0
    for first, last in whole:
        while position < len(holes) and holes[position][1] < first:
            position += 1
        number = position
        while number < len(holes) and holes[number][0] <= last:
            start, end = holes[number]
            if first < start:
                left.append((first, start - 1))
            first = end + 1
            number += 1
        if first <= last:
            left.append((first, last))
    return tuple(left)


def contains_all(outer: Intervals, inner: Intervals) -> bool:
    """Whether all of `inner` is in `outer`."""
    return not without(inner, outer)
