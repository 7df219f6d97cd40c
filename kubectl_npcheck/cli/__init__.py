"""The command line: arguments, printing, exit codes, and the one error boundary."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Entry point of `kubectl-npcheck` and `npcheck`: runs the command, ends the process."""
    # A run makes many small objects and hardly a cycle among them: collecting often, and once
    # more at the end of the process, is a fifth of the time of a short run.
    gc.set_threshold(100_000, 50, 100)

    from kubectl_npcheck.cli.boundary import run

    code = run(sys.argv[1:], sys.argv[0])
    gc.freeze()
    sys.exit(code)
