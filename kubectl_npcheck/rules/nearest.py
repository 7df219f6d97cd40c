"""Which known workload a selector most likely means, for selectors that match none.

Knows labels only. Likeness is counted per requirement: the label as asked for, the same value
under another key, or the same key with a value that is a misspelling or a longer form.
"""

from __future__ import annotations

from kubectl_npcheck.policy.model import Workload
from kubectl_npcheck.policy.selectors import Selector, Term
from kubectl_npcheck.rules.pod_index import PodIndex

Nearest = tuple[Workload, dict[str, str]]
"""A workload, and those of its labels that would select it."""

EXACT, OTHER_KEY, MISSPELT, AFFIX = 1.0, 0.85, 0.8, 0.7

COMMON = 3
"""Labels that more workloads than this carry tell none of them from the others."""

SEPARATORS = "-_."


def nearest(selector: Selector, pods: PodIndex) -> Nearest | None:
    """The workload nearest to a selector that matches none of `pods`; None if none is like it.

    Of equally near ones the first of the input is taken.
    """
    scores: dict[int, float] = {}
    suggested: dict[int, dict[str, str]] = {}
    found: dict[int, Workload] = {}
    for term in selector.terms:
        counted: set[int] = set()
        for points, key, value in similar_labels(term, pods) if term.operator == "In" else ():
            for workload in pods.carrying(key, value):
                mark = id(workload)
                if mark not in counted:
                    counted.add(mark)
                    found[mark] = workload
                    scores[mark] = scores.get(mark, 0.0) + points
                    suggested.setdefault(mark, {})[key] = value
    best: int | None = None
    for mark in found:
        if telling(suggested[mark], pods) and (best is None or scores[mark] > scores[best]):
            best = mark
    return None if best is None else (found[best], suggested[best])


def telling(labels: dict[str, str], pods: PodIndex) -> bool:
    """Whether the labels tell a few workloads from the others."""
    return any(len(pods.carrying(key, value)) <= COMMON for key, value in labels.items())


def similar_labels(term: Term, pods: PodIndex) -> list[tuple[float, str, str]]:
    """The labels that a requirement may mean, as points, key and value, the likeliest first."""
    similar: list[tuple[float, str, str]] = []
    for asked in term.values:
        for key in pods.keys_of(asked):
            similar.append((EXACT if key == term.key else OTHER_KEY, key, asked))
        for held in pods.values_of(term.key):
            points = likeness(asked, held)
            if points:
                similar.append((points, term.key, held))
    similar.sort(key=lambda label: -label[0])
    return similar


def likeness(a: str, b: str) -> float:
    """Points for two values that differ: a misspelling, or one is a part of the other; else 0."""
    if a == b:
        return 0.0
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if len(short) >= 3:
        if long.startswith(short) and (len(short) > 4 or long[len(short)] in SEPARATORS):
            return AFFIX
        if long.endswith(short) and long[-len(short) - 1] in SEPARATORS:
            return AFFIX
    if len(short) >= 3 and len(long) - len(short) <= 2 and misspelt(short, long):
        return MISSPELT
    return 0.0


def misspelt(short: str, long: str) -> bool:
    """Whether two texts differ in one place only: by a letter or two, or by swapped letters."""
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    end = 0
    while end < len(short) - start and short[-1 - end] == long[-1 - end]:
        end += 1
    a, b = short[start : len(short) - end], long[start : len(long) - end]
    if (a + b).isdigit():
        return False  # web-1 and web-2 are two things
    if len(short) == 3:
        return not a and len(b) == 1  # any other three letters are another word
    return len(b) <= 1 or a == b[::-1] or (len(b) == 2 and len(short) >= 6 and start > 0)
