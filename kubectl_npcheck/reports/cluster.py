"""What the texts say of a cluster: its header, the table of its policies, its totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kubectl_npcheck.findings import PolicyEntry, Report
from kubectl_npcheck.reports import clusters
from kubectl_npcheck.reports.appearance import Appearance, plural, shown, wrapped

COLUMNS = ("NAMESPACE", "POLICY", "INGRESS", "EGRESS", "COMPLIANT")
EXCEPTIONS = 10
UNKNOWN = "not known"


def header(input: Mapping[str, Any], appearance: Appearance) -> list[str]:
    """Which cluster, as whom, which version, and how it reads a policy without egress."""
    where = input["namespace"]
    context = f", context {input['context']}" if input["context"] else ""
    scope = f"namespace {where}" if where else "all namespaces"
    if input["selector"]:
        scope += f", reported: {input['selector']}"
    plugin = input["plugin"]
    lines = [
        f"cluster {input['cluster']} ({input['server']}){context}, {scope}",
        f"as {input['identity'] or UNKNOWN}, Kubernetes {input['serverVersion'] or UNKNOWN}",
        *reading(input["reading"]),
        "network plugin: " + (f"{plugin['name']}, {plugin['known']}" if plugin else UNKNOWN),
    ]
    if input.get("sameServerAs"):
        lines.append(f"the same server as context {input['sameServerAs']}")
    if input.get("checkVersion"):
        lines.append(input["checkVersion"])
    return [wrapped(shown(line), "", appearance.width) for line in lines]


def reading(found: Mapping[str, Any]) -> list[str]:
    """How a policy that does not state its egress is read, as the probe measured it."""
    lines = [f"egress that is not stated: {_answer(found)}"]
    differing = found["except"]
    for item in differing[:EXCEPTIONS]:
        lines.append(f"  namespace {item['namespace']}: {_answer(item)}")
    if len(differing) > EXCEPTIONS:
        lines.append(f"  and {plural(len(differing) - EXCEPTIONS, 'namespace')} more: -o json")
    return lines


def _answer(item: Mapping[str, Any]) -> str:
    outcome, detail = item["outcome"], item["detail"]
    words = {
        "open": "open, as Kubernetes is published (measured by a dry run)",
        "deny": "denied (measured by a dry run)",
    }
    text: str = words.get(outcome, outcome)
    return f"{text}: {detail}" if detail else text


def table(entries: Sequence[PolicyEntry]) -> list[str]:
    """One row a policy, columns aligned as kubectl aligns them."""
    rows: list[tuple[str, ...]] = [COLUMNS]
    for entry in entries:
        rows.append(
            (
                shown(entry.namespace or "-"),
                shown(entry.name),
                entry.ingress_state,
                entry.egress_state,
                "yes" if entry.compliant else "no",
            )
        )
    widths = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]
    return [
        "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def before(report: Report, appearance: Appearance, entries: Sequence[PolicyEntry]) -> list[str]:
    """What stands before the findings: the header, and the table if there are policies."""
    lines = [*header(report.input, appearance), ""]
    if entries:
        lines += [*table(entries), ""]
    return lines


def checked(report: Report) -> str:
    """`12 policies in 3 namespaces`, or `in 3 clusters`."""
    if report.of_clusters:
        return clusters.checked(report)
    namespaces = {entry.namespace for entry in report.policies}
    return f"{plural(report.counts.policies, 'policy')} in {plural(len(namespaces), 'namespace')}"


def compliance(report: Report) -> str:
    """How many policies leave no egress to an unstated default."""
    total = len(report.policies)
    good = sum(1 for entry in report.policies if entry.compliant)
    share = f" ({good * 100 // total} %)" if total else ""
    return f"compliant: {good} of {plural(total, 'policy')}{share}"


def nothing(report: Report) -> str:
    """That there is no policy, and where none is; or that nobody knows."""
    if report.of_clusters:
        return clusters.nothing(report)
    if report.errors:
        return "no NetworkPolicy could be judged"
    input = report.input
    where = f"namespace {input['namespace']} of " if input["namespace"] else ""
    which = f" that matches {input['selector']}" if input["selector"] else ""
    return f"no NetworkPolicy{which} in {shown(where)}cluster {shown(input['cluster'])}"
