"""SARIF 2.1.0, which code scanning reads: all rules, each finding with its region and its repair.

Where a consumer's limits would make it refuse the whole file, the worst findings stay, and a
notification says how many are left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from kubectl_npcheck import __version__
from kubectl_npcheck.findings import Finding, Report
from kubectl_npcheck.reports.appearance import PLAIN, Appearance, plural, shown
from kubectl_npcheck.reports.paths import plain_path
from kubectl_npcheck.reports.sarif_fixes import Fixes
from kubectl_npcheck.reports.sarif_notes import notification, notifications
from kubectl_npcheck.reports.sarif_places import artifact, region
from kubectl_npcheck.reports.sarif_rules import descriptor
from kubectl_npcheck.reports.text import details, named

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
MOST_RESULTS = 25_000
MOST_BYTES = 10_000_000
"""What GitHub takes: results in a run, and bytes of the file once it is compressed."""


def render(report: Report, appearance: Appearance = PLAIN) -> str:
    """One run, a line for each result and rule, so that it can be searched and diffed."""
    fixes = Fixes(report.changes())
    allowed = min(len(report.findings), MOST_RESULTS)
    while True:
        text = _text(report, _worst(report.findings, allowed), fixes, appearance)
        size = _compressed(text)
        if size <= MOST_BYTES or not allowed:
            return text
        allowed = allowed * 9 * MOST_BYTES // (10 * size)


def _worst(findings: Sequence[Finding], number: int) -> Sequence[Finding]:
    """So many of the findings, the most severe ones, in their order."""
    if number >= len(findings):
        return findings
    order = sorted(range(len(findings)), key=lambda at: -findings[at].severity)
    return [findings[at] for at in sorted(order[:number])]


def _compressed(text: str) -> int:
    if len(text) * 4 <= MOST_BYTES:  # no character takes more bytes
        return 0
    import zlib

    return len(zlib.compress(text.encode("utf-8", "backslashreplace")))


def _text(report: Report, findings: Sequence[Finding], fixes: Fixes, appearance: Appearance) -> str:
    encode = json.JSONEncoder(ensure_ascii=False).encode
    rules = {entry.id: number for number, entry in enumerate(report.rules())}
    seen: dict[str, int] = {}
    results = [encode(_result(item, rules, fixes, seen, appearance)) for item in findings]
    descriptors = [encode(descriptor(entry)) for entry in report.rules()]
    run = {
        "tool": f'{{"driver": {{"name": "npcheck", "semanticVersion": {encode(__version__)}, '
        f'"rules": {_lines(descriptors)}}}}}',
        "invocations": encode([_invocation(report, len(findings))]),
        "columnKind": '"unicodeCodePoints"',
        "newlineSequences": encode(["\r\n", "\n", "\r"]),
        "properties": encode({"input": report.input}),
        "results": _lines(results),
    }
    body = ",\n".join(f'    "{key}": {value}' for key, value in run.items())
    head = f'{{\n  "$schema": "{SCHEMA}",\n  "version": "2.1.0",\n'
    return f'{head}  "runs": [{{\n{body}\n  }}]\n}}\n'


def _lines(items: Sequence[str]) -> str:
    return "[\n      " + ",\n      ".join(items) + "\n    ]" if items else "[]"


def _invocation(report: Report, kept: int) -> dict[str, Any]:
    said = notifications(report)
    left_out = len(report.findings) - kept
    if left_out:
        text = f"{plural(left_out, 'finding')} left out, the least severe: {kept} fit the limits"
        said.insert(0, notification("left-out", "warning", text))
    return {
        "executionSuccessful": not report.errors,
        "toolExecutionNotifications": said,
    }


def _result(
    finding: Finding,
    rules: Mapping[str, int],
    fixes: Fixes,
    seen: dict[str, int],
    appearance: Appearance,
) -> dict[str, Any]:
    result: dict[str, Any] = {"ruleId": finding.rule}
    if finding.rule in rules:
        result["ruleIndex"] = rules[finding.rule]
    result |= {
        "level": finding.severity.label,
        "message": {"text": inert(_message(finding, appearance))},
        "locations": [_location(finding)],
        "partialFingerprints": {"npcheckFinding/v1": _fingerprint(finding, seen)},
    }
    if finding.trend:
        result["baselineState"] = finding.trend
    proposed = fixes.of(finding)
    if proposed:
        result["fixes"] = proposed
    result["properties"] = {"path": shown(finding.path)}
    return result


def _message(finding: Finding, appearance: Appearance) -> str:
    """The first sentence stands alone where there is room for no more."""
    first = f"{named(finding)}: {shown(finding.message)}."
    return "\n".join([first, *details(finding, appearance)])


def inert(text: str) -> str:
    """The text without what a message's reader replaces: `{0}` and `[text](link)`.

    The standard doubles every brace (section 3.11.5); readers that print them doubled would show
    wrong YAML, so only what would be replaced is written so.
    """
    import re

    text = re.sub(r"\{(\d+)\}", r"{{\1}}", text)
    return text.replace("](", "] (")


def _location(finding: Finding) -> dict[str, Any]:
    owner = [finding.cluster, finding.namespace, finding.kind, finding.name]
    location: dict[str, Any] = {
        "logicalLocations": [
            {
                "name": shown(finding.name),
                "fullyQualifiedName": shown("/".join(part for part in owner if part is not None)),
                "kind": "resource",
            }
        ]
    }
    at = finding.location
    if at is not None:
        location["physicalLocation"] = {
            "artifactLocation": artifact(at.file),
            "region": region(at.line, at.column, at.end_line, at.end_column),
        }
    return location


def _fingerprint(finding: Finding, seen: dict[str, int]) -> str:
    """The same for the same finding wherever its lines move to; equal ones are counted."""
    import hashlib

    parts = (
        finding.rule,
        plain_path(finding.location.file) if finding.location else None,
        finding.cluster,
        finding.namespace,
        finding.kind,
        finding.name,
        finding.path,
    )
    content = repr(parts).encode("utf-8", "backslashreplace")
    digest = hashlib.sha256(content).hexdigest()[:32]
    seen[digest] = seen.get(digest, 0) + 1
    return f"{digest}:{seen[digest]}"
