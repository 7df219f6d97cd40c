"""The rules that the page's findings are of, with their documentation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from kubectl_npcheck.findings import Report
from kubectl_npcheck.reports.documentation import plain
from kubectl_npcheck.reports.html.findings import FindingRow


class Rule(NamedTuple):
    """A rule with the number of its findings; documentation is text with indented snippets."""

    id: str
    rule: str
    summary: str
    number: int
    documentation: str


def explained(report: Report, findings: Sequence[FindingRow]) -> dict[str, Rule]:
    """By id, the rules that have findings, the most frequent first."""
    numbers = Counter(row.finding.rule for row in findings)
    known = {entry.id: entry for entry in report.rules()}
    found = {}
    for number, (rule, count) in enumerate(numbers.most_common()):
        entry = known.get(rule)
        if entry is not None:
            text = plain(entry.documentation)
            found[rule] = Rule(f"k{number}", rule, entry.summary, count, text)
    return found
