"""One row a policy, for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io

from kubectl_npcheck.findings import Report
from kubectl_npcheck.reports.appearance import PLAIN, Appearance

COLUMNS = (
    "name",
    "namespace",
    "ingress_rules",
    "egress_rules",
    "has_ingress",
    "has_egress",
    "compliant",
    "violation",
    "ingress_state",
    "egress_state",
    "undecided_pods",
    "rules",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def render(report: Report, appearance: Appearance = PLAIN) -> str:
    """The columns of COLUMNS, booleans as `True` and `False`, lines ended by a newline.

    A report of several clusters has one more column, the last: the context, as `cluster`.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    several = report.of_clusters
    writer.writerow((*COLUMNS, "cluster") if several else COLUMNS)
    for entry in report.policies:
        writer.writerow(
            (
                inert(entry.name),
                inert(entry.namespace or ""),
                entry.ingress_rules,
                entry.egress_rules,
                entry.has_ingress,
                entry.has_egress,
                entry.compliant,
                inert(entry.violation),
                entry.ingress_state,
                entry.egress_state,
                inert(entry.undecided_pods),
                " ".join(entry.rules),
                *((inert(entry.cluster or ""),) if several else ()),
            )
        )
    return out.getvalue()


def inert(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would run as a formula.

    Source: OWASP, "CSV Injection".
    """
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
