"""Every way in which a command can end: its exit code, and one line on stderr."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from kubectl_npcheck.cli import boundary
from kubectl_npcheck.cli.root import COMMANDS
from kubectl_npcheck.errors import ClusterError, InputError, NpcheckError, UsageError
from tests.command import run


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (UsageError("wrong"), 2, "error: wrong\n"),
        (InputError("unreadable"), 3, "error: unreadable\n"),
        (ClusterError("refused"), 4, "error: refused\n"),
        (NpcheckError("broken"), 5, "error: broken\n"),
        (InputError("two\nlines \x1b[31m"), 3, "error: two\\nlines \\x1b[31m\n"),
        (click.UsageError("Bad thing."), 2, "error: bad thing\n"),
        (click.ClickException("Bad thing."), 2, "error: bad thing\n"),
        (KeyboardInterrupt(), 130, "error: interrupted\n"),
        (click.Abort(), 130, "error: interrupted\n"),
        (BrokenPipeError(), 0, ""),
        (SystemExit(1), 0, ""),
    ],
)
def test_an_error_becomes_a_code_and_a_line(
    error: BaseException,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert raising(error, monkeypatch) == code
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("error", [ValueError("odd"), RecursionError(), MemoryError(), KeyError(1)])
def test_a_defect_says_how_to_report_it(
    error: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert raising(error, monkeypatch) == 5
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("error: a defect in npcheck ")
    assert "--debug" in said


@pytest.mark.parametrize("error", [ValueError("odd"), InputError("unreadable")])
def test_debug_shows_the_traceback(
    error: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(error, monkeypatch, "--debug")
    assert "Traceback" in capsys.readouterr().err


def raising(error: BaseException, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    def fail(arguments: list[str], program: str) -> int:
        raise error

    monkeypatch.setattr(boundary, "_command", fail)
    monkeypatch.setattr(sys, "stdout", io.StringIO())  # a broken pipe closes it
    return boundary.run(arguments)


@pytest.mark.parametrize(
    ("argv0", "name"),
    [
        ("/home/ada/.krew/bin/kubectl-npcheck", "kubectl npcheck"),
        ("kubectl-npcheck.exe", "kubectl npcheck"),
        ("/usr/bin/npcheck", "npcheck"),
        ("/x/kubectl_npcheck/__main__.py", "npcheck"),
    ],
)
def test_the_name_that_we_were_called_by(argv0: str, name: str) -> None:
    assert boundary.program_name(argv0) == name


def test_usage_shows_the_name_that_we_were_called_by() -> None:
    assert run("lint", "-h").stdout.startswith("Usage: kubectl npcheck lint ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("lnt",), 'error: unknown command "lnt"; did you mean "lint"?'),
        (("explain",), f'error: unknown command "explain"; there are {", ".join(COMMANDS)}'),
        (("lint", "--nope"), "error: no such option"),
        (("lint", "-o", "jsn"), 'error: unknown output format "jsn"; did you mean "json"?'),
        (("lint", ""), "error: a path is empty; is a variable not set?"),
        (("lint", "-f", ""), "error: a path is empty; is a variable not set?"),
        (("lint", "-f", ",", "a.yaml"), "error: a path is empty; is a variable not set?"),
        (("lint", "--fail-on", "never"), "error: invalid value for '--fail-on'"),
        (("lint", "--report", "x.doc"), 'error: --report x.doc: no format for a file name ".doc"'),
        (("lint", "--config", "none.yaml"), "error: cannot read settings none.yaml"),
        (("rules", "x", "y"), "error: got unexpected extra argument"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    result = run(*arguments, cwd=tmp_path)
    assert result.code == 2
    assert result.stderr.startswith(said)
    assert result.stdout == ""


def test_without_a_command_there_is_help() -> None:
    result = run()
    assert result.code == 0
    assert "Commands:\n  lint " in result.stdout


def test_a_closed_pipe_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [sys.executable, "-m", "kubectl_npcheck", "rules"],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_what_is_registered_for_the_end_of_the_process_runs_and_is_seen() -> None:
    script = (
        "import atexit, sys\n"
        "from kubectl_npcheck.cli import main\n"
        "atexit.register(lambda: print('cleaned up'))\n"
        "sys.argv = ['npcheck', 'lint', '--fail-on', 'never']\n"
        "main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (ended.returncode, ended.stdout.split()) == (2, [b"cleaned", b"up"])


POLICY = (
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\n"
    "spec: {podSelector: {}, policyTypes: [Ingress]}\n"
)


def shell(script: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in which `npcheck` is this program."""
    root = Path(__file__).parents[2]
    (cwd / "a.yaml").write_text(POLICY)
    return subprocess.run(
        ["/bin/sh", "-c", f'npcheck() {{ "$PYTHON" -m kubectl_npcheck "$@"; }}; {script}'],
        cwd=cwd,
        env={**os.environ, "PYTHON": sys.executable, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


NEEDS_SHELL = pytest.mark.skipif(not os.path.exists("/bin/sh"), reason="no /bin/sh here")


@NEEDS_SHELL
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_behind_standard_output(tmp_path: Path) -> None:
    ended = shell("npcheck lint a.yaml > /dev/full", tmp_path)
    said = "error: cannot write to standard output: no space left on device\n"
    assert (ended.returncode, ended.stderr) == (2, said)


@NEEDS_SHELL
@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("npcheck lint a.yaml >&-", 1),
        ("npcheck lint a.yaml 2>&-", 1),
        ("npcheck lint gone.yaml 2>&-", 3),
        ("npcheck lint - <&-", 3),
    ],
)
def test_streams_that_the_caller_closed(script: str, code: int, tmp_path: Path) -> None:
    ended = shell(script, tmp_path)
    assert ended.returncode == code
    assert "defect" not in ended.stderr
    assert "Traceback" not in ended.stderr


@NEEDS_SHELL
def test_a_working_directory_that_is_gone(tmp_path: Path) -> None:
    ended = shell('mkdir gone && cd gone && rmdir "$PWD" && npcheck lint', tmp_path)
    assert ended.returncode == 3
    assert ended.stderr.startswith("error: the working directory no longer exists")
