"""The rows of the table of findings: each with its evidence, its lines and its fix."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import NamedTuple

from kubectl_npcheck.findings import Finding, Location, Report
from kubectl_npcheck.reports.html.room import EVIDENCE, FINDINGS, LINES, Room

MOST_UNFOLDED = 6
"""With no more findings than these, they are shown unfolded."""

WIDEST = 180
"""Characters of a line that are shown, around the place of the finding."""

NO_NAMESPACE = "(no namespace)"


class Line(NamedTuple):
    """A line of a manifest: its number, and its text before, at and after the finding."""

    number: int
    before: str
    marked: str
    after: str


class FindingRow(NamedTuple):
    """A finding as the page shows it.

    place:  `file:line:column`, "" for live objects
    shown:  False where there was no more room for it
    detail: False where there was no more room for its evidence and fix
    """

    id: str
    finding: Finding
    severity: str
    namespace: str
    place: str
    lines: tuple[Line, ...]
    command: str
    shown: bool
    detail: bool
    unfolded: bool


class Choices(NamedTuple):
    """What the table can be narrowed to: the values that occur."""

    severities: list[str]
    rules: list[str]
    namespaces: list[str]
    clusters: list[str]
    new: bool


def finding_rows(report: Report, fix_command: str) -> list[FindingRow]:
    """The rows, errors first and else in the report's order."""
    ordered = sorted(report.findings, key=lambda finding: -finding.severity)
    unfolded = len(ordered) <= MOST_UNFOLDED
    rows, evidence, lines = Room(FINDINGS, 270), Room(EVIDENCE, 150), Room(LINES, 250)
    found = []
    for number, finding in enumerate(ordered):
        at = finding.location
        place = f"{at.file}:{at.line}:{at.column}" if at else ""
        command = _command(finding, fix_command)
        summary = finding.fix.summary if finding.fix else ""
        shown = rows.takes((finding.name, finding.namespace or "", finding.message, place))
        detail = shown and evidence.takes((*finding.evidence, summary, command))
        found.append(
            FindingRow(
                id=f"f{number}",
                finding=finding,
                severity=finding.severity.label,
                namespace=namespace_text(finding.namespace),
                place=place,
                lines=_lines(report, at, lines) if at and detail else (),
                command=command,
                shown=shown,
                detail=detail,
                unfolded=unfolded,
            )
        )
    return found


def namespace_text(namespace: str | None) -> str:
    """The namespace, or that there is none."""
    return NO_NAMESPACE if namespace is None else namespace


def choices(rows: Sequence[FindingRow]) -> Choices:
    """The values to choose from, in the order in which they are read best."""
    return Choices(
        list(dict.fromkeys(row.severity for row in rows)),
        sorted({row.finding.rule for row in rows}),
        sorted({row.namespace for row in rows}),
        sorted({row.finding.cluster for row in rows if row.finding.cluster}),
        any(row.finding.trend == "new" for row in rows),
    )


def _command(finding: Finding, fix_command: str) -> str:
    """What the reader can run, "" where npcheck cannot write the fix."""
    if not fix_command or finding.fix is None or not finding.fix.automatic:
        return ""
    asked = f" --rule {finding.rule}" if finding.fix.on_request else ""
    file = finding.location.file if finding.location else ""
    path = f" {shlex.quote(file)}" if file and not file.startswith("<") else ""
    return f"{fix_command}{asked}{path}"


def _lines(report: Report, at: Location, room: Room) -> tuple[Line, ...]:
    """The lines around a place, () where there is no more room for them."""
    if not room.takes(()):
        return ()
    lines = report.lines(at)
    while lines and not lines[-1][1].strip():
        lines = lines[:-1]
    room.takes(text for _, text in lines)
    return tuple(_line(number, text, at) for number, text in lines)


def _line(number: int, text: str, at: Location) -> Line:
    """The line in three parts, cut to a width that holds the finding's place."""
    if not at.line <= number <= at.end_line:
        return Line(number, _cut(text), "", "")
    start = at.column - 1 if number == at.line else 0
    end = at.end_column - 1 if number == at.end_line else len(text)
    first = max(0, start - WIDEST // 3) if len(text) > WIDEST else 0
    last = max(end, first + WIDEST)
    before = ("…" if first else "") + text[first:start]
    after = text[end:last] + ("…" if last < len(text) else "")
    return Line(number, before, _cut(text[start:end]), after)


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else text[:WIDEST] + "…"
