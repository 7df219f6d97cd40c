"""Which findings the manifests themselves suppress, and which suppressions do nothing."""

from __future__ import annotations

from collections.abc import Iterable

from kubectl_npcheck.check import unused_suppression
from kubectl_npcheck.check.catalogue import rule_ids
from kubectl_npcheck.check.marks import Mark, Marks
from kubectl_npcheck.check.placing import Placed, place
from kubectl_npcheck.check.verdicts import active_rules
from kubectl_npcheck.errors import did_you_mean
from kubectl_npcheck.findings import Finding, Location
from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.annotations import IGNORE
from kubectl_npcheck.settings import Settings


def unsuppressed(items: list[Placed], marks: Marks) -> tuple[list[Placed], list[Placed]]:
    """The items that no mark covers, and the others; the marks learn what they were needed for."""
    kept: list[Placed] = []
    suppressed: list[Placed] = []
    for item in items:
        origin, rule = item.verdict.origin, item.verdict.rule
        covering = [
            mark for mark in _candidates(marks, origin) if mark.covers(rule, origin, item.location)
        ]
        for mark in covering:
            mark.used.add(rule)
        (suppressed if covering else kept).append(item)
    return kept, suppressed


def _candidates(marks: Marks, origin: Origin) -> list[Mark]:
    annotated = marks.by_origin.get(id(origin))
    commented = marks.by_document.get(id(origin.document), [])
    return commented if annotated is None else [annotated, *commented]


def unused(marks: Marks, settings: Settings) -> list[Finding]:
    """One note for each mark, or rule of a mark, that suppressed nothing."""
    severity = settings.rules.get(unused_suppression.ID, unused_suppression.SEVERITY)
    if severity is None:
        return []
    ran = {rule.ID for rule in active_rules(settings) if rule.SCOPE != "live"}
    known = rule_ids()
    found: list[Finding] = []
    for mark in _all(marks):
        for message in _complaints(mark, ran, known):
            found.append(
                Finding(
                    unused_suppression.ID,
                    severity,
                    message,
                    _location(mark),
                    "" if mark.comment else f"metadata.annotations[{IGNORE}]",
                    mark.subject.namespace,
                    mark.subject.name,
                    kind=getattr(mark.subject, "kind", "NetworkPolicy"),
                )
            )
    return found


def _all(marks: Marks) -> Iterable[Mark]:
    yield from marks.by_origin.values()
    for held in marks.by_document.values():
        yield from held


def _complaints(mark: Mark, ran: set[str], known: list[str]) -> list[str]:
    if mark.comment is not None and mark.comment.problem:
        return [f"the comment {mark.comment.problem}"]
    what = "the comment" if mark.comment else f"the annotation {IGNORE}"
    if not mark.rules:
        return [f"{what} names no rule"]
    complaints = []
    for rule in sorted(mark.rules):
        if rule not in known:
            complaints.append(f'{what} names an unknown rule "{rule}"{did_you_mean(rule, known)}')
        elif rule in ran and rule not in mark.used:
            complaints.append(f"{what} suppresses nothing: {rule} finds nothing here")
    return complaints


def _location(mark: Mark) -> Location | None:
    origin = mark.subject.origin
    if mark.comment is None:
        return place(origin, ("metadata", "annotations", IGNORE))
    if origin.file is None:
        return None
    line, column = mark.comment.line, mark.comment.column
    return Location(origin.file, line, column, line, column + 1)
