"""The suppressions of a run: comments and annotations, and the objects that they belong to.

Knows neither YAML nor what the rules look for; which findings they hide is `suppression`'s.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kubectl_npcheck.findings import Location
from kubectl_npcheck.manifests.relevance import MARKER
from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.annotations import IGNORE, ignored_rules
from kubectl_npcheck.policy.inventory import Inventory
from kubectl_npcheck.record import Record
from kubectl_npcheck.rules.problem import Subject

if TYPE_CHECKING:
    from kubectl_npcheck.manifests.comments import Suppression

Comments = dict[int, "list[Suppression]"]


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


class Marks(Record):
    """The marks of a run by what they can cover."""

    by_origin: dict[int, Mark]
    by_document: dict[int, list[Mark]]

    def __bool__(self) -> bool:
        return bool(self.by_origin or self.by_document)


def comments_of(inventory: Inventory) -> Comments:
    """The suppression comments by document (its id), context included; only where there are any."""
    marked: dict[int, bool] = {}
    found: Comments = {}
    for group in inventory.groups:
        subjects: list[Subject] = [*group.policies, *group.others, *group.workloads]
        for subject in subjects:
            document = subject.origin.document
            if document is None:
                continue
            source = document.source
            in_file = marked.get(id(source))
            if in_file is None:
                in_file = marked[id(source)] = MARKER in source.text
            if in_file and id(document) not in found:
                from kubectl_npcheck.manifests.comments import suppressions

                found[id(document)] = suppressions(document)
    return {key: comments for key, comments in found.items() if comments}


def marks_of(inventory: Inventory, comments: Comments) -> Marks:
    """The suppressions in everything that is not context."""
    by_origin: dict[int, Mark] = {}
    commented: dict[int, list[Subject]] = {}
    for group in inventory.groups:
        subjects: list[Subject] = [*group.subjects]
        subjects += [other for other in group.others if not other.origin.context]
        subjects += [workload for workload in group.workloads if not workload.origin.context]
        for subject in subjects:
            origin = subject.origin
            annotations = getattr(subject, "annotations", None)
            if annotations and IGNORE in annotations and id(origin) not in by_origin:
                by_origin[id(origin)] = Mark(subject, ignored_rules(annotations))
            if id(origin.document) in comments:
                commented.setdefault(id(origin.document), []).append(subject)
    by_document = {
        key: _comment_marks(subjects, comments[key]) for key, subjects in commented.items()
    }
    return Marks(by_origin, by_document)


def _comment_marks(subjects: list[Subject], comments: list[Suppression]) -> list[Mark]:
    """The comments of one document, each with the object of it that it most likely means."""
    subjects.sort(key=lambda subject: subject.origin.line)
    marks = []
    for comment in comments:
        meant = subjects[0]
        for subject in subjects:
            if subject.origin.line <= comment.line or subject.origin.prefix == comment.prefix:
                meant = subject
        marks.append(Mark(meant, comment.rules, comment))
    return marks
