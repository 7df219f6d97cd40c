"""Workflow commands that GitHub Actions shows as annotations at the lines of a pull request.

GitHub shows ten errors, ten warnings and ten notices of a step and drops the others without a
word, so the worst are annotated, and the log lists the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kubectl_npcheck.findings import Finding, ReadError, Report, Severity
from kubectl_npcheck.reports.appearance import PLAIN, Appearance, plural, shown, visible
from kubectl_npcheck.reports.headers import headers
from kubectl_npcheck.reports.paths import plain_path
from kubectl_npcheck.reports.text import (
    SHOWN_SKIPPED,
    closing,
    details,
    error_line,
    named,
    statement,
)

LIMIT = 10
COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


class Annotation(NamedTuple):
    """A workflow command, and the line that stands in its place where it would not be shown."""

    command: str
    properties: Mapping[str, object]
    message: str
    line: str


def render(report: Report, appearance: Appearance = PLAIN) -> str:
    """The annotations, worst first, what is not annotated, and the summary."""
    found = [_unread(error, not report.live) for error in report.errors]
    worst_first = sorted(report.findings, key=lambda finding: -finding.severity)
    found += [_annotation(finding, appearance) for finding in worst_first]
    counts = dict.fromkeys(COMMANDS.values(), 0)
    lines: list[str] = []
    others: list[str] = []
    for item in found:
        counts[item.command] += 1
        if counts[item.command] <= LIMIT:
            lines.append(_written(item))
        else:
            others.append(inert(item.line))
    if others:
        lines.append(f"::group::{plural(len(others), 'finding')} more, without an annotation")
        lines += [*others, "::endgroup::"]
    plain = Appearance(fix_command=appearance.fix_command, with_errors=False)
    rest = headers(report, plain) + closing(report, plain, SHOWN_SKIPPED)
    lines += [inert(line) for line in rest]
    return "\n".join(lines) + "\n"


def _annotation(finding: Finding, appearance: Appearance) -> Annotation:
    properties: dict[str, object] = {}
    at = finding.location
    if at is not None:
        properties = {"file": visible(plain_path(at.file)), "line": at.line, "endLine": at.end_line}
        if at.line == at.end_line:  # GitHub takes columns within one line only
            properties |= {"col": at.column, "endColumn": at.end_column}
    properties["title"] = f"{finding.rule}: {named(finding)}"
    message = "\n".join([shown(finding.message), *details(finding, appearance)])
    line = statement(finding)
    return Annotation(COMMANDS[finding.severity], properties, message, line)


def _unread(error: ReadError, is_file: bool) -> Annotation:
    properties: dict[str, object] = {"file": visible(plain_path(error.file))} if is_file else {}
    if error.line:
        properties["line"] = error.line
        if error.column:
            properties["col"] = error.column
    properties["title"] = "not read"
    line = error_line(error)
    return Annotation("error", properties, line, f"error: {line}")


def _written(item: Annotation) -> str:
    properties = ",".join(f"{key}={_property(str(text))}" for key, text in item.properties.items())
    return f"::{item.command} {properties}::{_data(item.message)}"


def _data(text: str) -> str:
    return _parted(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def inert(line: str) -> str:
    """A line of the log that no runner takes for a command: `::name::` at its start, `##[name]`."""
    if line.lstrip().startswith("::"):
        line = line.replace("::", ": :", 1)
    return _parted(line)


def _parted(text: str) -> str:
    """`##[name]` anywhere in a line is a command of the older form."""
    return text.replace("##[", "# #[")
