"""The error family. Each class knows the exit code that the command line gives it."""

from __future__ import annotations


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
