"""Fixtures of the tests with real programs: one server a session, one namespace a test.

Ended by SIGTERM, the session stops the server and says which tests it had not run. A test that hangs
fails after HANGS_AFTER, so that it does not take the time of all others.
"""

from __future__ import annotations

import collections
import itertools
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from tests.e2e.binaries import Binaries, ensure
from tests.e2e.hook_repository import Hooks
from tests.e2e.releases import Release, made
from tests.e2e.server import ControlPlane, Namespace

LOGS = pytest.StashKey[Path]()
LEFT = pytest.StashKey[dict[str, Path]]()
NUMBERS = itertools.count(1)
HANGS_AFTER = 900
"""Seconds for one test with its fixtures; the slowest, a release made anew, takes two minutes."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kubernetes", metavar="VERSION", help="a pinned one, or newest: only what asks it"
    )


def pytest_configure() -> None:
    """SIGTERM ends the session as Ctrl-C does: in order, and with a summary."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGALRM, _hangs)


def _hangs(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"the test hangs: not done after {HANGS_AFTER} s")


def pytest_runtest_setup() -> None:
    signal.alarm(HANGS_AFTER)


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


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Hooks:
    """npcheck's hooks for pre-commit; the environment is installed with the first repository."""
    return Hooks(tmp_path_factory.mktemp("hooks"))


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """What `make dist` makes of these sources."""
    return made(tmp_path_factory.mktemp("release") / "dist")


@pytest.fixture
def namespace(server: ControlPlane) -> Iterator[Namespace]:
    """A namespace that no other test uses."""
    made = Namespace(server, f"test-{next(NUMBERS)}")
    yield made
    made.remove()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With a named version, only the tests that use its server or its kubectl."""
    if config.getoption("--kubernetes"):
        fixtures = [set(getattr(item, "fixturenames", ())) for item in items]
        apart = [
            item for item, names in zip(items, fixtures, strict=True) if "binaries" not in names
        ]
        config.hook.pytest_deselected(items=apart)
        items[:] = [item for item in items if item not in apart]


def pytest_collection_finish(session: pytest.Session) -> None:
    session.config.stash[LEFT] = {item.nodeid: item.path for item in session.items}


def pytest_runtest_logfinish() -> None:
    signal.alarm(0)


def pytest_runtest_teardown(item: pytest.Item) -> None:
    item.config.stash[LEFT].pop(item.nodeid, None)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """What was not run, and where the server's logs are if something failed."""
    left = collections.Counter(path.name for path in config.stash.get(LEFT, {}).values())
    for name, number in left.items():
        terminalreporter.write_line(f"not run: {number} tests of {name}")
    if LOGS in config.stash:
        if exitstatus:
            terminalreporter.write_line(f"the server's logs are kept in {config.stash[LOGS]}")
        else:
            shutil.rmtree(config.stash[LOGS], ignore_errors=True)
