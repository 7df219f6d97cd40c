"""Whole processes, measured in turns: wall and processor time, and the peak of resident memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


class Command(NamedTuple):
    """What is measured: arguments, and the directory in which they run."""

    arguments: Sequence[str]
    cwd: Path


class Run(NamedTuple):
    """One process: seconds by the clock and on processors (user and system), bytes, exit code."""

    seconds: float
    processor: float
    peak: int
    code: int


class Measure(NamedTuple):
    """One command's runs, a round each."""

    runs: tuple[Run, ...]

    @property
    def seconds(self) -> float:
        """By the clock, median of the rounds."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def peak(self) -> int:
        """The largest, in bytes."""
        return max(run.peak for run in self.runs)

    @property
    def codes(self) -> tuple[int, ...]:
        """The exit codes that were seen."""
        return tuple(sorted({run.code for run in self.runs}))

    def times(self, base: Measure, of: Callable[[Run], float] = lambda run: run.seconds) -> float:
        """How many times as much as another command of the same rounds took.

        of: what of a run is compared, by itself the seconds by the clock

        The median of each round's ratio: a machine that is slower for a while is so for both.
        """
        pairs = zip(self.runs, base.runs, strict=True)
        return statistics.median(of(mine) / of(other) for mine, other in pairs)


def environment() -> dict[str, str]:
    """Ours, but bytecode is kept: an installed program is not compiled again at each start."""
    return {name: value for name, value in os.environ.items() if name != NO_BYTECODE}


def once(command: Command) -> Run:
    """Run once."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command.arguments,
        cwd=command.cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes there, kilobytes here
    processor = usage.ru_utime + usage.ru_stime
    return Run(seconds, processor, usage.ru_maxrss * unit, process.returncode)


def in_turns(commands: Mapping[str, Command], rounds: int) -> dict[str, Measure]:
    """Run all commands once a round, after one round that is not counted."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            run = once(command)
            if number:
                runs[name].append(run)
    return {name: Measure(tuple(several)) for name, several in runs.items()}
