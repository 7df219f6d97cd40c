"""What a run says besides its results: inputs that could not be read, what was not judged."""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.findings import ReadError, Report, Skipped
from kubectl_npcheck.reports import trend
from kubectl_npcheck.reports.appearance import PLAIN, shown
from kubectl_npcheck.reports.sarif_places import place
from kubectl_npcheck.reports.text import error_line, subject


def notifications(report: Report) -> list[dict[str, Any]]:
    """The toolExecutionNotifications, what makes the result incomplete first."""
    files = not report.live  # of a cluster, kinds of objects are unread
    said = [_unread(error, "error", files) for error in report.errors]
    said += [_unread(error, "warning", files) for error in report.counts.unread]
    said += [_skipped(item) for item in report.skipped]
    said += [notification("trend", "note", line) for line in trend.summary(report, PLAIN)]
    return said


def notification(id: str, level: str, text: str) -> dict[str, Any]:
    """One of them, about no place."""
    return {"descriptor": {"id": id}, "level": level, "message": {"text": text}}


def _unread(error: ReadError, level: str, is_file: bool) -> dict[str, Any]:
    made = notification("unread", level, error_line(error))
    if is_file:
        made["locations"] = [place(error.file, error.line, error.column)]
    return made


def _skipped(item: Skipped) -> dict[str, Any]:
    text = shown(item.message)
    if item.name is not None:
        text = f"{subject(item.namespace, item.name)}: {text}"
    if item.cluster is not None:
        text = f"{shown(item.cluster)}: {text}"
    made = notification(f"skipped-{item.reason}", "note", text)
    if item.file is not None:
        made["locations"] = [place(item.file, item.line, item.column)]
    return made
