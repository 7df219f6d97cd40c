"""kubectl's plugin completion: the file that kubectl runs, written to where kubectl looks.

kubectl asks the program `kubectl_complete-npcheck` on PATH for the candidates of `kubectl npcheck`
(since 1.26). Krew links one program a plugin, so this one has to be written by the user's command.
Source: kubectl `pkg/cmd/plugin_completion.go`.
"""

from __future__ import annotations

import os
import shutil
from typing import NamedTuple

from kubectl_npcheck.errors import NpcheckError, UsageError

NAME = "kubectl_complete-npcheck"
PLUGIN = "kubectl-npcheck"
MARK = "# Written by `kubectl npcheck completion install`"
# By its name on PATH, where kubectl finds the plugin too: an upgrade moves the program.
SCRIPT = f"""\
#!/bin/sh
{MARK}: kubectl asks it what completes `kubectl npcheck`.
exec {PLUGIN} __complete "$@" </dev/null 2>/dev/null
"""


class NotWrittenError(NpcheckError):
    """A file that cannot be written, or is somebody else's."""

    exit_code = 2


class Place(NamedTuple):
    """Where the file is, or is to be. changed: something was done there."""

    path: str
    changed: bool


def install(directory: str | None) -> Place:
    """Write the file into the directory, by default to where kubectl finds the plugin itself."""
    path = os.path.join(_directory(directory), NAME)
    found = _content(path)
    if found == SCRIPT and os.access(path, os.X_OK):
        return Place(path, False)
    if os.path.lexists(path) and not _ours(found):
        raise NotWrittenError(f"{path} exists and is not npcheck's; it was left alone")
    _write(path)
    return Place(path, True)


def uninstall(directory: str | None) -> Place | None:
    """Remove the file from the directory, by default the one that kubectl finds; None without."""
    path = os.path.join(directory, NAME) if directory is not None else shutil.which(NAME)
    if path is None or not os.path.lexists(path):
        return None
    if not _ours(_content(path)):
        raise NotWrittenError(f"{path} is not npcheck's; it was left alone")
    try:
        os.unlink(path)
    except OSError as error:
        raise NotWrittenError(f"cannot remove {path}: {_reason(error)}") from error
    return Place(path, True)


def on_path(directory: str) -> bool:
    """True if programs are looked for in the directory."""
    wanted = os.path.realpath(directory)
    listed = os.environ.get("PATH", "").split(os.pathsep)
    return any(os.path.realpath(entry) == wanted for entry in listed if entry)


def _directory(named: str | None) -> str:
    if named is not None:
        if not os.path.isdir(named):
            raise UsageError(f"--dir {named}: no such directory")
        return os.path.abspath(named)
    plugin = shutil.which(PLUGIN)
    if plugin is None:
        raise UsageError(
            f"{PLUGIN} is not on PATH, so kubectl finds neither it nor its completion;"
            " put it there first"
        )
    # Not resolved: beside a link of Krew or pipx, which is on PATH, and not beside its target.
    return os.path.dirname(os.path.abspath(plugin))


def _content(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read(4096)
    except (OSError, UnicodeDecodeError):
        return None


def _ours(content: str | None) -> bool:
    return content is not None and MARK in content


def _write(path: str) -> None:
    """Beside the file first: kubectl never runs half of it."""
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        with open(beside, "x", encoding="utf-8") as stream:
            stream.write(SCRIPT)
        os.chmod(beside, 0o755)
        os.replace(beside, path)
    except OSError as error:
        if os.path.lexists(beside):
            os.unlink(beside)
        raise NotWrittenError(
            f"cannot write {path}: {_reason(error)}; name a directory on PATH with --dir"
        ) from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
