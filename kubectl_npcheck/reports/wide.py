"""The text report with a table of the policies and of what their pods may do."""

from __future__ import annotations

from kubectl_npcheck.findings import ClassState, DirectionState, PolicyEntry, Report
from kubectl_npcheck.reports import cluster, text
from kubectl_npcheck.reports.appearance import PLAIN, Appearance, shown

HEADER = ("NAMESPACE", "POLICY", "PODS", "INGRESS", "EGRESS", "WITH", "UNIT")


def render(report: Report, appearance: Appearance = PLAIN) -> str:
    """One row a policy and pod class, then the findings, then the summary with all skipped."""
    if report.of_clusters:
        return text.several(report, appearance, render, None)
    lines = cluster.header(report.input, appearance) if report.of_cluster else []
    if lines and report.policies:
        lines.append("")
    lines += table(report.policies) if report.policies else []
    found = text.findings(report, appearance)
    for block in (found, text.closing(report, appearance, None)):
        if lines and block:
            lines.append("")
        lines += block
    return "\n".join(lines) + "\n"


def table(entries: list[PolicyEntry]) -> list[str]:
    """The rows, columns aligned as kubectl aligns them."""
    rows: list[tuple[str, ...]] = [HEADER]
    for entry in entries:
        rows += [_row(entry, state) for state in entry.states] or [_row(entry, None)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADER))]
    return [
        "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _row(entry: PolicyEntry, state: ClassState | None) -> tuple[str, ...]:
    if state is None:
        return (shown(entry.namespace or "-"), shown(entry.name), "none", "-", "-", "-", "-")
    others = ",".join(name for name in state.policies if name != entry.name)
    any_pod = "any pod" if len(entry.states) == 1 else "any other pod"
    return (
        shown(state.namespace or "-"),
        shown(entry.name),
        shown(labels_text(state.witness) or any_pod),
        _direction(state.ingress),
        _direction(state.egress),
        shown(others or "-"),
        shown(state.unit),
    )


def _direction(state: DirectionState) -> str:
    """One word where both readings agree, else both: `open|denied`."""
    return state.open if state.open == state.deny else f"{state.open}|{state.deny}"


def labels_text(labels: dict[str, str]) -> str:
    """Example labels as a selector: `app=web,tier=front`; "" for a pod without labels."""
    return ",".join(f"{key}={value}" for key, value in labels.items())
