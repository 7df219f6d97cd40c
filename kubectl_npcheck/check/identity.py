"""When two findings of different runs are the same one: by what they are about, never by lines.

Knows findings; nothing of the files that a former run left.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from kubectl_npcheck.findings import Finding, Severity


class Identity(NamedTuple):
    """What a finding is about.

    file: absolute and normal, so that `./a.yaml` and `a.yaml` are one file; None for live objects
    """

    cluster: str | None
    rule: str
    kind: str
    namespace: str | None
    name: str
    file: str | None
    path: str


class Trace(NamedTuple):
    """What remains of a finding for a later run: what it is about, and how bad it was."""

    identity: Identity
    severity: Severity


class Match(NamedTuple):
    """Which findings are known from earlier, and which of the earlier ones have gone.

    known: the indices of the findings that an earlier one stands for
    worse: the indices of those that are worse than they were, with those of the earlier ones
    gone:  the indices of the earlier ones that no finding stands for any more
    """

    known: set[int]
    worse: dict[int, int]
    gone: list[int]


def trace(finding: Finding, directory: str, cluster: str | None = None) -> Trace:
    """The trace of a finding. directory: where relative files are looked for."""
    at = finding.location
    file = absolute(at.file, directory) if at is not None else None
    identity = Identity(
        finding.cluster or cluster,
        finding.rule,
        finding.kind,
        finding.namespace,
        finding.name,
        file,
        finding.path,
    )
    return Trace(identity, finding.severity)


def absolute(file: str, directory: str) -> str:
    """A file as an `Identity` names it; `<stdin>` stays what it is."""
    return file if file.startswith("<") else os.path.normpath(os.path.join(directory, file))


def match(found: Sequence[Trace], earlier: Sequence[Trace]) -> Match:
    """Pair findings with earlier ones, each with one at most.

    First those of the same field path; then the rest without it, since a rule that is put in
    above shifts the paths of those below. A finding that is worse than it was (egress that another
    policy decided, until that was deleted) is not known, but its earlier form is not gone either.
    """
    known: dict[int, int] = {}
    worse: dict[int, int] = {}
    for taken in (known, worse):
        for key in (_exact, _without_path):
            paired = known | worse
            taken.update(_pairs(found, earlier, key, taken is worse, paired))
    spent = {*known.values(), *worse.values()}
    gone = [number for number in range(len(earlier)) if number not in spent]
    return Match(set(known), worse, gone)


def _exact(identity: Identity) -> Hashable:
    return identity


def _without_path(identity: Identity) -> Hashable:
    return identity[:-1]


def _pairs(
    found: Sequence[Trace],
    earlier: Sequence[Trace],
    key: Callable[[Identity], Hashable],
    worse: bool,
    paired: dict[int, int],
) -> dict[int, int]:
    """Indices of findings, with those of earlier ones of the same key, from what is not paired yet.

    Both sides from the worst down: so as many as possible find one that is at least as bad.
    """
    spent = set(paired.values())
    held: dict[Hashable, list[int]] = {}
    for number in _worst_first(earlier):
        if number not in spent:
            held.setdefault(key(earlier[number].identity), []).append(number)
    pairs = {}
    for number in _worst_first(found):
        candidates = held.get(key(found[number].identity))
        if number in paired or not candidates:
            continue
        if worse or earlier[candidates[0]].severity >= found[number].severity:
            pairs[number] = candidates.pop(0)
    return pairs


def _worst_first(traces: Sequence[Trace]) -> list[int]:
    return sorted(range(len(traces)), key=lambda number: -traces[number].severity)
