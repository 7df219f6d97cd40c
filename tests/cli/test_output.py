"""When there is colour, and what is left behind when a report cannot be written."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from kubectl_npcheck.cli import output
from tests.reports import sample


@pytest.mark.parametrize(
    ("choice", "terminal", "environment", "color"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", True, {"TERM": "dumb"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {}, False),
    ],
)
def test_color(
    choice: str,
    terminal: bool,
    environment: dict[str, str],
    color: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert output.wants_color(choice) is color


def test_a_full_disk_leaves_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.csv"
    path.write_text("old")

    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(output.UnwritableError, match="No space left on device"):
        output.write_report(sample.full(), str(path), "")
    assert [item.name for item in tmp_path.iterdir()] == ["r.csv"]
    assert path.read_text() == "old"
