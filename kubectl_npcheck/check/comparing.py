"""A report beside what is known from earlier: a former report, a baseline.

Reads both before the work, so that what cannot be used is told at once.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import NamedTuple

from kubectl_npcheck.check.baseline import leave_out, written
from kubectl_npcheck.check.baseline_file import DEFAULT_FILE, Baseline, read_baseline
from kubectl_npcheck.check.earlier import Earlier, read_report
from kubectl_npcheck.check.ran import ran
from kubectl_npcheck.check.scope import scope_of
from kubectl_npcheck.check.trend import compare
from kubectl_npcheck.check.verdicts import switched_off
from kubectl_npcheck.findings import Report
from kubectl_npcheck.settings import Settings


class Known(NamedTuple):
    """What is known from earlier. write_to: the baseline to write, None for none."""

    earlier: Earlier | None = None
    baseline: Baseline | None = None
    write_to: str | None = None


class Written(NamedTuple):
    """A baseline to write: its content, and how many entries of what and why it has."""

    file: str
    text: str
    findings: int
    kept: int


def known(settings: Settings, since: str | None = None, write: bool = False) -> Known:
    """Read what a run is to be compared with. UsageError for what cannot be used."""
    earlier = None if since is None else read_report(since, os.getcwd())
    file = settings.baseline
    if not write:
        return Known(earlier, None if file is None else read_baseline(file))
    file = file or DEFAULT_FILE
    return Known(earlier, read_baseline(file) if os.path.exists(file) else None, file)


def compared(
    report: Report, known: Known, settings: Settings, named: Collection[str] | None = None
) -> Written | None:
    """Mark the report's findings, and leave out what the baseline knows, or the one to be written.

    named: the files that the run read. Returns the baseline that is to be written.
    """
    directory = os.getcwd()
    off = switched_off(settings)
    if known.earlier is not None:
        compare(report, known.earlier, directory, named, off)
    scope = scope_of(ran(report, directory), named, off)
    if known.write_to is None:
        if known.baseline is not None:
            leave_out(report, known.baseline, directory, scope)
        return None
    text, kept = written(report, directory, known.write_to, known.baseline, scope)
    done = Written(known.write_to, text, len(report.findings), kept)
    report.counts = report.counts._replace(baselined=len(report.findings))
    report.known, report.findings = report.findings, ()
    return done
