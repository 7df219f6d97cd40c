"""The words for what pods may do, worst first, and how a share of them is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kubectl_npcheck.findings import ClassState, DirectionState

UNDECIDED = "undecided"
MOST_NAMES = 10
WORST_FIRST = (UNDECIDED, "unknown", "open", "restricted", "denied")


class Segment(NamedTuple):
    """One part of a bar: a state, how many have it, and its place in per cent of the width."""

    state: str
    number: int
    start: str
    width: str


class Bar(NamedTuple):
    """How many policies have pods in which state, worst first. text: the same in words."""

    segments: tuple[Segment, ...]
    text: str

    def number(self, state: str) -> int:
        """How many are in that state."""
        return sum(segment.number for segment in self.segments if segment.state == state)

    @property
    def key(self) -> str:
        """Sorts bars as text: by how many are in each state, the worst state first."""
        return "".join(f"{self.number(state):06}" for state in WORST_FIRST)


def word(state: DirectionState, reading: str) -> str:
    """The state in one word, as the settings' reading of silence sees it."""
    if reading == "open":
        return state.open
    if reading == "deny":
        return state.deny
    return state.open if state.open == state.deny else UNDECIDED


def worst(words: Iterable[str]) -> str:
    """The worst of some states; "" without any."""
    return min(words, key=WORST_FIRST.index, default="")


def bar(words: Iterable[str]) -> Bar:
    """The bar of some states; "" counts for none."""
    counts = Counter(word for word in words if word)
    total = sum(counts.values())
    segments = []
    before = 0
    for state in WORST_FIRST:
        count = counts[state]
        if count:
            start, width = before * 100 / total, count * 100 / total
            segments.append(Segment(state, count, f"{start:.2f}", f"{width:.2f}"))
            before += count
    text = ", ".join(f"{segment.number} {segment.state}" for segment in segments)
    return Bar(tuple(segments), text or "no pods selected")


def badness(ingress: str, egress: str) -> tuple[int, int]:
    """Sorts a class by its states, the worst first; egress counts more."""
    return WORST_FIRST.index(egress), WORST_FIRST.index(ingress)


def names_text(names: Sequence[str]) -> str:
    """The names, and beyond a number how many more there are."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def pods_text(state: ClassState, alone: bool) -> str:
    """The pods of a class by an example of their labels."""
    if state.witness:
        return ", ".join(f"{key}={value}" for key, value in state.witness.items())
    return "any pod" if alone else "any other pod"
