"""The report as JSON."""

from __future__ import annotations

import json

from kubectl_npcheck.findings import Report
from kubectl_npcheck.reports.appearance import PLAIN, Appearance
from kubectl_npcheck.reports.structure import structure


def render(report: Report, appearance: Appearance = PLAIN) -> str:
    """One JSON object, indented by two; non-ASCII characters as they are."""
    return json.dumps(structure(report), indent=2, ensure_ascii=False) + "\n"
