"""The zipapp beside the same program installed into an environment of its own."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench.baselines import installed
from tests.bench.timing import Command, in_turns, once
from tests.zipapp.interpreters import built


class Start(NamedTuple):
    """Seconds of one command: unpacked already, from an environment, and unpacking first."""

    warm: float
    installed: float
    first: float
    size: int


def starts(tree: Path, scratch: Path, rounds: int) -> Start:
    """Lint of one file in a tree, both ways in turns; the difference is small, hence more rounds."""
    zipapp, program = built(), installed(scratch)
    python = program.with_name("python")
    lint = ("lint", "policy.yaml")

    # Both by the interpreter of the environment: what the machine's own loads at its start differs.
    def unpacking(root: Path) -> Command:
        return Command(["env", f"SHIV_ROOT={root}", str(python), "-I", str(zipapp), *lint], tree)

    plain = Command(["env", "SHIV_ROOT=", str(python), str(program), *lint], tree)
    got = in_turns({"warm": unpacking(scratch / "root"), "installed": plain}, 4 * rounds)
    return Start(
        got["warm"].seconds,
        got["installed"].seconds,
        statistics.median(once(unpacking(root)).seconds for root in _fresh(scratch, rounds)),
        zipapp.stat().st_size,
    )


def _fresh(scratch: Path, rounds: int) -> Iterator[Path]:
    """A directory that is not there yet, for each round."""
    for number in range(rounds):
        root = scratch / f"fresh-{number}"
        yield root
        shutil.rmtree(root)
