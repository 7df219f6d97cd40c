"""What `--since`, `--baseline` and `--write-baseline` do with a report, for every command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection

from kubectl_npcheck.findings import Report
from kubectl_npcheck.record import Record
from kubectl_npcheck.settings import Settings


class Wanted(Record):
    """What the user asked for; the baseline itself is in the settings by then."""

    since: str | None = None
    write_baseline: bool = False


def compared(
    settings: Settings,
    wanted: Wanted,
    report: Callable[[], tuple[Report, Collection[str] | None]],
) -> Report:
    """The report, compared. What it is compared with is read first: an error comes before the work.

    report: does the work; it gives the names of the files that it read as well, None for a cluster
    """
    if wanted == Wanted() and settings.baseline is None:
        return report()[0]
    from kubectl_npcheck.check import comparing
    from kubectl_npcheck.cli.output import write_whole
    from kubectl_npcheck.reports.appearance import plural, visible

    known = comparing.known(settings, wanted.since, wanted.write_baseline)
    made, named = report()
    baseline = comparing.compared(made, known, settings, named)
    if baseline is not None:
        write_whole(baseline.file, baseline.text, f"baseline {baseline.file}")
        kept = f", {baseline.kept} kept of what this run did not look at" if baseline.kept else ""
        said = f"{visible(baseline.file)}: {plural(baseline.findings, 'finding')} written{kept}"
        if settings.baseline is None:
            said += f"; --baseline {visible(baseline.file)}, or the settings, make use of it"
        sys.stderr.write(f"{said}\n")
    return made
