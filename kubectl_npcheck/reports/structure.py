"""The report as plain data, `npcheck.report/v1`: what JSON and YAML write.

docs/report.schema.json describes it.
"""

from __future__ import annotations

from typing import Any

from kubectl_npcheck import __version__
from kubectl_npcheck.findings import (
    ClassState,
    Finding,
    Fix,
    Gone,
    Operation,
    PolicyEntry,
    ReadError,
    Report,
    Severity,
    Skipped,
    Trend,
)
from kubectl_npcheck.origin import path_text
from kubectl_npcheck.reports.trend import counts

SCHEMA = "npcheck.report/v1"


def structure(report: Report) -> dict[str, Any]:
    """The whole report as dicts and lists, keys in the order in which they are read best."""
    plain: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": {"name": "npcheck", "version": __version__},
        "input": report.input,
        "summary": _summary(report),
        "policies": [_policy(entry) for entry in report.policies],
        "findings": [_finding(finding) for finding in report.findings],
        "skipped": [_skipped(item) for item in report.skipped],
        "errors": [_error(error) for error in report.errors],
    }
    if report.counts.unread:
        plain["notRead"] = [_error(item) for item in report.counts.unread]
    if report.trend is not None:
        plain["trend"] = _trend(report, report.trend)
    return plain


def _summary(report: Report) -> dict[str, Any]:
    by_severity = dict.fromkeys(sorted(Severity, reverse=True), 0)
    for finding in report.findings:
        by_severity[finding.severity] += 1
    return {
        "files": report.counts.files,
        "filesWithPolicies": report.counts.files_with_policies,
        "policies": report.counts.policies,
        "compliant": sum(1 for entry in report.policies if entry.compliant),
        "complianceRate": _rate(report),
        "findings": {severity.label: count for severity, count in by_severity.items()},
        "fixable": sum(1 for f in report.findings if f.fix is not None and f.fix.automatic),
        "suppressed": report.counts.suppressed,
        "baselined": report.counts.baselined,
        "staleBaseline": report.counts.stale,
        "skipped": len(report.skipped),
        "errors": len(report.errors),
    }


def _rate(report: Report) -> float | None:
    """The share of the policies that is compliant, None without policies."""
    if not report.policies:
        return None
    return round(sum(entry.compliant for entry in report.policies) / len(report.policies), 4)


def _policy(entry: PolicyEntry) -> dict[str, Any]:
    plain = {
        "namespace": entry.namespace,
        "name": entry.name,
        "file": entry.file,
        "line": (entry.line or None) if entry.file is not None else None,
        "states": [state(item) for item in entry.states],
    }
    return _of_cluster(plain, entry.cluster)


def state(state: ClassState) -> dict[str, Any]:
    """What the pods of one class may do."""
    return {
        "unit": state.unit,
        "class": {"policies": list(state.policies), "witness": state.witness},
        "ingress": {"open": state.ingress.open, "deny": state.ingress.deny},
        "egress": {"open": state.egress.open, "deny": state.egress.deny},
    }


def _finding(finding: Finding) -> dict[str, Any]:
    at = finding.location
    fix = finding.fix
    plain: dict[str, Any] = {
        "rule": finding.rule,
        "severity": finding.severity.label,
        "message": finding.message,
        "file": at.file if at else None,
        "line": at.line if at else None,
        "column": at.column if at else None,
        "endLine": at.end_line if at else None,
        "endColumn": at.end_column if at else None,
        "path": finding.path,
        "kind": finding.kind,
        "namespace": finding.namespace,
        "name": finding.name,
        "evidence": list(finding.evidence),
        "fix": _fix(fix) if fix else None,
    }
    if finding.changed is not None:
        plain["changed"] = finding.changed._asdict()
    if finding.trend:
        plain["trend"] = finding.trend
    return _of_cluster(plain, finding.cluster)


def _of_cluster(plain: dict[str, Any], cluster: str | None) -> dict[str, Any]:
    """The item, with the cluster that it is of where the report is of several."""
    return plain if cluster is None else {"cluster": cluster, **plain}


def _trend(report: Report, trend: Trend) -> dict[str, Any]:
    new, unchanged = counts(report)
    return {
        "since": trend.since,
        "new": new,
        "unchanged": unchanged,
        "gone": [_gone(item) for item in trend.gone],
        "notCheckedNow": [item._asdict() for item in trend.unseen],
        "notCheckedThen": [item._asdict() for item in trend.unseen_before],
    }


def _gone(item: Gone) -> dict[str, Any]:
    plain = {
        "rule": item.rule,
        "severity": item.severity.label,
        "message": item.message,
        "file": item.file,
        "line": item.line or None,
        "namespace": item.namespace,
        "name": item.name,
    }
    return _of_cluster(plain, item.cluster)


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "summary": fix.summary,
        "automatic": fix.automatic,
        "onRequest": fix.on_request,
        "operations": [operation(item) for item in fix.operations],
    }


def operation(item: Operation) -> dict[str, Any]:
    """One change of an object's fields."""
    return {"do": item.do, "path": path_text(item.path), "value": item.value}


def _skipped(item: Skipped) -> dict[str, Any]:
    plain = {
        "file": item.file,
        "line": item.line or None,
        "column": item.column or None,
        "namespace": item.namespace,
        "name": item.name,
        "reason": item.reason,
        "message": item.message,
    }
    return _of_cluster(plain, item.cluster)


def _error(error: ReadError) -> dict[str, Any]:
    plain = {
        "file": error.file,
        "line": error.line,
        "column": error.column,
        "message": error.message,
    }
    return _of_cluster(plain, error.cluster)
