"""The command lines of README.md as a new user runs them: real kubectl, helm, pipx and a cluster."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import readme_commands
from tests.e2e.binaries import Binaries, program
from tests.e2e.hook_repository import execute, must, snapshot
from tests.e2e.server import ControlPlane, Result

LINES = {
    line: how for line, how in readme_commands.TABLE.items() if isinstance(how, readme_commands.Run)
}

NOBODY_THERE = """\
current-context: c
contexts: [{name: c, context: {cluster: c}}]
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
"""


class User:
    """Somebody with kubectl, helm and npcheck on PATH, in a directory with manifests."""

    def __init__(self, directory: Path, binaries: Binaries, kubeconfig: Path) -> None:
        self.directory = directory / "work"
        self.directory.mkdir()
        readme_commands.scratch(self.directory)
        programs = directory / "bin"
        programs.mkdir()
        for name in ("npcheck", "kubectl-npcheck"):
            (programs / name).symlink_to(Path(sys.executable).parent / name)
        (programs / "kubectl").symlink_to(binaries.kubectl)
        (programs / "helm").symlink_to(program("helm"))
        self.environment = {
            "PATH": os.pathsep.join([str(programs), "/usr/bin", "/bin"]),
            "HOME": str(directory),
            "KUBECONFIG": str(kubeconfig),
        }

    def __call__(self, line: str) -> Result:
        return execute(["sh", "-c", line], self.directory, self.environment)


@pytest.fixture(scope="module")
def cluster(binaries: Binaries, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A cluster of its own: some commands write to all namespaces."""
    directory = tmp_path_factory.mktemp("cluster", numbered=True)
    # A short path, for etcd's socket.
    short = Path("/tmp") / f"npcheck-readme-{os.getpid()}"
    short.symlink_to(directory)
    running = ControlPlane(binaries, short)
    running.kubectl("create", "namespace", "shop")
    yield running
    running.stop()
    short.unlink()


@pytest.mark.parametrize("line", LINES)
def test_a_command_line(
    line: str, binaries: Binaries, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    how = LINES[line]
    kubeconfig = tmp_path / "none"
    if how.cluster:
        cluster: ControlPlane = request.getfixturevalue("cluster")
        kubeconfig = cluster.kubeconfig
    user = User(tmp_path, binaries, kubeconfig)
    if how.cluster:
        user("kubectl replace --force -f k8s/web.yaml -f k8s/db.yaml")
    for command in (*how.before, line):
        done = user(command)
    assert done.code in how.codes, done
    assert how.shows in done.stdout + done.stderr
    assert "error: " not in done.stderr


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean clone of this project."""
    directory = tmp_path_factory.mktemp("clone")
    snapshot(directory)
    return directory


def test_make_demo(checkout: Path) -> None:
    done = execute(["make", "demo"], checkout)
    assert done.code == 0, done
    assert "every reader of these policies reads the same" in done.stdout


@pytest.mark.parametrize("what", [".", ".[all]"])
def test_pipx(checkout: Path, tmp_path: Path, what: str) -> None:
    pipx = [sys.executable, "-m", "pipx"]
    environment = {
        "PIPX_HOME": str(tmp_path / "home"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "PIPX_MAN_DIR": str(tmp_path / "man"),
    }
    commands = {".": [*pipx, "install", "."], ".[all]": [*pipx, "install", ".[all]"]}
    done = execute(commands[what], checkout, environment)
    assert done.code == 0, done
    (tmp_path / "work").mkdir()
    readme_commands.scratch(tmp_path / "work")
    npcheck = str(tmp_path / "bin" / "npcheck")
    assert execute([npcheck, "lint", "k8s/"], tmp_path / "work").code == 1
    (tmp_path / "config").write_text(NOBODY_THERE, encoding="utf-8")
    asked = execute([npcheck, "audit", "--kubeconfig", "config"], tmp_path)
    assert asked.code == 4
    assert ("needs the extra `cluster`" in asked.stderr) == (what == ".")
    assert must([str(tmp_path / "bin" / "kubectl-npcheck"), "version"], tmp_path)
