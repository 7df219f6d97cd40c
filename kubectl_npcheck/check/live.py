"""A cluster to a report: what `check` does for files, with the cluster's own facts.

Knows `--check-version`; prints nothing.
"""

from __future__ import annotations

from kubectl_npcheck.check import check
from kubectl_npcheck.cluster.probe import DENY
from kubectl_npcheck.findings import Report, Severity
from kubectl_npcheck.load.cluster import ClusterFacts, ClusterRequest, described, load_cluster
from kubectl_npcheck.settings import Settings

FROM_MINOR = 34
RULE = "egress-implicit"
STORY = (
    "--check-version follows a post-mortem's account of 1.34, in which egress that is not stated is"
    " denied; Kubernetes as published does not do that in any version"
)


def check_cluster(
    request: ClusterRequest, settings: Settings, check_version: bool = False
) -> Report:
    """What the rules find in a cluster. ClusterError where it cannot be read at all.

    check_version: undecided egress is an error from 1.34 on, or where the probe shows that it is
    denied, and before that a warning of what an upgrade might do
    """
    live = load_cluster(request)
    input = described(live.cluster, settings.egress_default, request.selector_text)
    preview = check_version and _before(live.cluster)
    if check_version:
        version = live.cluster.version.text or "a version that is not known"
        said = "warnings of an upgrade preview" if preview else "errors"
        input["checkVersion"] = f"{STORY}. On {version}, undecided egress counts as {said}"
    report = check(live.loaded, settings, input)
    if preview:
        _soften(report, live.cluster)
    return report


def _before(cluster: ClusterFacts) -> bool:
    minor = cluster.version.minor
    return minor is not None and minor < FROM_MINOR


def _soften(report: Report, cluster: ClusterFacts) -> None:
    """Make warnings of the errors about undecided egress, but where it is denied already."""
    denied = {name for name, answer in cluster.probes.items() if answer.outcome == DENY}
    report.findings = [
        finding._replace(severity=Severity.WARNING, message=f"upgrade preview: {finding.message}")
        if finding.rule == RULE
        and finding.severity is Severity.ERROR
        and finding.namespace not in denied
        else finding
        for finding in report.findings
    ]
