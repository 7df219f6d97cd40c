"""The line that says how far a run is: on a terminal only, and gone at the end."""

from __future__ import annotations

import io
import sys

import pytest

from kubectl_npcheck.cli.progress import CLEAR, Progress


class Terminal(io.StringIO):
    """Standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """To be called in the test: pytest puts its own standard error in place after the fixtures."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


def test_without_a_terminal_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress() as progress:
        progress.show("pods", 1)
        progress.of("prod")("pods", 1)
    assert stream.getvalue() == ""


def test_one_cluster_counts_by_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = terminal(monkeypatch)
    with Progress() as progress:
        progress.show("pods", 500)
        progress.show("networkpolicies", 1)
    lines = stream.getvalue().split(CLEAR)
    assert lines == ["", "reading: 500 pods", "reading: 500 pods, 1 networkpolicies", ""]


def test_several_clusters_are_named_with_all_that_they_gave(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = terminal(monkeypatch)
    with Progress() as progress:
        progress.of("prod")("pods", 500)
        progress.of("dev")("pods", 1)
        progress.of("prod")("services", 20)
    lines = stream.getvalue().split(CLEAR)
    assert lines[-2:] == ["reading: prod (520), dev (1)", ""]


def test_a_line_is_not_broken_by_many_clusters(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = terminal(monkeypatch)
    with Progress() as progress:
        for number in range(100):
            progress.of(f"cluster-{number}")("pods", 1)
    assert all(len(line) < 110 for line in stream.getvalue().split(CLEAR))
