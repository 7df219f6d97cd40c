"""What the texts say of an earlier report: which findings are new, and what has gone."""

from __future__ import annotations

from collections.abc import Sequence

from kubectl_npcheck.findings import Gone, Report, Trend, Unseen
from kubectl_npcheck.reports.appearance import Appearance, plural, shown, visible, wrapped

INDENT = "    "
SHOWN_REASONS = 10


def counts(report: Report) -> tuple[int, int]:
    """How many findings are new, and how many unchanged."""
    trends = [finding.trend for finding in report.findings]
    return trends.count("new"), trends.count("unchanged")


def gone(trend: Trend, appearance: Appearance, limit: int | None) -> list[str]:
    """The findings that the report no longer has, each named up to the given number."""
    if not trend.gone:
        return []
    lines = [f"gone since {shown(trend.since)}:"]
    lines += [wrapped(_gone(item), INDENT, appearance.width) for item in trend.gone[:limit]]
    if limit is not None and len(trend.gone) > limit:
        lines.append(f"{INDENT}and {len(trend.gone) - limit} more: -o wide lists all")
    return lines


def _gone(item: Gone) -> str:
    """The line of a finding, without the line in the file: that is no longer so."""
    place = f"{visible(item.file)}: " if item.file is not None else ""
    cluster = f"context {shown(item.cluster)}: " if item.cluster is not None else ""
    name = item.name or "(no name)"
    named = shown(name if item.namespace is None else f"{item.namespace}/{name}")
    return f"{place}{cluster}{item.severity.label} {item.rule} {named}: {shown(item.message)}"


def summary(report: Report, appearance: Appearance) -> list[str]:
    """`since audit.json: 2 new, 5 unchanged, 1 gone`, and what cannot be compared."""
    trend = report.trend
    if trend is None:
        return []
    new, unchanged = counts(report)
    since = shown(trend.since)
    said = appearance.paint(f"{new} new", "warning") if new else "0 new"
    lines = [f"since {since}: {said}, {unchanged} unchanged, {len(trend.gone)} gone"]
    lines += _unseen(trend.unseen, f"{{}} of {since} not checked this time", appearance)
    lines += _unseen(
        trend.unseen_before, f"{{}} not checked in {since}, and new for that", appearance
    )
    return lines


def _unseen(items: Sequence[Unseen], said: str, appearance: Appearance) -> list[str]:
    lines = []
    for item in items[:SHOWN_REASONS]:
        head = said.format(plural(item.number, "finding"))
        lines.append(wrapped(f"{head}: {shown(item.reason)}", "", appearance.width))
    left = sum(item.number for item in items[SHOWN_REASONS:])
    if left:
        lines.append(f"{said.format(plural(left, 'finding'))} for other reasons: -o json")
    return lines
