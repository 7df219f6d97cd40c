"""Inventory and settings to a report: severities, suppression, positions, order.

Knows rules, documents' positions and comments; prints nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kubectl_npcheck.check.excerpts import Excerpts
from kubectl_npcheck.check.marks import Marks, comments_of, marks_of
from kubectl_npcheck.check.placing import Placed, placed
from kubectl_npcheck.check.verdicts import verdicts
from kubectl_npcheck.findings import Finding, PolicyEntry, Report, RuleEntry
from kubectl_npcheck.origin import path_text
from kubectl_npcheck.record import Record
from kubectl_npcheck.settings import Settings

if TYPE_CHECKING:
    from kubectl_npcheck.load import Loaded

__all__ = ["Judged", "check", "described", "every_rule", "judge"]


def check(loaded: Loaded, settings: Settings, input: dict[str, Any] | None = None) -> Report:
    """What the rules find in the loaded objects, under the settings.

    input: what the report says of its input, as plain data: paths, or a cluster.
    """
    inventory = loaded.inventory
    judged = judge(loaded, settings)
    kept, marks = judged.kept, judged.marks
    files = {source.file: number for number, source in enumerate(loaded.sources)}

    def policies() -> list[PolicyEntry]:
        from kubectl_npcheck.check.entries import entries

        return entries(inventory, _rules_by_origin(kept), files, settings)

    findings = list(map(_finding, kept))
    if marks:
        from kubectl_npcheck.check.suppression import unused

        findings += unused(marks, settings)
    findings.sort(key=lambda finding: _order(finding, files))
    report = Report(
        input=input or {},
        counts=loaded.counts._replace(suppressed=len(judged.suppressed)),
        findings=findings,
        skipped=loaded.skipped,
        errors=loaded.errors,
        policies=policies,
        fail_on=settings.fail_on,
        lines=Excerpts(loaded.sources),
        hidden=lambda: [_finding(item) for item in judged.suppressed],
    )
    report.rules = every_rule
    return report


def every_rule() -> list[RuleEntry]:
    """The rules that a finding could be of."""
    from kubectl_npcheck.check.catalogue import catalogue

    return catalogue()


class Judged(Record):
    """What the rules say: what is kept, what is suppressed, and by which marks."""

    kept: list[Placed]
    suppressed: list[Placed]
    marks: Marks


def judge(loaded: Loaded, settings: Settings, everywhere: bool = True) -> Judged:
    """The verdicts of the rules that the settings leave on, with their places.

    everywhere: False for a caller that needs no places; they are found where comments ask for them
    """
    inventory = loaded.inventory
    comments = comments_of(inventory)
    if comments:
        from kubectl_npcheck.check.recorded import note_comments

        note_comments(inventory, comments)
    found = placed(verdicts(inventory, settings), None if everywhere else comments)
    marks = marks_of(inventory, comments)
    if not marks:
        return Judged(found, [], marks)
    from kubectl_npcheck.check.suppression import unsuppressed

    kept, suppressed = unsuppressed(found, marks)
    return Judged(kept, suppressed, marks)


def described(
    paths: Sequence[str],
    kustomizations: Sequence[str],
    namespace: str | None,
    settings: Settings,
    charts: Sequence[str] = (),
) -> dict[str, Any]:
    """What a report says of an input of files: the `input` of docs/report.schema.json."""
    return {
        "paths": list(paths),
        "kustomizations": list(kustomizations),
        **({"charts": list(charts)} if charts else {}),
        "namespace": namespace,
        "egressDefault": settings.egress_default,
    }


def _finding(item: Placed) -> Finding:
    verdict = item.verdict
    subject, path, message, evidence, _, fix = verdict.problem
    if verdict.units > 1:
        evidence = (
            *evidence,
            f"in unit {verdict.group.unit.name}, the worst of the {verdict.units} that contain it",
        )
    origin = subject.origin
    if origin.rendered:
        evidence = (*evidence, f"rendered from {origin.rendered}")
    if fix is not None and origin.file is None and origin.document is not None:
        fix = fix._replace(automatic=False)  # rendered text is no file: what it comes from is
    return Finding(
        verdict.rule,
        verdict.severity,
        message,
        item.location,
        path_text(path),
        subject.namespace,
        subject.name,
        evidence,
        fix,
        getattr(subject, "kind", "NetworkPolicy"),
        origin.changed,
    )


def _rules_by_origin(kept: list[Placed]) -> dict[int, dict[str, None]]:
    """The ids of the rules with a finding, in their order, by the object's origin (its id)."""
    found: dict[int, dict[str, None]] = {}
    for item in kept:
        found.setdefault(id(item.verdict.origin), {})[item.verdict.rule] = None
    return found


def _order(finding: Finding, files: dict[str, int]) -> tuple[int, str, int, int, str, str]:
    """By file in the order of the input, line, column, rule; what is in no file comes last."""
    at = finding.location
    if at is None:
        return len(files), finding.namespace or "", 0, 0, finding.name, finding.rule
    return files.get(at.file, len(files)), at.file, at.line, at.column, finding.rule, ""
