"""A report of several clusters for humans: each by itself, then how they compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kubectl_npcheck.findings import Counts, Finding, Report, Severity
from kubectl_npcheck.record import Record
from kubectl_npcheck.reports.appearance import Appearance, plural, shown, wrapped

NOT_AUDITED = "not audited"
COLUMNS = ("CONTEXT", "POLICIES", "COMPLIANT", "ERRORS", "WARNINGS", "NOTES")


class Part(Record):
    """One cluster: its context, why it could not be audited, or its own part of the report."""

    context: str
    error: str
    report: Report


def parts(report: Report) -> list[Part]:
    """The clusters of a report, each as a report of its own."""
    hidden = report.hidden()
    return [_part(report, item, hidden) for item in report.input["clusters"]]


def _part(report: Report, input: Mapping[str, Any], hidden: Sequence[Finding]) -> Part:
    context = input["context"]
    suppressed = sum(1 for finding in hidden if finding.cluster == context)
    known = sum(1 for finding in report.known if finding.cluster == context)
    policies = [entry for entry in report.policies if entry.cluster == context]
    part = Report(
        dict(input),
        Counts(0, 0, len(policies), suppressed, baselined=known),
        [finding for finding in report.findings if finding.cluster == context],
        [item for item in report.skipped if item.cluster == context],
        [error for error in report.errors if error.cluster == context],
        lambda: policies,
        report.fail_on,
    )
    return Part(context, input.get("error", ""), part)


def each(
    report: Report, appearance: Appearance, render: Callable[[Report, Appearance], str]
) -> list[str]:
    """The lines of all clusters, one after the other, each under its context."""
    lines: list[str] = []
    for part in parts(report):
        lines.append(appearance.paint(f"== {shown(part.context)} ==", "bold"))
        if part.error:
            said = wrapped(f"{NOT_AUDITED}: {shown(part.error)}", "", appearance.width)
            lines.append(appearance.paint(said, "error"))
        else:
            lines += render(part.report, appearance).splitlines()
        lines.append("")
    return lines


def table(report: Report, appearance: Appearance) -> list[str]:
    """One row a cluster, columns aligned as kubectl aligns them."""
    found = parts(report)
    rows = [COLUMNS, *(_row(part) for part in found)]
    widths = [max(len(cells[i]) for cells in rows) for i in range(len(COLUMNS))]
    lines = []
    for number, cells in enumerate(rows):
        if number and found[number - 1].error:
            reason = shown(found[number - 1].error)
            row = wrapped(
                f"{cells[0].ljust(widths[0])}   {NOT_AUDITED}: {reason}", "", appearance.width
            )
            lines.append(row.replace(NOT_AUDITED, appearance.paint(NOT_AUDITED, "error"), 1))
            continue
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        lines.append("   ".join(padded).rstrip())
    return lines


def _row(part: Part) -> tuple[str, ...]:
    if part.error:
        return (shown(part.context), *([""] * (len(COLUMNS) - 1)))
    policies = part.report.policies
    good = sum(1 for entry in policies if entry.compliant)
    share = f" ({good * 100 // len(policies)} %)" if policies else ""
    severities = [finding.severity for finding in part.report.findings]
    return (
        shown(part.context),
        str(len(policies)),
        f"{good}{share}",
        *(str(severities.count(severity)) for severity in sorted(Severity, reverse=True)),
    )


def repeated(report: Report) -> list[str]:
    """One line for each context that leads to a server that another one leads to as well."""
    return [
        f"{shown(item['context'])} leads to the same server as {shown(item['sameServerAs'])}:"
        " its policies and findings count twice"
        for item in report.input["clusters"]
        if item.get("sameServerAs")
    ]


def checked(report: Report) -> str:
    """`12 policies in 3 clusters`."""
    return f"{plural(report.counts.policies, 'policy')} in {plural(_audited(report), 'cluster')}"


def nothing(report: Report) -> str:
    """That there is no policy in what could be audited."""
    audited = _audited(report)
    if not audited:
        return "no cluster could be audited"
    return f"no NetworkPolicy in {plural(audited, 'cluster')}"


def incomplete(report: Report) -> str:
    """What makes the result incomplete: clusters that were not audited, and lists that failed."""
    inputs = report.input["clusters"]
    failed = [item for item in inputs if "error" in item]
    lists = len(report.errors) - len(failed)
    said = []
    if failed:
        said.append(f"{len(failed)} of {plural(len(inputs), 'cluster')} could not be audited")
    if lists:
        said.append(f"{plural(lists, 'input')} could not be read")
    return f"{', '.join(said)}: the result is incomplete"


def _audited(report: Report) -> int:
    return sum(1 for item in report.input["clusters"] if "error" not in item)
