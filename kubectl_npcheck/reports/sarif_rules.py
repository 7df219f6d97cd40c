"""A rule as SARIF describes it. Knows no rule by name."""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.findings import RuleEntry, Severity
from kubectl_npcheck.reports.documentation import markdown, plain

SECURITY = {Severity.ERROR: "7.0", Severity.WARNING: "5.0"}
"""GitHub shows 7.0 to 8.9 as high and 4.0 to 6.9 as medium; a note is no security finding."""
LONGEST = 1024
"""Characters that GitHub takes of a description."""


def descriptor(entry: RuleEntry) -> dict[str, Any]:
    """The reportingDescriptor of a rule."""
    text = plain(entry.documentation)
    properties: dict[str, Any] = {"tags": ["kubernetes", "networkpolicy", entry.scope]}
    if entry.severity in SECURITY:
        properties["tags"].insert(0, "security")
        properties["security-severity"] = SECURITY[entry.severity]
    return {
        "id": entry.id,
        "shortDescription": {"text": entry.summary[:LONGEST]},
        "fullDescription": {"text": (_paragraph(text) or entry.summary)[:LONGEST]},
        "help": {"text": text or entry.summary, "markdown": markdown(entry.documentation)},
        "defaultConfiguration": {"level": entry.severity.label},
        "properties": properties,
    }


def _paragraph(text: str) -> str:
    return " ".join(text.split("\n\n")[0].split())
