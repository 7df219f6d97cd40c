"""The zipapp of this machine, and the CPythons that it has to run on.

Knows packaging/*.sh; must not know pytest.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
ZIPAPP = ROOT / ".cache" / "zipapp" / "npcheck"


class Interpreter(NamedTuple):
    """A CPython. left_out: why it cannot be used, or empty."""

    version: str
    path: str
    left_out: str = ""


class Result(NamedTuple):
    """How a program ended."""

    code: int
    stdout: str
    stderr: str


def built() -> Path:
    """The zipapp, built unless it is newer than its sources."""
    _output("packaging/dist.sh", "--zipapp", str(ZIPAPP))
    return ZIPAPP


def interpreters() -> list[Interpreter]:
    """All CPythons from 3.10 on that the machine has, the one that is used first."""
    chosen = _output("packaging/pythons.sh").strip()
    found = [Interpreter(_version(chosen), _executable(chosen))]
    for line in _output("packaging/pythons.sh", "--others").splitlines():
        status, version, what = line.split("\t")
        if status == "run":
            found.append(Interpreter(version, _executable(what)))
        else:
            found.append(Interpreter(version, "", what))
    return found


def execute(
    command: Sequence[str | Path],
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
) -> Result:
    """Run a program with only these variables, and PATH."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], **(env or {})},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def _version(path: str) -> str:
    return _said(path, "'%d.%d' % sys.version_info[:2]")


def _executable(path: str) -> str:
    """The interpreter itself: what was found may be a script that chooses one, as pyenv's are."""
    return _said(path, "sys.executable")


def _said(path: str, expression: str) -> str:
    done = subprocess.run(
        [path, "-I", "-c", f"import sys; print({expression})"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def _output(*script: str) -> str:
    done = subprocess.run(["sh", *script], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout
