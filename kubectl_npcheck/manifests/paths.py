"""Paths as text: which names are manifests, how a path is shown, why one cannot be read."""

from __future__ import annotations

import errno
import os

EXTENSIONS = (".yaml", ".yml", ".json")
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


class NotRegularError(OSError):
    """The path is a pipe, a socket, a device or a directory."""


def display(path: str) -> str:
    """A path as shown: as given, `/`-separated, without a trailing slash."""
    if os.sep != "/":
        path = path.replace(os.sep, "/")
    return path.rstrip("/") or path


def reason(error: OSError | ValueError) -> str:
    """An operating system's error as one plain clause with its remedy."""
    if isinstance(error, NotRegularError):
        kind = str(error)
        if kind == "a directory":
            return "is a directory, where a file is expected"
        return f"is {kind}, not a regular file; pipe it into standard input and name it `-`"
    if isinstance(error, ValueError):
        return "is not a possible path (it holds a NUL byte)"
    if error.errno == errno.ENOENT:
        return "does not exist"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "cannot be read: permission denied"
    if error.errno == errno.ELOOP:
        return "cannot be read: its symbolic links form a loop"
    return f"cannot be read: {(error.strerror or str(error)).lower()}"
