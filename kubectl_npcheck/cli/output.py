"""Where a report goes: standard output in the chosen format, and files."""

from __future__ import annotations

import os
import stat
import sys
import time
from typing import TextIO

from kubectl_npcheck.cli.command import program
from kubectl_npcheck.errors import NpcheckError
from kubectl_npcheck.findings import Report
from kubectl_npcheck.reports import format_for, render
from kubectl_npcheck.reports.appearance import Appearance
from kubectl_npcheck.reports.text import error_line

FOR_HUMANS = ("text", "wide")
COLORS = ("auto", "always", "never")


class UnwritableError(NpcheckError):
    """A report that cannot be written to where the arguments, or the shell, send it."""

    exit_code = 2


def print_report(report: Report, name: str, color: str, fix_command: str) -> None:
    """Write the report to stdout; what could not be read goes to stderr as `error: …` lines.

    Beside `github`'s annotations, the summary of the step shows all findings.
    """
    appearance = Appearance(
        color=name in FOR_HUMANS and wants_color(color),
        width=terminal_width() if name in FOR_HUMANS else None,
        fix_command=fix_command,
        with_errors=False,
        made=now(),
    )
    print_text(render(report, name, appearance))
    print_errors(report)
    if name == "github":
        from kubectl_npcheck.cli.step_summary import add_step_summary

        add_step_summary(report, fix_command)


def fix_command() -> str:
    """How the user runs the repair: by the name that this program was called by."""
    return f"{program()} fix"


def now() -> str:
    """The time for a report that shows one, RFC 3339 in UTC; SOURCE_DATE_EPOCH fixes it."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(fixed) if fixed.isdigit() else None))


def print_text(text: str) -> None:
    """Write text to stdout as UTF-8 whatever the locale; names that are no text stay visible."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough; the exit code stays that of the result
        silence(sys.stdout)
    except OSError as error:
        silence(sys.stdout)
        reason = (error.strerror or str(error)).lower()
        raise UnwritableError(f"cannot write to standard output: {reason}") from error


def silence(stream: TextIO) -> None:
    """Send what is still written to a closed stream nowhere: Python would complain at exit."""
    try:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, stream.fileno())
        os.close(devnull)
    except (OSError, ValueError):
        return


def print_errors(report: Report) -> None:
    """One `error: FILE:LINE:COLUMN: reason` line on stderr for each unreadable input."""
    for error in report.errors:
        sys.stderr.write(f"error: {error_line(error)}\n")
    sys.stderr.flush()


def write_report(report: Report, path: str, fix_command: str) -> None:
    """Write the report to a file, in the format of its suffix: all of it or nothing."""
    text = render(report, format_for(path), Appearance(fix_command=fix_command, made=now()))
    write_whole(path, text, f"--report {path}")


def write_whole(path: str, text: str, what: str) -> None:
    """Write a text to a file, all of it or nothing. UnwritableError, that names what it was."""
    content = text.encode("utf-8", "backslashreplace")
    try:
        if _is_special(path):
            with open(path, "wb") as stream:
                stream.write(content)
        else:
            _replace(os.path.realpath(path), content)
    except OSError as error:
        raise UnwritableError(f"cannot write {what}: {error.strerror}") from error


def _is_special(path: str) -> bool:
    """True for what exists and cannot be replaced by a new file: a device, a pipe."""
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        return False


def _replace(path: str, content: bytes) -> None:
    """Write beside the file, then rename: a reader never sees half a report."""
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        with open(beside, "xb") as stream:
            stream.write(content)
        os.replace(beside, path)
    except BaseException:
        if os.path.exists(beside):
            os.unlink(beside)
        raise


def wants_color(choice: str) -> bool:
    """`--color`, and for `auto`: a terminal that can, and no NO_COLOR (no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return (
        sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )


def terminal_width() -> int | None:
    """Columns of the terminal that stdout is, None if it is none."""
    try:
        width = os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return None
    return width if width >= 40 else None
