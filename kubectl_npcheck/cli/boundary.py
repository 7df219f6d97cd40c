"""The error boundary: the only place where an exception becomes an exit code and a line on stderr.

Knows no command.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from kubectl_npcheck import __version__
from kubectl_npcheck.cli.output import silence
from kubectl_npcheck.errors import InputError, NpcheckError
from kubectl_npcheck.reports.appearance import visible

INTERRUPTED = 130
DEFECT = 5
USAGE = 2


def program_name(argv0: str) -> str:
    """How the user called us: kubectl runs a plugin as `…/kubectl-npcheck`."""
    name = os.path.basename(argv0)
    return (
        "kubectl npcheck" if name.startswith(("kubectl-npcheck", "kubectl_npcheck")) else "npcheck"
    )


def run(arguments: Sequence[str], argv0: str = "npcheck") -> int:
    """Run the command line and return its exit code; never raises for a defect or a signal."""
    debug = "--debug" in arguments
    _open_streams()
    try:
        _require_directory()
        code = _command(list(arguments), program_name(argv0))
        sys.stdout.flush()
        return code
    except (BrokenPipeError, SystemExit):
        # The reader has seen enough. click, too, ends the process when it meets a closed pipe.
        silence(sys.stdout)
        return 0
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted")
        return INTERRUPTED
    except click.UsageError as error:
        _say(_sentence(error.format_message()))
        if error.ctx is not None:
            _write(f"See '{error.ctx.command_path} -h'.")
        return USAGE
    except click.ClickException as error:
        _say(_sentence(error.format_message()))
        return USAGE
    except NpcheckError as error:
        if debug:
            _traceback()
        _say(str(error))
        return error.exit_code
    except Exception as error:
        return _defect(error, debug)


def _open_streams() -> None:
    """Give a stream that the caller closed (`>&-`) an end: Python holds None in its place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 (stays)


def _require_directory() -> None:
    try:
        os.getcwd()
    except OSError as error:
        raise InputError("the working directory no longer exists: change to another one") from error


def _command(arguments: list[str], program: str) -> int:
    from kubectl_npcheck.cli.root import root

    result = root.main(arguments, prog_name=program, standalone_mode=False)
    return result if isinstance(result, int) else 0


def _defect(error: BaseException, debug: bool) -> int:
    if debug:
        _traceback()
    kind = type(error).__name__
    said = f"{kind}: {error}" if str(error) else kind
    remedy = "report this with" if debug else "run it again with --debug and report"
    _say(f"a defect in npcheck {__version__}: {said}; please {remedy} the traceback and the input")
    return DEFECT


def _traceback() -> None:
    import traceback

    traceback.print_exc(file=sys.stderr)


def _sentence(text: str) -> str:
    """click's message in our style: no capital, no full stop."""
    text = text.rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _say(message: str) -> None:
    _write(f"error: {message}")


def _write(line: str) -> None:
    try:
        sys.stderr.write(f"{visible(line)}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        silence(sys.stderr)
