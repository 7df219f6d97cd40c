"""The summary of a GitHub Actions step: Markdown added to the file that the runner names."""

from __future__ import annotations

import os
import sys

from kubectl_npcheck.findings import Report
from kubectl_npcheck.reports import render
from kubectl_npcheck.reports.appearance import Appearance, visible

VARIABLE = "GITHUB_STEP_SUMMARY"
MOST_BYTES = 1 << 20
"""What GitHub takes of a step; it drops a summary that is larger."""


def add_step_summary(report: Report, fix_command: str) -> None:
    """Add the report to the summary, if there is one. A failure is a warning: results stand."""
    path = os.environ.get(VARIABLE)
    if not path:
        return
    text = "\n" + render(report, "markdown", Appearance(fix_command=fix_command))
    content = text.encode("utf-8", "backslashreplace")
    try:
        with open(path, "ab") as stream:
            if stream.tell() + len(content) > MOST_BYTES:
                _warn("it has no room left for this report")
            else:
                stream.write(content)
    except OSError as error:
        _warn(error.strerror or str(error))


def _warn(reason: str) -> None:
    sys.stderr.write(f"warning: nothing is added to {VARIABLE}: {visible(reason)}\n")
