"""`packaging/pythons.sh`: which interpreters `make demo` and `make test` take."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "packaging" / "pythons.sh"
SHIM = "echo 'pyenv: command not found' >&2; exit 127"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine whose PATH is one directory, with what the script itself needs and no Python."""
    bin_directory = tmp_path / "a path" / "bin"
    bin_directory.mkdir(parents=True)
    for program in ("sh", "cut", "head"):
        found = shutil.which(program)
        assert found
        (bin_directory / program).symlink_to(found)
    return bin_directory


def add(directory: Path, name: str, behaviour: str) -> Path:
    """An interpreter that answers the script's question as told."""
    directory.mkdir(parents=True, exist_ok=True)
    program = directory / name
    program.write_text(f"#!/bin/sh\n{behaviour}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def ask(machine: Path, *arguments: str, pyenv: Path | None = None) -> tuple[int, str, str]:
    """Run the script: exit code, stdout, stderr."""
    environment = {"PATH": str(machine)}
    if pyenv is not None:
        environment["PYENV_ROOT"] = str(pyenv)
    done = subprocess.run(
        ["/bin/sh", str(SCRIPT), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_newest_that_works_is_taken(machine: Path) -> None:
    add(machine, "python3.14", SHIM)
    taken = add(machine, "python3.13", "echo 3.13 venv")
    add(machine, "python3.11", "echo 3.11 venv")
    add(machine, "python3", "echo 3.12 venv")
    assert ask(machine) == (0, f"{taken}\n", "")


def test_plain_python3_is_the_last_resort(machine: Path) -> None:
    add(machine, "python3.12", "echo 3.12 no-venv")
    taken = add(machine, "python3", "echo 3.10 venv")
    assert ask(machine) == (0, f"{taken}\n", "")


def test_none_at_all_names_the_packages(machine: Path) -> None:
    add(machine, "python3", "true")  # what a Python 3.9, or PyPy, answers: nothing
    code, out, err = ask(machine)
    assert (code, out) == (1, "")
    assert err.startswith("error: no Python 3.10 or newer found: install the packages python3")
    assert err.count("\n") == 1


def test_one_without_ensurepip_names_the_package(machine: Path) -> None:
    add(machine, "python3.12", "echo 3.12 no-venv")
    code, out, err = ask(machine)
    assert (code, out) == (1, "")
    assert err.startswith("error: Python 3.12 cannot make virtual environments: install the")
    assert "python3-venv" in err
    assert err.count("\n") == 1


def test_the_others_are_listed_with_reasons(machine: Path, tmp_path: Path) -> None:
    versions = tmp_path / "pyenv" / "versions"
    add(machine, "python3.14", "echo 3.14 venv")
    shim = add(machine, "python3.13", SHIM)
    add(machine, "python3.12", SHIM)
    hidden = add(versions / "3.12.9" / "bin", "python3.12", "echo 3.12 venv")
    bare = add(machine, "python3.11", "echo 3.11 no-venv")
    code, out, _ = ask(machine, "--others", pyenv=tmp_path / "pyenv")
    assert code == 0
    assert out.splitlines() == [
        f"out\t3.13\t{shim} does not run",
        f"run\t3.12\t{hidden}",
        f"out\t3.11\t{bare} has no ensurepip (package python3.11-venv)",
    ]
