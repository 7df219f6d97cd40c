"""A repair as plain data: the report of `lint`, with `changes` and `refused`."""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.repairs import Change, Refusal, Repair, TextEdit
from kubectl_npcheck.reports.structure import operation, state, structure


def repair_structure(repair: Repair, written: bool) -> dict[str, Any]:
    """The whole account, `npcheck.report/v1`; its findings are what remains after the repair."""
    plain = structure(repair.report)
    plain["summary"]["fixed"] = len(repair.changes)
    plain["summary"]["refused"] = len(repair.refused)
    plain["written"] = written
    plain["changes"] = [_change(change) for change in repair.changes]
    plain["refused"] = [_refusal(refusal) for refusal in repair.refused]
    return plain


def _change(change: Change) -> dict[str, Any]:
    before, after = change.states()
    return {
        "file": change.file,
        "line": change.line or None,
        "namespace": change.namespace,
        "name": change.name,
        "rules": list(change.rules),
        "strategy": change.strategy or None,
        "summary": change.summary,
        "operations": [operation(item) for item in change.operations],
        "edits": [_edit(edit) for edit in change.edits],
        "before": [state(item) for item in before],
        "after": [state(item) for item in after],
        "effects": list(change.effects),
        "added": change.added or None,
    }


def _edit(edit: TextEdit) -> dict[str, Any]:
    return {
        "line": edit.line,
        "column": edit.column,
        "endLine": edit.end_line,
        "endColumn": edit.end_column,
        "text": edit.text,
    }


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "file": refusal.file,
        "line": refusal.line or None,
        "namespace": refusal.namespace,
        "name": refusal.name,
        "rules": list(refusal.rules),
        "reason": refusal.reason,
        "evidence": list(refusal.evidence),
        "witnesses": [dict(witness) for witness in refusal.witnesses],
        "remedy": refusal.remedy,
    }
