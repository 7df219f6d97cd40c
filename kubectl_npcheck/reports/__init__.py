"""One module a format, each with `render(report, appearance) -> str`; imported when asked for."""

from __future__ import annotations

import os
from importlib import import_module

from kubectl_npcheck.errors import UsageError, did_you_mean
from kubectl_npcheck.findings import Report
from kubectl_npcheck.reports.appearance import PLAIN, Appearance

FORMATS = {
    "text": "kubectl_npcheck.reports.text",
    "wide": "kubectl_npcheck.reports.wide",
    "json": "kubectl_npcheck.reports.json",
    "yaml": "kubectl_npcheck.reports.yaml",
    "csv": "kubectl_npcheck.reports.csv",
    "sarif": "kubectl_npcheck.reports.sarif",
    "junit": "kubectl_npcheck.reports.junit",
    "github": "kubectl_npcheck.reports.github",
    "markdown": "kubectl_npcheck.reports.markdown",
    "name": "kubectl_npcheck.reports.name",
    "html": "kubectl_npcheck.reports.html",
}
SUFFIXES = {
    ".txt": "text",
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".csv": "csv",
    ".sarif": "sarif",
    ".xml": "junit",
    ".md": "markdown",
    ".html": "html",
}
EXTRAS = {"html": "jinja2"}
"""Formats that need a package which is not always there; the extra has the format's name."""


def render(report: Report, name: str, appearance: Appearance = PLAIN) -> str:
    """The report in the format of that name, with a newline at its end. UsageError if unknown."""
    module = import_module(FORMATS[known_format(name)])
    text: str = module.render(report, appearance)
    return text


def known_format(name: str) -> str:
    """The name itself, if it is that of a format; UsageError, with what there is, if not.

    UsageError as well where the format's extra is not installed: that is told before the work.
    """
    if name in FORMATS:
        _require(name)
        return name
    known = ", ".join(FORMATS)
    raise UsageError(
        f'unknown output format "{name}"{did_you_mean(name, FORMATS)}; there are {known}'
    )


def format_for(path: str) -> str:
    """The format that a report file's suffix asks for. UsageError for a suffix of no format."""
    suffix = os.path.splitext(path)[1].lower()
    if suffix in SUFFIXES:
        return known_format(SUFFIXES[suffix])
    known = ", ".join(SUFFIXES)
    shown = f'"{suffix}"' if suffix else "without a suffix"
    raise UsageError(f"--report {path}: no format for a file name {shown}; known are {known}")


def _require(name: str) -> None:
    """Nothing, unless the format needs an extra that is not installed: UsageError."""
    if name in EXTRAS:
        try:
            import_module(EXTRAS[name])
        except ImportError as error:
            raise UsageError(
                f"format {name} needs the extra `{name}`, which is not installed:"
                f" pip install 'kubectl-npcheck[{name}]'"
            ) from error
