"""The rows of the table of policies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kubectl_npcheck.findings import PolicyEntry, Report
from kubectl_npcheck.reports.html.findings import FindingRow, namespace_text
from kubectl_npcheck.reports.html.room import POLICIES, Room

Key = tuple["str | None", "str | None", "str | None", str]


class PolicyRow(NamedTuple):
    """A policy as the page shows it, with the rows of its findings.

    shown: False where there was no more room for it
    """

    id: str
    entry: PolicyEntry
    namespace: str
    place: str
    findings: tuple[FindingRow, ...]
    shown: bool


def policy_rows(report: Report, findings: Sequence[FindingRow]) -> list[PolicyRow]:
    """The rows in the report's order: those that are not compliant first."""
    by_policy = _by_policy(report, findings)
    room = Room(POLICIES, 420)
    rows = []
    for number, entry in enumerate(sorted(report.policies, key=lambda entry: entry.compliant)):
        place = f"{entry.file}:{entry.line}" if entry.file and entry.line else entry.file or ""
        own = by_policy.get(_key(entry), ())
        texts = (entry.name, entry.namespace or "", place, entry.violation, entry.undecided_pods)
        rows.append(
            PolicyRow(
                id=f"r{number}",
                entry=entry,
                namespace=namespace_text(entry.namespace),
                place=place,
                findings=tuple(own),
                shown=room.takes((*texts, *(f"{row.finding.rule:45}" for row in own))),
            )
        )
    return rows


def _by_policy(report: Report, findings: Sequence[FindingRow]) -> dict[Key, list[FindingRow]]:
    """The findings of each policy.

    One of several units has a namespace in each, and a finding names that of its worst verdict:
    then file and name tell the policy.
    """
    known = {_key(entry) for entry in report.policies}
    named = {(entry.cluster, entry.file, entry.name): _key(entry) for entry in report.policies}
    found: dict[Key, list[FindingRow]] = {}
    for row in findings:
        finding = row.finding
        if finding.kind != "NetworkPolicy":
            continue
        file = finding.location.file if finding.location else None
        key = (finding.cluster, file, finding.namespace, finding.name)
        if key not in known and file is not None:
            key = named.get((finding.cluster, file, finding.name), key)
        found.setdefault(key, []).append(row)
    return found


def _key(entry: PolicyEntry) -> Key:
    return entry.cluster, entry.file, entry.namespace, entry.name
