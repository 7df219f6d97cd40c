"""Which known workload a selector most likely means, for selectors that match none.

Knows labels only. Likeness is counted per requirement: the label as asked for, the same key with
a similar value, or the same value under another key.
"""

from __future__ import annotations

from collections.abc import Sequence

from kubectl_npcheck.policy.model import Workload
from kubectl_npcheck.policy.selectors import Selector, Term

MAX_CANDIDATES = 200
"""Distinct label sets that are compared; likeness costs more than matching."""

Nearest = tuple[Workload, dict[str, str]]
"""A workload, and those of its labels that would select it."""

SIMILAR = 0.7
"""From which ratio on two values count as a misspelling or a variant of each other."""


def nearest(selector: Selector, workloads: Sequence[Workload]) -> Nearest | None:
    """The workload nearest to the selector, and those of its labels that would select it.

    None if none is like it in any requirement. The first of equally near ones is taken.
    """
    best: tuple[float, Workload, dict[str, str]] | None = None
    seen: set[frozenset[tuple[str, str]]] = set()
    for workload in workloads:
        labels = frozenset(workload.labels.items())
        if labels in seen:
            continue
        seen.add(labels)
        if len(seen) > MAX_CANDIDATES:
            break
        score, suggested = likeness(selector, workload.labels)
        if suggested and (best is None or score > best[0]):
            best = score, workload, suggested
    return None if best is None else best[1:]


def likeness(selector: Selector, labels: dict[str, str]) -> tuple[float, dict[str, str]]:
    """How near a label set is, and what to write instead; an empty dict where it is not near."""
    score = 0.0
    suggested: dict[str, str] = {}
    for term in selector.terms:
        if term.operator != "In" or not term.values:
            continue
        points, key = nearest_label(term, labels)
        if key is not None:
            score += points
            suggested[key] = labels[key]
    return score, suggested


def nearest_label(term: Term, labels: dict[str, str]) -> tuple[float, str | None]:
    """Points between 0 and 1, and the key of the label that the requirement may mean."""
    held = labels.get(term.key)
    if held is not None:
        if held in term.values:
            return 1.0, term.key
        ratio = max(similarity(held, value) for value in term.values)
        if ratio >= SIMILAR:
            return 0.9 * ratio, term.key
    for key in sorted(labels):
        if labels[key] in term.values:
            return 0.6, key
    return 0.0, None


def similarity(a: str, b: str) -> float:
    """Between 0 and 1; one value that begins or ends with the other is similar."""
    if len(a) > 2 and len(b) > 2 and (a.startswith(b) or b.startswith(a) or a.endswith(b)):
        return 0.9
    from difflib import SequenceMatcher  # only for findings

    return SequenceMatcher(None, a, b).ratio()
