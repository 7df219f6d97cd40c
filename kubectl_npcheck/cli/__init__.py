"""The command line: arguments, printing, exit codes, and the one error boundary."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of `kubectl-npcheck` and `npcheck`: runs the command, ends the process."""
    from kubectl_npcheck.cli.boundary import run

    sys.exit(run(sys.argv[1:], sys.argv[0]))
