"""The command line: arguments, printing, exit codes, and the one error boundary."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Entry point of `kubectl-npcheck` and `npcheck`: runs the command, ends the process."""
    end(outcome())


def outcome() -> int:
    """Run the command line of this process; the exit code."""
    # A run makes many small objects and hardly a cycle among them: collecting often is a fifth of
    # the time of a short run.
    gc.set_threshold(100_000, 50, 100)

    from kubectl_npcheck.cli.boundary import run

    return run(sys.argv[1:], sys.argv[0])


def end(code: int) -> NoReturn:
    """End the process: what is registered for its end runs, what was written is flushed.

    Files are closed by then, and no thread is worth waiting for. Python would go on to take the
    interpreter apart object by object, a thirtieth of a short run.
    """
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
