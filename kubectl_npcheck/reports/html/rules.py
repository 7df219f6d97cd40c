"""The rules that the page's findings are of, with their documentation."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from kubectl_npcheck.findings import Report
from kubectl_npcheck.reports.documentation import plain
from kubectl_npcheck.reports.html.findings import FindingRow


class Block(NamedTuple):
    """A part of a rule's documentation: "p" (one text), "ul" (its items) or "pre" (one text)."""

    kind: str
    texts: tuple[str, ...]


class Rule(NamedTuple):
    """A rule with the number of its findings."""

    id: str
    rule: str
    summary: str
    number: int
    blocks: tuple[Block, ...]


def explained(report: Report, findings: Sequence[FindingRow]) -> dict[str, Rule]:
    """By id, the rules that have findings, the most frequent first."""
    numbers = Counter(row.finding.rule for row in findings)
    known = {entry.id: entry for entry in report.rules()}
    found = {}
    for number, (rule, count) in enumerate(numbers.most_common()):
        entry = known.get(rule)
        if entry is not None:
            blocks = _blocks(plain(entry.documentation))
            found[rule] = Rule(f"k{number}", rule, entry.summary, count, blocks)
    return found


def _blocks(documentation: str) -> tuple[Block, ...]:
    """The paragraphs, lists and snippets; a snippet may have blank lines in it."""
    found: list[Block] = []
    for part in documentation.strip().split("\n\n"):
        if part.startswith("    "):
            snippet = textwrap.dedent(part)
            if found and found[-1].kind == "pre":
                snippet = f"{found.pop().texts[0]}\n\n{snippet}"
            found.append(Block("pre", (snippet,)))
        elif part.startswith("- "):
            items = part[2:].split("\n- ")
            found.append(Block("ul", tuple(" ".join(item.split()) for item in items)))
        else:
            found.append(Block("p", (" ".join(part.split()),)))
    return tuple(found)
