"""Builds the zipapp, runs the tests on each CPython found, and prints on which they ran."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.zipapp.interpreters import Interpreter, Result, built, execute, interpreters

FOUND = interpreters()
FAILED: Counter[str] = Counter()
RUN: Counter[str] = Counter()


class Zipapp:
    """The zipapp on one interpreter, with a home directory of its own."""

    def __init__(self, file: Path, interpreter: str, home: Path) -> None:
        self.file = file
        self.interpreter = interpreter
        self.home = home
        self.cwd = home / "work"
        self.cwd.mkdir(parents=True)
        self.root = home / ".cache" / "npcheck"

    def __call__(self, *arguments: str, stdin: str = "", **env: str) -> Result:
        """Run it as its first line does: isolated."""
        command: list[str | Path] = [self.interpreter, "-I", self.file, *arguments]
        return execute(command, self.cwd, {"HOME": str(self.home), **env}, stdin)

    def unpacked(self) -> list[str]:
        """What it left where it unpacks itself, locks apart."""
        return sorted(path.name for path in self.root.iterdir() if not path.name.startswith("."))


@pytest.fixture(scope="session")
def file() -> Path:
    return built()


@pytest.fixture(
    scope="session",
    params=[found for found in FOUND if not found.left_out],
    ids=lambda found: found.version,
)
def interpreter(request: pytest.FixtureRequest) -> Interpreter:
    found: Interpreter = request.param
    return found


@pytest.fixture(scope="session")
def unpacked_once(
    file: Path, interpreter: Interpreter, tmp_path_factory: pytest.TempPathFactory
) -> Zipapp:
    """On each CPython; unpacked by the first test."""
    return Zipapp(file, interpreter.path, tmp_path_factory.mktemp(f"python{interpreter.version}"))


@pytest.fixture
def fresh(file: Path, tmp_path: Path) -> Zipapp:
    """On the interpreter of the tests, not unpacked yet."""
    return Zipapp(file, getattr(sys, "_base_executable", sys.executable), tmp_path / "home")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    for found in FOUND:
        if f"[{found.version}" in report.nodeid:
            RUN[found.version] += report.when == "call"
            FAILED[found.version] += report.failed


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for found in FOUND:
        if found.left_out:
            said = f"left out: {found.left_out}"
        elif FAILED[found.version]:
            said = "FAILED"
        elif RUN[found.version]:
            said = "ok"
        else:
            said = "not run"
        terminalreporter.write_line(f"zipapp on CPython {found.version}: {said}")
