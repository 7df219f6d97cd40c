"""A shell at a terminal: lines are typed, and completed by its own key.

Knows shells and pseudo-terminals; must not know npcheck.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

SECONDS = 30.0
BEGINNING, END = "\x01", "\x05"
"""Ctrl-A and Ctrl-E move to the ends of the line."""

SHOWN = re.compile(r"<([^<>%]*)>")


class ShellError(Exception):
    """The shell did not come to the end; the text is what was on the screen."""


class Terminal:
    """An interactive shell. start: its command line; setup: what is typed first."""

    def __init__(
        self, start: list[str], setup: str, cwd: Path, environment: Mapping[str, str]
    ) -> None:
        self._master, slave = os.openpty()
        program = shutil.which(start[0])
        assert program, f"{start[0]} is not installed"
        self._process = subprocess.Popen(
            [program, *start[1:]],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env={"TERM": "dumb", "COLUMNS": "200", "LINES": "50", "PS1": "$ ", **environment},
            start_new_session=True,
        )
        os.close(slave)
        self.answer(f"{setup}; printf '<%s>\\n' ready\n")

    def complete(self, line: str) -> list[str]:
        """The words of the line as it stands after the completion key was hit."""
        keys = f"{line}\t{BEGINNING}printf '<%s>\\n' {END} ready\n"
        return SHOWN.findall(self.answer(keys))[:-1]

    def listing(self, line: str) -> str:
        """What is on the screen after the key was hit again; the line is given up then."""
        return self.answer(f"{line}\t\t{BEGINNING}: {END}; printf '<%s>\\n' ready\n")

    def answer(self, keys: str) -> str:
        """What the terminal shows until the keys, which end with a printf of <ready>, are done."""
        os.write(self._master, keys.encode())
        seen = ""
        until = time.monotonic() + SECONDS
        while "<ready>" not in seen:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self._master], [], [], left)[0]:
                raise ShellError(seen)
            try:
                seen += os.read(self._master, 65536).decode(errors="replace")
            except OSError as error:  # the shell has ended
                raise ShellError(seen) from error
        return seen

    def close(self) -> None:
        """End the shell."""
        os.close(self._master)
        self._process.terminate()
        self._process.wait(SECONDS)
