"""What stands at the top of the page: what was checked, and the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kubectl_npcheck.findings import Finding, PolicyEntry, Report, Severity
from kubectl_npcheck.reports import cluster
from kubectl_npcheck.reports import clusters as several
from kubectl_npcheck.reports.appearance import plural

MOST_PATHS = 12
IN_TITLE = 3
EGRESS = {
    "either": "undecided, unless another policy of the same pods states it",
    "open": "read as open (settings: egress-default)",
    "deny": "read as denied (settings: egress-default)",
}


class Fact(NamedTuple):
    """A term and what is said of it, one line or more."""

    term: str
    lines: tuple[str, ...]


class Compliance(NamedTuple):
    """How many policies leave no egress to an unstated default. percent: None without policies."""

    good: int
    total: int
    percent: int | None


class Count(NamedTuple):
    """How many findings of a severity, and how many of them are new."""

    severity: str
    number: int
    new: int


class Cluster(NamedTuple):
    """One of several clusters: its facts and figures, or why it could not be read.

    same: the context of the run that leads to the same server, "" if none does
    """

    name: str
    error: str
    same: str
    facts: tuple[Fact, ...]
    compliance: Compliance
    severities: tuple[Count, ...]


def headline(report: Report) -> str:
    """What the report is of, in a few words."""
    input = report.input
    if report.of_clusters:
        return plural(len(input["clusters"]), "cluster")
    if report.of_cluster:
        where = f"namespace {input['namespace']} of " if input["namespace"] else ""
        return f"{where}cluster {input['cluster']}"
    return _paths(input, IN_TITLE)


def facts(report: Report) -> list[Fact]:
    """What was checked."""
    input = report.input
    if report.of_clusters:
        names = [item["context"] for item in input["clusters"]]
        return [Fact("Contexts", (", ".join(names),))]
    if report.of_cluster:
        return cluster_facts(input)
    return _file_facts(report)


def cluster_facts(input: Mapping[str, Any]) -> list[Fact]:
    """Which cluster, as whom, which version, and how it reads a policy without egress."""
    plugin = input["plugin"]
    reading = cluster.reading(input["reading"])
    first = reading[0].partition(": ")[2]
    found = [
        Fact("Cluster", (f"{input['cluster']} ({input['server']})",)),
        Fact("Context", (input["context"] or "none",)),
        Fact("Namespace", (input["namespace"] or "all namespaces",)),
        Fact("Identity", (input["identity"] or cluster.UNKNOWN,)),
        Fact("Kubernetes", (input["serverVersion"] or cluster.UNKNOWN,)),
        Fact("Egress that is not stated", (first, *(line.strip() for line in reading[1:]))),
        Fact(
            "Network plugin",
            (f"{plugin['name']}, {plugin['known']}" if plugin else cluster.UNKNOWN,),
        ),
    ]
    if input["selector"]:
        found.insert(3, Fact("Reported", (f"what has the labels {input['selector']}",)))
    if input.get("checkVersion"):
        found.append(Fact("Upgrade preview", (input["checkVersion"],)))
    return found


def incomplete(report: Report) -> str:
    """What could not be read, in a few words; "" if all was read."""
    if not report.errors:
        return ""
    if report.of_clusters:
        return several.incomplete(report).partition(": ")[0]
    return f"{plural(len(report.errors), 'input')} could not be read"


def compliance(entries: Sequence[PolicyEntry]) -> Compliance:
    """The figure, rounded down: 100 % is only said of all."""
    good = sum(1 for entry in entries if entry.compliant)
    total = len(entries)
    return Compliance(good, total, good * 100 // total if total else None)


def severities(findings: Sequence[Finding]) -> tuple[Count, ...]:
    """The findings by severity, errors first."""
    return tuple(
        Count(
            severity.label,
            sum(1 for f in findings if f.severity is severity),
            sum(1 for f in findings if f.severity is severity and f.trend == "new"),
        )
        for severity in sorted(Severity, reverse=True)
    )


def clusters(report: Report) -> list[Cluster]:
    """The clusters of a run over several, those that could not be read included; [] for one."""
    found = []
    for item in report.input.get("clusters", ()):
        name = item["context"]
        entries = [entry for entry in report.policies if entry.cluster == name]
        findings = [finding for finding in report.findings if finding.cluster == name]
        error = item.get("error", "")
        said = () if error else tuple(cluster_facts(item))
        same = item.get("sameServerAs", "")
        found.append(Cluster(name, error, same, said, compliance(entries), severities(findings)))
    return found


def _paths(input: Mapping[str, Any], most: int = MOST_PATHS) -> str:
    named = ["standard input" if path == "-" else path for path in input.get("paths", ())]
    named += [f"{path} (rendered)" for path in input.get("kustomizations", ())]
    named += [f"{path} (rendered)" for path in input.get("charts", ())]
    more = f" and {len(named) - most} more" if len(named) > most else ""
    return ", ".join(named[:most]) + more


def _file_facts(report: Report) -> list[Fact]:
    input, counts = report.input, report.counts
    files = f"{plural(counts.files, 'file')}, {counts.files_with_policies} with policies"
    found = [Fact("Checked", (_paths(input),)), Fact("Read", (files,))]
    if input.get("namespace"):
        found.append(Fact("Namespace of those that name none", (input["namespace"],)))
    reading = input.get("egressDefault", "either")
    found.append(Fact("Egress that is not stated", (EGRESS.get(reading, reading),)))
    return found
