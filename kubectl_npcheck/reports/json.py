"""The report as JSON, one line for each entry of a list."""

from __future__ import annotations

import json

from kubectl_npcheck.findings import Report
from kubectl_npcheck.reports.appearance import PLAIN, Appearance
from kubectl_npcheck.reports.structure import structure


def render(report: Report, appearance: Appearance = PLAIN) -> str:
    """One JSON object; a line for each finding and policy, so that it can be searched and diffed.

    The encoder that indents everything is the slow one: ten times slower on large reports.
    """
    encode = json.JSONEncoder(ensure_ascii=False).encode
    parts = []
    for key, value in structure(report).items():
        if isinstance(value, list) and value:
            items = ",\n    ".join([encode(item) for item in value])
            text = f"[\n    {items}\n  ]"
        else:
            text = encode(value)
        parts.append(f'  "{key}": {text}')
    return "{\n" + ",\n".join(parts) + "\n}\n"
