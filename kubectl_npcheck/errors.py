"""The error family. Each class knows the exit code that the command line gives it."""

from __future__ import annotations

from collections.abc import Iterable


class NpcheckError(Exception):
    """An error that the user can do something about: one clear line, no traceback."""

    exit_code = 5


class UsageError(NpcheckError):
    """Wrong arguments, or a settings file that cannot be used."""

    exit_code = 2


class InputError(NpcheckError):
    """An input that could not be read or parsed."""

    exit_code = 3


class ClusterError(NpcheckError):
    """The cluster could not be reached, refused, or no kubeconfig is usable."""

    exit_code = 4


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?` for the known name nearest to a mistyped one, else ""."""
    from difflib import get_close_matches  # only on the way to an error

    near = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""
