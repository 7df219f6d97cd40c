"""Fixtures of the tests with a real API server: one server a session, one namespace a test."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.binaries import Binaries, ensure
from tests.e2e.hook_repository import Hooks
from tests.e2e.server import ControlPlane, Namespace

LOGS = pytest.StashKey[Path]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kubernetes", metavar="VERSION", help="a pinned version of Kubernetes")


@pytest.fixture(scope="session")
def binaries(pytestconfig: pytest.Config) -> Binaries:
    """The control plane and kubectl, built if need be."""
    return ensure(pytestconfig.getoption("--kubernetes"))


@pytest.fixture(scope="session")
def server(binaries: Binaries, pytestconfig: pytest.Config) -> Iterator[ControlPlane]:
    """A control plane for all tests of the session."""
    # A short path: the name of etcd's socket below it must fit into about a hundred characters.
    directory = Path(tempfile.mkdtemp(prefix="npcheck-e2e-", dir="/tmp"))
    pytestconfig.stash[LOGS] = directory
    running = ControlPlane(binaries, directory)
    yield running
    running.stop()


NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Hooks:
    """npcheck's hooks for pre-commit; the environment is installed with the first repository."""
    return Hooks(tmp_path_factory.mktemp("hooks"))


@pytest.fixture
def namespace(server: ControlPlane) -> Iterator[Namespace]:
    """A namespace that no other test uses."""
    made = Namespace(server, f"test-{next(NUMBERS)}")
    yield made
    made.remove()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Say where the server's logs are if something failed."""
    if exitstatus and LOGS in config.stash:
        terminalreporter.write_line(f"the server's logs are kept in {config.stash[LOGS]}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Logs are kept only where something failed."""
    if LOGS in config.stash and not config.stash.get(FAILED, False):
        import shutil

        shutil.rmtree(config.stash[LOGS], ignore_errors=True)


FAILED = pytest.StashKey[bool]()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remember how the session ended."""
    session.config.stash[FAILED] = exitstatus != 0
