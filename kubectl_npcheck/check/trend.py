"""What is new, unchanged and gone since an earlier report.

Only what this run looked for can be gone, and only what the earlier one looked for is surely new;
whatever else differs is counted with its reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from kubectl_npcheck.check.earlier import Earlier
from kubectl_npcheck.check.identity import Trace, match, trace
from kubectl_npcheck.check.ran import Ran, cluster_name, ran
from kubectl_npcheck.check.scope import Scope, scope_of
from kubectl_npcheck.errors import UsageError
from kubectl_npcheck.findings import Finding, Report, Trend, Unseen

NEW = "new"
UNCHANGED = "unchanged"
SUPPRESSED = "suppressed in the manifests"


def compare(
    report: Report,
    earlier: Earlier,
    directory: str,
    named: Collection[str] | None = None,
    off: Collection[str] = (),
) -> None:
    """Mark the report's findings, and say what has gone. UsageError for what has no comparison.

    directory: where relative files are looked for
    named:     the files that this run read
    off:       the rules that are switched off in this run
    """
    this = ran(report, directory)
    name, earlier_name = _names(this, earlier)
    now = scope_of(this, named, off, earlier.ran)
    then = scope_of(earlier.ran, beside=this)
    findings = report.findings
    found = [trace(item, directory, name) for item in findings]
    hidden = {trace(item, directory, name).identity for item in report.hidden()}
    traces = _called(earlier.traces, earlier_name)
    matched = match(found, traces)
    report.findings = [
        item._replace(trend=UNCHANGED if number in matched.known else NEW)
        for number, item in enumerate(findings)
    ]
    for number, other in matched.worse.items():
        item, before = report.findings[number], earlier.findings[other]
        said = f"in {earlier.file} it was of severity {before.severity.label}: {before.message}"
        report.findings[number] = item._replace(evidence=(*item.evidence, said))
    gone, unseen = [], []
    for number in matched.gone:
        identity = traces[number].identity
        reason = SUPPRESSED if identity in hidden else now.unseen(identity)
        if reason:
            unseen.append(reason)
        else:
            gone.append(earlier.findings[number])
    report.trend = Trend(
        earlier.file,
        tuple(gone),
        _counted(unseen),
        _counted(_unseen_before(report.findings, found, then)),
    )


def _unseen_before(findings: Sequence[Finding], found: Sequence[Trace], then: Scope) -> list[str]:
    reasons = [
        then.unseen(one.identity)
        for item, one in zip(findings, found, strict=True)
        if item.trend == NEW
    ]
    return [reason for reason in reasons if reason]


def _counted(reasons: Iterable[str]) -> tuple[Unseen, ...]:
    counts: dict[str, int] = {}
    for reason in reasons:
        counts[reason] = counts.get(reason, 0) + 1
    return tuple(Unseen(count, reason) for reason, count in counts.items())


def _names(this: Ran, earlier: Earlier) -> tuple[str | None, str | None]:
    """What the identities call the cluster of a one-cluster report; None where that needs no name.

    UsageError where one report is of files and the other one of clusters.
    """
    runs = (this, earlier.ran)
    kinds = ["files" if run.of_files else "a cluster" for run in runs]
    if kinds[0] != kinds[1]:
        raise UsageError(
            f"--since {earlier.file}: a report of {kinds[1]} has no comparison with {kinds[0]}"
        )
    several = [run.several for run in runs]
    if this.of_files or all(several) or (not any(several) and _same(this, earlier.ran)):
        return None, None
    return _name(this), _name(earlier.ran)


def _name(run: Ran) -> str | None:
    return None if run.several else cluster_name(run.input)


def _same(one: Ran, other: Ran) -> bool:
    """Whether two reports seem to be of one cluster: contexts are renamed, addresses change."""
    return any(
        one.input[key] == other.input[key]
        for key in ("context", "server", "cluster")
        if one.input[key]
    )


def _called(traces: list[Trace], name: str | None) -> list[Trace]:
    if name is None:
        return traces
    return [item._replace(identity=item.identity._replace(cluster=name)) for item in traces]
