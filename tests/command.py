"""Runs the real command in this process: what it prints and the code that it ends with."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from kubectl_npcheck.cli import outcome


class Result(NamedTuple):
    """How a run ended."""

    code: int
    stdout: str
    stderr: str


def run(*arguments: str, stdin: bytes = b"", cwd: Path | None = None) -> Result:
    """Run `kubectl-npcheck ARGUMENTS` as the console script does."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with (
        working_directory(cwd),
        patch.object(sys, "argv", ["kubectl-npcheck", *arguments]),
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")),
        patch.object(sys, "stdout", out),
        patch.object(sys, "stderr", err),
    ):
        code = outcome()
    return Result(code, text(out), text(err))


def text(stream: io.TextIOWrapper) -> str:
    """What was written to a captured stream."""
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")


@contextlib.contextmanager
def working_directory(path: Path | None) -> Iterator[None]:
    """`contextlib.chdir` of Python 3.11; None stays where we are."""
    before = Path.cwd()
    if path is not None:
        os.chdir(path)
    try:
        yield
    finally:
        os.chdir(before)
