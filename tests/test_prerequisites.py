"""`make e2e` says what is missing, and CI's script is sound shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def prerequisites(path: str) -> subprocess.CompletedProcess[str]:
    """Run the check with another PATH."""
    return subprocess.run(
        [sys.executable, "-m", "tests.e2e.prerequisites"],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )


def program(directory: Path, name: str, script: str) -> None:
    path = directory / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_everything_that_is_missing_is_named_with_its_remedy(tmp_path: Path) -> None:
    done = prerequisites(str(tmp_path))
    assert done.returncode == 1
    assert done.stdout == ""
    names = ("go", "git", "strace", "chromium", "chromedriver", "zsh", "fish")
    for name in names:
        assert f"missing: {name} (" in done.stderr
    assert done.stderr.count("\n  install: ") == len(names)
    assert done.stderr.splitlines()[-1].startswith("error: nothing was run")


@pytest.mark.parametrize(
    ("version", "code"), [("go1.20.14", 1), ("go1.21.0", 0), ("go1.26.8", 0), ("devel", 1)]
)
def test_an_old_go_does_not_do(tmp_path: Path, version: str, code: int) -> None:
    program(tmp_path, "go", f"echo {version}")
    for name in ("git", "strace", "chromium", "chromedriver", "zsh", "fish"):
        program(tmp_path, name, "")
    done = prerequisites(str(tmp_path))
    assert done.returncode == code, done.stderr
    assert ("missing: go" in done.stderr) == bool(code)


def test_a_tracer_that_may_not_trace_does_not_do(tmp_path: Path) -> None:
    program(tmp_path, "go", "echo go1.26.8")
    program(tmp_path, "git", "")
    program(tmp_path, "strace", "echo 'ptrace: Operation not permitted' >&2; exit 1")
    done = prerequisites(str(tmp_path))
    assert done.returncode == 1
    assert "may not trace here" in done.stderr
    assert "Operation not permitted" in done.stderr


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_the_script_of_ci_is_sound() -> None:
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)
