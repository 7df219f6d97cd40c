"""Where the outcome of `fix` goes: into the files, to standard output, to stderr."""

from __future__ import annotations

import sys

from kubectl_npcheck.cli.output import print_text, terminal_width, wants_color
from kubectl_npcheck.cli.plain import dump
from kubectl_npcheck.repairs import Repair
from kubectl_npcheck.reports.appearance import Appearance


def write_files(done: Repair, diff: bool, form: str, color: str) -> None:
    """Write the files unless only a diff is wanted; then the account, or the diff.

    The diff has standard output for itself; the account then goes to stderr.
    """
    if not diff:
        from kubectl_npcheck.fixing.apply import write

        write(done.files, done.directories)
    written = not diff
    if form != "text":
        _print_data(done, written, form)
    elif diff:
        _print_diff(done, color)
        _account(done, written, to_stderr=True, color=color)
    else:
        _account(done, written, to_stderr=False, color=color)


def filter_stdin(done: Repair, content: bytes, diff: bool, form: str, color: str) -> None:
    """The new text of standard input on standard output, the account on stderr."""
    if form != "text":
        _print_data(done, False, form)
        return
    if diff:
        _print_diff(done, color)
    else:
        new = done.files[0].new_bytes if done.files else content
        sys.stdout.flush()
        sys.stdout.buffer.write(new)
        sys.stdout.buffer.flush()
    _account(done, not diff, to_stderr=True, color=color)


def _print_data(done: Repair, written: bool, form: str) -> None:
    from kubectl_npcheck.reports.repair_data import repair_structure

    print_text(dump(repair_structure(done, written), form))


def _print_diff(done: Repair, color: str) -> None:
    from kubectl_npcheck.reports import diff

    print_text(diff.render(done.files, Appearance(color=wants_color(color))))


def _account(done: Repair, written: bool, to_stderr: bool, color: str) -> None:
    from kubectl_npcheck.reports.repair import render

    if to_stderr:
        paint = color == "always" or (color == "auto" and sys.stderr.isatty())
        sys.stderr.write(render(done, written, Appearance(color=paint, with_errors=False)))
        sys.stderr.flush()
        return
    appearance = Appearance(color=wants_color(color), width=terminal_width(), with_errors=False)
    print_text(render(done, written, appearance))
