"""Markdown for a comment on a pull request or the summary of a job.

Names come from other people's files: none may become a link, a mention, HTML or the end of a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kubectl_npcheck.findings import Finding, Report, Skipped
from kubectl_npcheck.reports import trend
from kubectl_npcheck.reports.appearance import PLAIN, Appearance, plural, shown, visible
from kubectl_npcheck.reports.headers import headers
from kubectl_npcheck.reports.text import SHOWN_SKIPPED, details, error_line, named, skipped, summary

LIMIT = 65_536
"""Characters that GitHub takes of a comment."""
TAIL = 400
"""Characters kept free for what says how much is left out, and for what closes a block."""
BREAK = "\u200b"  # no width: it parts what would become a link or a mention


def render(report: Report, appearance: Appearance = PLAIN) -> str:
    """The verdict, the totals, a table of the findings, their details, and what was not judged."""
    plain = Appearance(fix_command=appearance.fix_command, with_errors=False)
    page = _Page()
    page.add(f"## npcheck: {_verdict(report)}\n")
    page.add("\n".join(f"- {prose(line)}" for line in summary(report, plain)) + "\n")
    if report.live:
        page.add(_fenced(headers(report, plain)))
    if report.errors:
        page.add_list("Not read", [error_line(error) for error in report.errors])
    if report.findings:
        head = "| | rule | object | where | what |\n|---|---|---|---|---|\n"
        page.add_rows(head, [_row(finding) for finding in report.findings])
    page.add_details(_blocks(report.findings, plain))
    if report.trend is not None and report.trend.gone:
        page.add_list("Gone", trend.gone(report.trend, plain, SHOWN_SKIPPED))
    if report.skipped:
        page.add_list("Not judged", _skipped(report.skipped, plain))
    return page.text()


class _Page:
    """Text up to a limit; what has no room is counted."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._room = LIMIT - TAIL

    def add(self, text: str) -> bool:
        """Add a block unless it has no room."""
        if len(text) + 1 > self._room:
            return False
        self._room -= len(text) + 1
        self._parts.append(text)
        return True

    def add_rows(self, head: str, rows: Sequence[str]) -> None:
        """Add a table with as many rows as fit into half of the room that is left."""
        room = self._room // 2 - len(head)
        kept = 0
        for row in rows:
            room -= len(row)
            if room < 0:
                break
            kept += 1
        self.add(head + "".join(rows[:kept]))
        if kept < len(rows):
            self.add(f"and {plural(len(rows) - kept, 'finding')} more\n")

    def add_list(self, title: str, lines: Sequence[str]) -> None:
        """Add lines below a heading, in a block that shows them as they are."""
        kept = list(lines)
        while kept and not self.add(f"### {title}\n\n{_fenced(kept)}"):
            kept = kept[: len(kept) // 2]
        if len(kept) < len(lines):
            self.add(f"and {plural(len(lines) - len(kept), 'line')} more\n")

    def add_details(self, blocks: Iterator[str]) -> None:
        """Add as many of the blocks as leave room for the rest of the page."""
        left = 0
        for block in blocks:
            if left or len(block) > self._room // 2 or not self.add(block):
                left += 1
        if left:
            self.add(f"no room for the details of {plural(left, 'finding')}\n")

    def text(self) -> str:
        """The page, blocks parted by an empty line."""
        return "\n".join(self._parts)


def _verdict(report: Report) -> str:
    said = "failed" if report.failing else "passed"
    if report.errors:
        said = "failed, and incomplete" if report.failing else "incomplete"
    return said


def _row(finding: Finding) -> str:
    where = "" if finding.location is None else _where(finding)
    cells = (
        finding.severity.label,
        code(finding.rule),
        code(named(finding)),
        code(where) if where else "",
        prose(shown(finding.message)),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _where(finding: Finding) -> str:
    at = finding.location
    return f"{visible(at.file)}:{at.line}" if at is not None else ""


def _blocks(findings: Sequence[Finding], appearance: Appearance) -> Iterator[str]:
    for finding in findings:
        lines = details(finding, appearance)
        if lines:
            where = _where(finding)
            title = html(f"{finding.rule} {named(finding)}" + (f" ({where})" if where else ""))
            yield f"<details><summary>{title}</summary>\n\n{_fenced(lines)}\n</details>\n"


def _skipped(items: Sequence[Skipped], appearance: Appearance) -> list[str]:
    return skipped(items, appearance, SHOWN_SKIPPED)


def _fenced(lines: Sequence[str]) -> str:
    """Lines in a block of code, which is shown as it is."""
    text = "\n".join(lines)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}\n"


def code(text: str) -> str:
    """A code span: nothing in it is a link, a mention or HTML, and no pipe in it ends a cell."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    mark = "`" * (longest + 1)
    pad = " " if longest else ""
    # In a table, a backslash before the escaped pipe would take its escape away.
    return f"{mark}{pad}{text}{pad}{mark}".replace("\\|", "\\ |")


def prose(text: str) -> str:
    """Text of which only what stands between two backticks means anything: it is code."""
    parts = text.split("`")
    if len(parts) % 2 == 0 or "" in parts[1::2]:
        return _literal(text)
    return "".join(code(part) if at % 2 else _literal(part) for at, part in enumerate(parts))


def _literal(text: str) -> str:
    text = re.sub(r"([\\`*_\[\]<>#~])", r"\\\1", text.replace("&", "&amp;"))
    # At its beginning, the mark of a list, of a heading or of a rule.
    return _parted(re.sub(r"^\s*(\d*)([-+=.)])", r"\1\\\2", text))


def html(text: str) -> str:
    """The same inside of an HTML element."""
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(character, entity)
    text = re.sub(r"([\\`*_\[\]~])", lambda match: f"&#{ord(match[1])};", text)
    return _parted(text)


def _parted(text: str) -> str:
    """Without mentions, references to issues and bare links."""
    text = re.sub(r"@(?=\w)|#(?=\d)|(?<=[Ww]{3})\.", lambda match: match[0] + BREAK, text)
    return text.replace("://", f":{BREAK}//")
