"""The report as YAML: the structure of the JSON report."""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.findings import Report
from kubectl_npcheck.pyyaml import yaml
from kubectl_npcheck.reports.appearance import PLAIN, Appearance
from kubectl_npcheck.reports.structure import structure


def render(report: Report, appearance: Appearance = PLAIN) -> str:
    """One YAML document, keys in the order of the JSON report."""
    plain = structure(report)
    try:
        return _dump(plain, getattr(yaml, "CSafeDumper", yaml.SafeDumper))
    except UnicodeEncodeError:  # a file name that is no text: only the Python emitter escapes it
        return _dump(plain, yaml.SafeDumper)


def _dump(plain: dict[str, Any], base: Any) -> str:
    class Dumper(base):  # type: ignore[misc]
        def ignore_aliases(self, data: Any) -> bool:
            return True  # anchors would puzzle a reader

    text: str = yaml.dump(
        plain,
        Dumper=Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=100,
    )
    return text
