"""The report as YAML: the structure of the JSON report."""

from __future__ import annotations

from typing import Any

import yaml

from kubectl_npcheck.findings import Report
from kubectl_npcheck.reports.appearance import PLAIN, Appearance
from kubectl_npcheck.reports.structure import structure


def render(report: Report, appearance: Appearance = PLAIN) -> str:
    """One YAML document, keys in the order of the JSON report."""
    text: str = yaml.dump(
        structure(report),
        Dumper=_dumper(),
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=100,
    )
    return text


def _dumper() -> Any:
    """The C dumper where libyaml is there; without anchors, which would puzzle a reader."""
    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

    class Dumper(base):  # type: ignore[misc]
        def ignore_aliases(self, data: Any) -> bool:
            return True

    return Dumper
