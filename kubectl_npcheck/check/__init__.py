"""Inventory and settings to a report: severities, suppression, positions, order.

Knows rules, documents' positions and comments; prints nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from kubectl_npcheck.check.entries import entries
from kubectl_npcheck.check.positions import located
from kubectl_npcheck.check.suppression import suppress
from kubectl_npcheck.check.verdicts import Verdict, verdicts
from kubectl_npcheck.findings import Counts, Finding, PolicyEntry, Report
from kubectl_npcheck.load import Loaded
from kubectl_npcheck.origin import path_text
from kubectl_npcheck.settings import Settings

__all__ = ["check"]


def check(loaded: Loaded, settings: Settings) -> Report:
    """What the rules find in the loaded objects, under the settings."""
    found = located(verdicts(loaded.inventory, settings))
    kept, suppressed = suppress(loaded, found, settings)
    files = {source.file: number for number, source in enumerate(loaded.sources)}
    kept.sort(key=lambda item: _order(item.finding, files))
    findings = [item.finding for item in kept]
    return Report(
        input=loaded.input,
        counts=Counts(*loaded.counts[:3], suppressed),
        findings=findings,
        skipped=loaded.skipped,
        errors=loaded.errors,
        policies=lambda: entries(loaded.inventory, findings, settings),
        fail_on=settings.fail_on,
    )
