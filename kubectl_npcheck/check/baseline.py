"""Findings that are known and accepted for now: `--baseline`, `--write-baseline`.

Knows what a baseline leaves out of a run and what it keeps; `baseline_file` knows the file.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from kubectl_npcheck.check.baseline_file import Baseline, baseline_text
from kubectl_npcheck.check.identity import Identity, Trace, absolute, match, trace
from kubectl_npcheck.check.placing import Placed
from kubectl_npcheck.check.ran import cluster_name
from kubectl_npcheck.check.scope import Scope
from kubectl_npcheck.findings import Report
from kubectl_npcheck.origin import path_text


def leave_out(
    report: Report, baseline: Baseline, directory: str, scope: Scope | None = None
) -> None:
    """Take what the baseline knows out of a report's findings, and count it.

    directory: where the report's relative files are looked for
    scope:     what the run looked at: what it did not look for may well be there still; None
               where nobody asks for entries that match nothing
    """
    findings = report.findings
    known, gone = _matched(_traces_of(report, directory), baseline.traces, _clusters(report))
    stale = set() if scope is None else {baseline.traces[number].identity for number in gone}
    report.known = [item for number, item in enumerate(findings) if number in known]
    report.findings = [item for number, item in enumerate(findings) if number not in known]
    report.counts = report.counts._replace(
        baselined=len(known),
        stale=sum(1 for item in stale if scope is not None and not scope.unseen(item)),
    )


def unknown(
    kept: Sequence[Placed], baseline: Baseline, directory: str, cluster: str | None = None
) -> list[Placed]:
    """The verdicts that the baseline does not know; they need not have been located.

    cluster: what a report calls the cluster that they are of
    """
    traces = []
    for item in kept:
        verdict = item.verdict
        subject, file = verdict.problem.subject, verdict.origin.file
        identity = Identity(
            cluster,
            verdict.rule,
            getattr(subject, "kind", "NetworkPolicy"),
            subject.namespace,
            subject.name,
            None if file is None else absolute(file, directory),
            path_text(verdict.problem.path),
        )
        traces.append(Trace(identity, verdict.severity))
    known, _ = _matched(traces, baseline.traces, [cluster])
    return [item for number, item in enumerate(kept) if number not in known]


def _clusters(report: Report) -> list[str | None]:
    """The names of a report's clusters; [None] for files."""
    input = report.input
    if "paths" in input:
        return [None]
    return [cluster_name(item) for item in input.get("clusters", [input])]


def _traces_of(report: Report, directory: str) -> list[Trace]:
    name = _clusters(report)[0]
    return [trace(item, directory, name) for item in report.findings]


def _matched(
    found: Sequence[Trace], entries: Sequence[Trace], clusters: Sequence[str | None]
) -> tuple[set[int], list[int]]:
    """Which findings are known, and which entries match nothing.

    An entry without a cluster counts for each one: a baseline from an audit of one cluster serves
    wherever its context has another name, and for several that are alike.
    """
    known: set[int] = set()
    gone = set(range(len(entries)))
    for cluster in clusters:
        mine = [n for n, one in enumerate(found) if one.identity.cluster == cluster]
        theirs = [n for n, one in enumerate(entries) if one.identity.cluster in (None, cluster)]
        matched = match(
            [found[n] for n in mine],
            [
                entries[n]._replace(identity=entries[n].identity._replace(cluster=cluster))
                for n in theirs
            ],
        )
        known |= {mine[n] for n in matched.known}
        gone -= set(theirs) - {theirs[n] for n in matched.gone}
    return known, sorted(gone)


def written(
    report: Report, directory: str, file: str, before: Baseline | None, scope: Scope
) -> tuple[str, int]:
    """The text of a baseline of all findings, and how many entries it keeps from before.

    Kept is what the run did not look for: a run over some files must not drop the others' entries.
    """
    traces = _traces_of(report, directory)
    entries = before.traces if before is not None else []
    _, gone = _matched(traces, entries, _clusters(report))
    kept = [entries[n] for n in gone if scope.unseen(entries[n].identity)]
    named = report.of_clusters or any(one.identity.cluster for one in entries)
    if not named:
        traces = [one._replace(identity=one.identity._replace(cluster=None)) for one in traces]
    root = os.path.dirname(os.path.abspath(file))
    return baseline_text(traces + kept, root), len(kept)
