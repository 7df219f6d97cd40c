"""Finding the selectors that meet a selector, and the label sets that it matches, without a scan.

Most selectors name a value of one label (`app: web`); they are filed under it, the rest is tried
one by one. Answers are exact and in the order of the input.
Knows selectors and label sets; must not know what they belong to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kubectl_npcheck.policy.selectors import Selector, contains, meet


class SelectorIndex:
    """Selectors, filed under the values that they name."""

    __slots__ = ("_filed", "_loose", "_selectors")

    def __init__(self, selectors: Sequence[Selector]) -> None:
        self._selectors = selectors
        self._filed: dict[str, dict[str, list[int]]] = {}
        self._loose: list[int] = []
        for number, selector in enumerate(selectors):
            if selector.void:
                continue
            key = _filing_key(selector)
            if key is None:
                self._loose.append(number)
                continue
            drawer = self._filed.setdefault(key, {})
            for value in selector.box[key].values:
                drawer.setdefault(value, []).append(number)

    def meeting(self, selector: Selector) -> list[int]:
        """The numbers of the selectors that share a label set with this one."""
        if selector.void:
            return []
        near = set(self._loose)
        for key, drawer in self._filed.items():
            held = selector.box.get(key)
            if held is None or held.excluding:
                near.update(*drawer.values())
            else:
                for value in held.values:
                    near.update(drawer.get(value, ()))
        selectors = self._selectors
        return [number for number in sorted(near) if meet(selector, selectors[number])]

    def matching(self, labels: dict[str, str]) -> list[int]:
        """The numbers of the selectors that match a label set."""
        near = set(self._loose)
        for key, drawer in self._filed.items():
            value = labels.get(key)
            if value is not None:
                near.update(drawer.get(value, ()))
        selectors = self._selectors
        return [number for number in sorted(near) if selectors[number].matches(labels)]


class WiderIndex:
    """Selectors, filed so that those which contain a given one are found."""

    __slots__ = ("_filed", "_loose", "_selectors")

    def __init__(self, selectors: Sequence[Selector]) -> None:
        self._selectors = selectors
        self._filed: dict[str, dict[str, list[int]]] = {}
        self._loose: list[int] = []
        for number, selector in enumerate(selectors):
            if selector.void:
                continue
            for key, values in selector.box.items():
                if not values.excluding and not values.absent:
                    drawer = self._filed.setdefault(key, {})
                    for value in values.values:
                        drawer.setdefault(value, []).append(number)
                    break
            else:
                self._loose.append(number)

    def containing(self, selector: Selector, limit: int) -> list[int]:
        """The numbers of the selectors that match all that this one matches, in their order.

        At most `limit` are looked at: the first ones.
        """
        if selector.void:
            return []
        near = self._loose
        for key, values in selector.box.items():
            drawer = self._filed.get(key)
            if drawer is not None and not values.excluding and values.values:
                found = drawer.get(next(iter(values.values)))
                if found:
                    near = near + found if near else found
        selectors = self._selectors
        if len(near) > limit:
            near = sorted(near)[:limit]
        return sorted([n for n in near if contains(selectors[n], selector)])


class LabelIndex:
    """Label sets, filed under each of their labels."""

    __slots__ = ("_filed", "_labels")

    def __init__(self, labels: Iterable[dict[str, str]]) -> None:
        self._labels = list(labels)
        self._filed: dict[tuple[str, str], list[int]] = {}
        for number, item in enumerate(self._labels):
            for pair in item.items():
                self._filed.setdefault(pair, []).append(number)

    def matched_by(self, selector: Selector) -> list[int]:
        """The numbers of the label sets that a selector matches."""
        if selector.void:
            return []
        key = _filing_key(selector)
        near: Iterable[int] = range(len(self._labels))
        if key is not None:
            filed = self._filed
            values = selector.box[key].values
            near = sorted([n for value in values for n in filed.get((key, value), ())])
        return [number for number in near if selector.matches(self._labels[number])]


def _filing_key(selector: Selector) -> str | None:
    """The key with the fewest values that the selector names, None if it names none."""
    best = None
    fewest = 0
    for key, values in selector.box.items():
        if values.excluding or values.absent:
            continue
        count = len(values.values)
        if best is None or count < fewest or (count == fewest and key < best):
            best, fewest = key, count
    return best
