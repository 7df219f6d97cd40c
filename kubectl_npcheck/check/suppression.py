"""Which findings the manifests themselves suppress, and which suppressions do nothing.

A mark is one comment or one annotation. Knows neither YAML nor what the rules look for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubectl_npcheck.check import unused_suppression
from kubectl_npcheck.check.catalogue import rule_ids
from kubectl_npcheck.check.placing import Placed, place
from kubectl_npcheck.check.verdicts import active_rules
from kubectl_npcheck.errors import did_you_mean
from kubectl_npcheck.findings import Finding, Location
from kubectl_npcheck.manifests.comments import MARKER, Suppression, suppressions
from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.annotations import IGNORE, ignored_rules
from kubectl_npcheck.policy.inventory import Inventory
from kubectl_npcheck.rules.problem import Subject
from kubectl_npcheck.settings import Settings


class Mark:
    """One suppression: the rules that it names, and those of them that it was needed for.

    subject is the object that it belongs to; comment is None for an annotation.
    """

    __slots__ = ("comment", "rules", "subject", "used")

    def __init__(
        self, subject: Subject, rules: Iterable[str], comment: Suppression | None = None
    ) -> None:
        self.subject = subject
        self.rules = tuple(dict.fromkeys(rules))
        self.comment = comment
        self.used: set[str] = set()

    def covers(self, rule: str, origin: Origin, location: Location | None) -> bool:
        """Whether it suppresses a rule's finding about the object at origin."""
        if self.comment is None:
            return origin is self.subject.origin and rule in self.rules
        line = location.line if location is not None else 0
        return origin.document is self.subject.origin.document and self.comment.covers(
            rule, line, origin.prefix
        )


class Marks(NamedTuple):
    """The marks of a run by what they can cover."""

    by_origin: dict[int, Mark]
    by_document: dict[int, list[Mark]]


def marks_of(inventory: Inventory) -> Marks:
    """The suppressions in everything that is not context."""
    by_origin: dict[int, Mark] = {}
    commented: dict[int, list[Subject]] = {}
    for group in inventory.groups:
        subjects: list[Subject] = [*group.subjects]
        subjects += [other for other in group.others if not other.origin.context]
        for subject in subjects:
            origin = subject.origin
            annotations = getattr(subject, "annotations", None)
            if annotations and IGNORE in annotations and id(origin) not in by_origin:
                by_origin[id(origin)] = Mark(subject, ignored_rules(annotations))
            document = origin.document
            if document is None:
                continue
            held = commented.get(id(document))
            if held is not None:
                held.append(subject)
            elif MARKER in document.text:
                commented[id(document)] = [subject]
    by_document = {key: _comments(subjects) for key, subjects in commented.items()}
    return Marks(by_origin, {key: marks for key, marks in by_document.items() if marks})


def _comments(subjects: list[Subject]) -> list[Mark]:
    """The comments of one document, each with the object of it that it most likely means."""
    subjects.sort(key=lambda subject: subject.origin.line)
    marks = []
    for comment in suppressions(subjects[0].origin.document):
        meant = subjects[0]
        for subject in subjects:
            if subject.origin.line <= comment.line or subject.origin.prefix == comment.prefix:
                meant = subject
        marks.append(Mark(meant, comment.rules, comment))
    return marks


def unsuppressed(items: list[Placed], marks: Marks) -> list[Placed]:
    """The items that no mark covers; the marks learn what they were needed for."""
    if not marks.by_origin and not marks.by_document:
        return items
    kept: list[Placed] = []
    for item in items:
        origin, rule = item.verdict.origin, item.verdict.rule
        covering = [
            mark for mark in _candidates(marks, origin) if mark.covers(rule, origin, item.location)
        ]
        for mark in covering:
            mark.used.add(rule)
        if not covering:
            kept.append(item)
    return kept


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
