"""Which cluster a report is of, or which several, as lines of text."""

from __future__ import annotations

from kubectl_npcheck.findings import Report
from kubectl_npcheck.reports import cluster, clusters
from kubectl_npcheck.reports.appearance import Appearance


def headers(report: Report, appearance: Appearance) -> list[str]:
    """The header of the cluster; of several, a row and the header of each. Nothing for files."""
    if report.of_cluster:
        return cluster.header(report.input, appearance)
    if not report.of_clusters:
        return []
    lines = clusters.table(report, appearance)
    for part in clusters.parts(report):
        if not part.error:
            lines += ["", *cluster.header(part.report.input, appearance)]
    return lines
