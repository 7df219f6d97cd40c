"""What was seen and not judged, by reason."""

from __future__ import annotations

from typing import NamedTuple

from kubectl_npcheck.findings import Report, Skipped
from kubectl_npcheck.reports.appearance import plural
from kubectl_npcheck.reports.text import NOUNS, REASONS


class Unjudged(NamedTuple):
    """What was passed over for one reason. common: the message, where all have the same."""

    heading: str
    common: str
    items: list[Skipped]


def unjudged(report: Report) -> list[Unjudged]:
    """The groups, in the order in which their reasons first occur."""
    by_reason: dict[str, list[Skipped]] = {}
    for item in report.skipped:
        by_reason.setdefault(item.reason, []).append(item)
    found = []
    for reason, items in by_reason.items():
        counted = plural(len(items), NOUNS.get(reason, "object"))
        known = REASONS.get(reason)
        said = known.format(counted) if known else f"skipped ({reason}): {counted}"
        messages = {item.message for item in items}
        common = messages.pop() if len(messages) == 1 else ""
        found.append(Unjudged(said[:1].upper() + said[1:], common, items))
    return found
