"""The names of the policies that fail the run, one a line, for `xargs -L1 kubectl get`."""

from __future__ import annotations

from kubectl_npcheck.findings import Report
from kubectl_npcheck.reports.appearance import PLAIN, Appearance, visible

RESOURCE = "networkpolicy.networking.k8s.io"


def render(report: Report, appearance: Appearance = PLAIN) -> str:
    """`networkpolicy.networking.k8s.io/NAME -n NAMESPACE`, for findings at or above `fail_on`.

    In a report of several clusters `--context CONTEXT` follows.

    The first field is kubectl's own `-o name`. The namespace follows where it is known, because
    one run covers several, and a bare name would make a script act on another policy.
    """
    named = dict.fromkeys(
        (finding.namespace, finding.name, finding.cluster)
        for finding in report.findings
        if finding.severity >= report.fail_on and finding.kind == "NetworkPolicy"
    )
    lines = []
    for namespace, name, cluster in named:
        suffix = f" -n {visible(namespace)}" if namespace is not None else ""
        suffix += f" --context {visible(cluster)}" if cluster is not None else ""
        lines.append(f"{RESOURCE}/{visible(name)}{suffix}\n")
    return "".join(lines)
