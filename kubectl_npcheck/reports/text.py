"""The report for humans: one clickable line a finding, its evidence, then the summary.

What only clusters and comparisons have to say is imported where a report has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kubectl_npcheck.findings import Counts, Finding, ReadError, Report, Severity, Skipped
from kubectl_npcheck.reports.appearance import PLAIN, Appearance, plural, shown, visible, wrapped

INDENT = "    "
FIX = "fix:"
SHOWN_SKIPPED = 10
"""How many skipped documents of one reason are listed; `wide` lists all."""

REASONS = {
    "template": "skipped {}",
    "kustomize-patch": "skipped {}",
    "unresolved": "{} with placeholders, judged as written",
    "limit": "not judged, over a limit: {}",
    "no-permission": "not known for want of permission",
}
NOUNS = {
    "template": "template",
    "kustomize-patch": "kustomize patch",
    "unresolved": "policy",
}


def render(report: Report, appearance: Appearance = PLAIN) -> str:
    """Findings in their order, what was not judged, and the summary."""
    if report.of_clusters:
        return several(report, appearance, render, SHOWN_SKIPPED)
    lines = findings(report, appearance)
    if lines:
        lines.append("")
    if report.of_cluster:
        from kubectl_npcheck.reports import cluster

        lines = cluster.before(report, appearance, report.policies) + lines
    lines += closing(report, appearance, SHOWN_SKIPPED)
    return "\n".join(lines) + "\n"


def several(
    report: Report,
    appearance: Appearance,
    render: Callable[[Report, Appearance], str],
    limit: int | None,
) -> str:
    """Several clusters: each as `render` shows it, then one row each, what has gone, the totals.

    limit: how many of what has gone are named
    """
    from kubectl_npcheck.reports import clusters

    lines = clusters.each(report, appearance, render)
    lines += [*clusters.table(report, appearance), ""]
    gone = _gone(report, appearance, limit)
    if gone:
        lines += [*gone, ""]
    return "\n".join(lines + summary(report, appearance)) + "\n"


def findings(report: Report, appearance: Appearance) -> list[str]:
    """The lines of all findings."""
    lines: list[str] = []
    for finding in report.findings:
        lines.append(heading(finding, appearance))
        for detail in details(finding, appearance):
            line = wrapped(detail, INDENT, appearance.width)
            if appearance.color and detail.startswith(FIX):
                line = line.replace(FIX, appearance.paint(FIX, "good"), 1)
            lines.append(line)
    return lines


def heading(finding: Finding, appearance: Appearance) -> str:
    """`FILE:LINE:COLUMN: SEVERITY RULE NAMESPACE/NAME: MESSAGE`, broken only on a terminal.

    Beside an earlier report, `new` stands before the severity of what was not there. The place
    stands first, without spaces around its colons, so that terminals make it clickable.
    """
    place = ""
    if finding.location is not None:
        at = finding.location
        place = f"{visible(at.file)}:{at.line}:{at.column}: "
    severity = finding.severity.label
    named = subject(finding.namespace, finding.name)
    mark = "new " if finding.trend == "new" else ""
    text = f"{place}{mark}{severity} {finding.rule} {named}: {shown(finding.message)}"
    text = wrapped(text, "", appearance.width)
    if not appearance.color:
        return text
    rest = text[len(place) :].replace(
        f"{mark}{severity}", appearance.paint(f"{mark}{severity}", severity), 1
    )
    return text[: len(place)] + rest.replace(f"{named}:", appearance.paint(named, "bold") + ":", 1)


def subject(namespace: str | None, name: str) -> str:
    """`namespace/name`, or the name alone where nothing gives a namespace."""
    name = name or "(no name)"
    return shown(name if namespace is None else f"{namespace}/{name}")


def named(finding: Finding) -> str:
    """The object of a finding, with its cluster where a run audits several."""
    name = subject(finding.namespace, finding.name)
    return name if finding.cluster is None else f"{name} in {shown(finding.cluster)}"


def statement(finding: Finding) -> str:
    """The heading as a line that stands by itself: with the cluster, in whole, without colours."""
    context = "" if finding.cluster is None else f"context {shown(finding.cluster)}: "
    return context + heading(finding, PLAIN)


def details(finding: Finding, appearance: Appearance) -> list[str]:
    """What is said of a finding below its heading: evidence, the last change, the repair."""
    lines = [shown(evidence) for evidence in finding.evidence]
    changed, fix = finding.changed, finding.fix
    if changed is not None:
        text = f"last changed {changed.time} by {changed.manager} ({changed.operation})"
        lines.append(shown(text))
    if fix is not None:
        text = f"{FIX} {shown(fix.summary)}"
        if fix.automatic and appearance.fix_command:
            asked = f" --rule {finding.rule}" if fix.on_request else ""
            text += f" ({appearance.fix_command}{asked})"
        lines.append(text)
    return lines


def closing(report: Report, appearance: Appearance, limit: int | None) -> list[str]:
    """What was skipped and not read, and the summary as the last lines."""
    lines = _gone(report, appearance, limit) + skipped(report.skipped, appearance, limit)
    lines += _unread(report.counts.unread, limit)
    if appearance.with_errors:
        lines += [f"error: {error_line(error)}" for error in report.errors]
    if lines:
        lines.append("")
    return lines + summary(report, appearance)


def _gone(report: Report, appearance: Appearance, limit: int | None) -> list[str]:
    if report.trend is None:
        return []
    from kubectl_npcheck.reports import trend

    return trend.gone(report.trend, appearance, limit)


def error_line(error: ReadError) -> str:
    """`FILE:LINE:COLUMN: reason`, as far as they are known."""
    return f"{_place(error.file, error.line, error.column)}: {shown(error.message)}"


def skipped(
    items: Sequence[Skipped], appearance: Appearance, limit: int | None, more: str = "-o wide"
) -> list[str]:
    """What was seen and not judged, by reason, each named up to the given number.

    more: the option that lists all of it
    """
    by_reason: dict[str, list[Skipped]] = {}
    for item in items:
        by_reason.setdefault(item.reason, []).append(item)
    lines: list[str] = []
    for reason, members in by_reason.items():
        counted = plural(len(members), NOUNS.get(reason, "object"))
        head = REASONS.get(reason, f"skipped ({reason}): {{}}").format(counted)
        messages = {item.message for item in members}
        common = messages.pop() if len(messages) == 1 else ""
        lines.append(f"{head}: {shown(common)}" if common else f"{head}:")
        for item in members[:limit]:
            line = _skipped_line(item, not common)
            if line:
                lines.append(wrapped(line, INDENT, appearance.width))
        if limit is not None and len(members) > limit:
            lines.append(f"{INDENT}and {len(members) - limit} more: {more} lists all")
    return lines


def _unread(documents: Sequence[ReadError], limit: int | None) -> list[str]:
    """Documents without a policy that could not be read: no errors, but not to be passed over."""
    if not documents:
        return []
    counted = plural(len(documents), "document")
    lines = [f"not read, {counted} without a policy: the pods in there are not known"]
    lines += [INDENT + error_line(error) for error in documents[:limit]]
    if limit is not None and len(documents) > limit:
        lines.append(f"{INDENT}and {len(documents) - limit} more: -o wide lists all")
    return lines


def _skipped_line(item: Skipped, with_message: bool) -> str:
    parts = []
    if item.file is not None:
        parts.append(_place(item.file, item.line, item.column))
    if item.name is not None:
        parts.append(subject(item.namespace, item.name))
    if with_message:
        parts.append(shown(item.message))
    return ": ".join(parts)


def _place(file: str | None, line: int | None, column: int | None) -> str:
    parts = [visible(file or "")]
    if line:
        parts.append(str(line))
        if column:
            parts.append(str(column))
    return ":".join(parts)


def summary(report: Report, appearance: Appearance) -> list[str]:
    """The totals. They also say in so many words when there was nothing to find."""
    counts = report.counts
    lines: list[str] = []
    if not counts.policies and not report.findings and not counts.baselined:
        lines.append(_nothing(report))
    else:
        checked = f"{plural(counts.policies, 'policy')} in {plural(counts.files, 'file')}"
        if report.live:
            from kubectl_npcheck.reports import cluster

            checked = cluster.checked(report)
            lines.append(cluster.compliance(report))
        lines.append(f"{checked}: {_by_severity(report, appearance)}")
    fixes = [finding.fix for finding in report.findings if finding.fix is not None]
    fixable = sum(1 for fix in fixes if fix.automatic and not fix.on_request)
    if fixable and appearance.fix_command:
        lines.append(f"{plural(fixable, 'finding')} can be repaired by `{appearance.fix_command}`")
    if counts.suppressed:
        lines.append(f"{plural(counts.suppressed, 'finding')} suppressed in the manifests")
    lines += _baseline(counts)
    if report.trend is not None:
        from kubectl_npcheck.reports import trend

        lines += trend.summary(report, appearance)
    said = plural(len(report.errors), "input") + " could not be read: the result is incomplete"
    repeated: list[str] = []
    if report.of_clusters:
        from kubectl_npcheck.reports import clusters

        said, repeated = clusters.incomplete(report), clusters.repeated(report)
    if report.errors:
        lines.append(appearance.paint(said, "error"))
    lines += repeated
    return lines


def _baseline(counts: Counts) -> list[str]:
    lines = []
    if counts.baselined:
        lines.append(f"{plural(counts.baselined, 'finding')} left out: the baseline knows them")
    if counts.stale:
        said = "matches" if counts.stale == 1 else "match"
        entries = plural(counts.stale, "entry")
        lines.append(
            f"{entries} of the baseline {said} nothing any more: --write-baseline drops it"
        )
    return lines


def _by_severity(report: Report, appearance: Appearance) -> str:
    parts = []
    for severity in sorted(Severity, reverse=True):
        count = sum(1 for f in report.findings if f.severity == severity)
        if count:
            parts.append(appearance.paint(plural(count, severity.label), severity.label))
    return ", ".join(parts) if parts else appearance.paint("no findings", "good")


def _nothing(report: Report) -> str:
    if report.live:
        from kubectl_npcheck.reports import cluster

        return cluster.nothing(report)
    if report.counts.files_with_policies or report.errors or report.skipped:
        return f"no NetworkPolicy could be judged ({plural(report.counts.files, 'file')} seen)"
    paths = report.input.get("paths")
    where = f" in {shown(', '.join(paths))}" if isinstance(paths, list) and paths else ""
    return (
        f"no NetworkPolicy found{where}: {plural(report.counts.files, 'file')} seen; in directories"
        " only .yaml, .yml and .json files count, and none that are hidden or ignored by git"
    )
