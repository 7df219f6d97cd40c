"""Puts new texts in the place of old ones: each file whole, or not at all.

First all new contents are written beside their files and flushed to the disk, then each is renamed
over its file. So a full disk or a crash leaves, for each file, the old one or the new one. A file
that somebody else changes meanwhile is left as it is.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterable, Sequence

from kubectl_npcheck.errors import NpcheckError
from kubectl_npcheck.repairs import Rewritten
from kubectl_npcheck.rules.wording import listed

PREFIX = ".npcheck-"
SUFFIX = ".tmp"
"""What stands beside a file for a moment: hidden, and no manifest by its name."""


class WriteError(NpcheckError):
    """A file could not be written. `written` are the files that were, before this one."""

    exit_code = 3

    def __init__(self, message: str, written: Sequence[str] = ()) -> None:
        done = f"; already written: {listed(written, 10)}" if written else "; nothing was written"
        super().__init__(message + done)
        self.written = tuple(written)


def write(files: Sequence[Rewritten], directories: Iterable[str] = ()) -> None:
    """Replace the files. Raises WriteError; no file is ever half written.

    directories: where else to remove what a killed run may have left
    """
    beside: dict[str, str] = {}
    written: list[str] = []
    for directory in {*directories, *(os.path.dirname(file.real) for file in files)}:
        _clean(directory)
    try:
        for number, file in enumerate(files):
            _check(file, written)
            beside[file.real] = _prepare(file, number)
        for file in files:
            _flush(beside[file.real], file)
        for file in files:
            _check(file, written)
            _replace(beside.pop(file.real), file, written)
            written.append(file.file)
    finally:
        for path in beside.values():
            with contextlib.suppress(OSError):
                os.unlink(path)
        for directory in sorted({os.path.dirname(file.real) for file in files}):
            _flush_directory(directory)


def _check(file: Rewritten, written: Sequence[str]) -> None:
    """Refuse a file that is not what it was when it was read, or that is not to be written."""
    try:
        with open(file.real, "rb") as stream:
            info = os.fstat(stream.fileno())
            content = stream.read()
    except OSError as error:
        raise _failed(file, error, written) from error
    if content != file.old_bytes:
        raise WriteError(f"{file.file}: changed since it was read; run fix again", written)
    if info.st_nlink > 1:
        message = f"{file.file}: has {info.st_nlink} hard links, which a new file would part"
        raise WriteError(message, written)
    if not os.access(file.real, os.W_OK):
        raise WriteError(f"{file.file}: is read-only", written)


def _prepare(file: Rewritten, number: int) -> str:
    """The new content in a file beside the old one, with its mode, owner and attributes."""
    directory = os.path.dirname(file.real)
    path = os.path.join(directory, f"{PREFIX}{os.getpid()}-{number}{SUFFIX}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        raise _failed(file, error) from error
    try:
        with open(descriptor, "wb") as stream:
            stream.write(file.new_bytes)
        _take_over(file.real, path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(path)
        if isinstance(error, OSError):
            raise _failed(file, error) from error
        raise
    return path


def _take_over(old: str, new: str) -> None:
    """Give the new file what the old one has: attributes, owner where permitted, mode."""
    info = os.stat(old)
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for name in os.listxattr(old):
                with contextlib.suppress(OSError):
                    os.setxattr(new, name, os.getxattr(old, name))
    mine = os.stat(new)
    if hasattr(os, "chown") and (info.st_uid, info.st_gid) != (mine.st_uid, mine.st_gid):
        with contextlib.suppress(OSError):
            os.chown(new, info.st_uid, info.st_gid)
    os.chmod(new, stat.S_IMODE(info.st_mode))


def _flush(path: str, file: Rewritten) -> None:
    """Wait until the content is on the disk. All are written before the first is waited for."""
    try:
        descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _failed(file, error) from error


def _replace(path: str, file: Rewritten, written: Sequence[str]) -> None:
    try:
        os.replace(path, file.real)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise _failed(file, error, written) from error


def _flush_directory(directory: str) -> None:
    """Make the renames last; file systems that cannot do that are left alone."""
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _clean(directory: str) -> None:
    """Remove what a killed run left behind; that of a run that still works stays."""
    with contextlib.suppress(OSError):
        for name in os.listdir(directory):
            if name.startswith(PREFIX) and name.endswith(SUFFIX):
                process = name[len(PREFIX) : -len(SUFFIX)].partition("-")[0]
                if process.isdecimal() and not _alive(int(process)):
                    with contextlib.suppress(OSError):
                        os.unlink(os.path.join(directory, name))


def _alive(process: int) -> bool:
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _failed(file: Rewritten, error: OSError, written: Sequence[str] = ()) -> WriteError:
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        why = "its directory cannot be written"
        if error.errno == errno.EROFS:
            why = "the file system is read-only"
    elif error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        why = "the disk is full"
    elif error.errno == errno.ENOENT:
        why = "is not there any more"
    else:
        why = (error.strerror or str(error)).lower()
    return WriteError(f"{file.file}: cannot be written: {why}", written)
