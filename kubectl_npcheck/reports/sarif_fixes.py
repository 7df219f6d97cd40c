"""The repairs of findings as text that is replaced. Decides nothing: `report.changes` are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kubectl_npcheck.findings import Finding
from kubectl_npcheck.repairs import Change, TextEdit
from kubectl_npcheck.reports.appearance import shown
from kubectl_npcheck.reports.sarif_places import artifact, region


class Fixes:
    """The changes of a run, to be asked for the one that repairs a finding."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._changes: dict[tuple[str, str | None, str], list[Change]] = {}
        for change in changes:
            if change.file is not None:
                key = change.file, change.namespace, change.name
                self._changes.setdefault(key, []).append(change)

    def of(self, finding: Finding) -> list[dict[str, Any]]:
        """The fixes of a finding: one, or none."""
        at = finding.location
        if at is None:
            return []
        # Two documents of one file may have the same name: the finding is in the last that
        # begins before it.
        before = [
            change
            for change in self._changes.get((at.file, finding.namespace, finding.name), ())
            if change.line <= at.line
        ]
        change = max(before, key=lambda change: change.line, default=None)
        if change is None or finding.rule not in change.rules:
            return []
        return [_fix(at.file, change)]


def _fix(file: str, change: Change) -> dict[str, Any]:
    return {
        "description": {"text": shown(change.summary)},
        "artifactChanges": [
            {
                "artifactLocation": artifact(file),
                "replacements": [_replacement(edit) for edit in change.edits],
            }
        ],
    }


def _replacement(edit: TextEdit) -> dict[str, Any]:
    """An empty region is a place where text is put in."""
    plain: dict[str, Any] = {
        "deletedRegion": region(edit.line, edit.column, edit.end_line, edit.end_column)
    }
    if edit.text:
        plain["insertedContent"] = {"text": edit.text}
    return plain
