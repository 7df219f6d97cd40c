"""Which files a run reads, and their bytes.

Knows directories, git's ignore rules, links and file kinds; knows nothing of YAML. Hot: a tree of
thousands of files without a policy must cost little more than reading their bytes, so there is no
`pathlib` and no call a file beyond open, fstat, read, close.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping

from kubectl_npcheck.findings import ReadError, Skipped
from kubectl_npcheck.manifests.paths import NotRegularError, display, reason

_OPEN = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO must not block the open
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_WORD = "NetworkPolicy"
_UTF8 = _WORD.encode()
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)


class File:
    """A file to read.

    file:    display path, as given or found below it, `/`-separated
    path:    what to open
    real:    real path, which tells whether two files are one
    context: True if it is only reasoned with
    listed:  True if a directory's listing gave it, so that `real` may yet be a link
    content: its bytes where they are already (and still) in memory
    """

    __slots__ = ("content", "context", "file", "listed", "path", "real")

    def __init__(
        self, file: str, path: str, real: str, context: bool = False, listed: bool = False
    ) -> None:
        self.file = file
        self.path = path
        self.real = real
        self.context = context
        self.listed = listed
        self.content: bytes | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Components of the real path, file name last."""
        return path_parts(self.real)

    def __repr__(self) -> str:
        return f"File({self.file})"


def path_parts(real: str) -> tuple[str, ...]:
    """The components of an absolute path; a drive, where there is one, is the first."""
    if os.sep != "/":
        real = real.replace(os.sep, "/")
    return tuple([part for part in real.split("/") if part])


class Files:
    """The files of a run in the order found, each once, and what could not be listed or told.

    replaced: by real path, bytes that are read in the place of the file's
    """

    __slots__ = ("_excluded", "_replaced", "_seen", "errors", "files", "skipped")

    def __init__(
        self,
        excluded: Callable[[str], bool] | None = None,
        replaced: Mapping[str, bytes] | None = None,
    ) -> None:
        self.files: list[File] = []
        self.errors: list[ReadError] = []
        self.skipped: list[Skipped] = []
        self._seen: set[str] = set()
        self._excluded = excluded
        self._replaced = replaced or {}

    def add_path(self, given: str, recursive: bool = True, context: bool = False) -> None:
        """Add a named file or what a named directory holds.

        A named path is never ignored, hidden or excluded. One that does not exist becomes an
        error; what context holds and cannot be read is none.
        """
        try:
            info = os.stat(given)
        except (OSError, ValueError) as error:
            self.errors.append(ReadError(display(given), None, None, reason(error)))
            return
        if stat.S_ISDIR(info.st_mode):
            self.add_tree(given, recursive, context)
        else:
            self._add(File(display(given), given, os.path.realpath(given), context))

    def add_file(self, file: str, path: str, context: bool = True) -> File:
        """Add one file that something else refers to, unless it is there already."""
        found = File(file, path, os.path.realpath(path), context)
        self._add(found)
        return found

    def add_tree(self, given: str, recursive: bool = True, context: bool = False) -> None:
        """Add the manifests below a directory, sorted, hidden and git-ignored ones left out."""
        from kubectl_npcheck.manifests.tree import list_tree

        listing = list_tree(given, recursive)
        root = display(given)
        shown = "" if root == "." else root if root.endswith("/") else root + "/"
        opened = "" if given == "." else os.path.join(given, "")
        real_root = os.path.join(os.path.realpath(given), "")
        for name in sorted(listing.names):
            real = real_root + name
            if self._excluded is not None and self._excluded(real):
                continue
            self._add(File(shown + name, opened + name, real, context, listed=True))
        if not context:
            self.errors.extend(listing.errors)
        # What context should have left out decides verdicts too.
        self.skipped.extend(item for item in listing.unasked if item not in self.skipped)

    def read(self, file: File) -> bytes | None:
        """The file's bytes; None if it cannot be read (noted as an error unless context).

        None without an error for what is listed and no file of its own: a link to a file that is
        read anyway, a directory of that name, a file that git knows and that is deleted.
        """
        if file.real in self._replaced:
            return self._replaced[file.real]
        try:
            if not file.listed:
                return read_bytes(file.path)
            try:
                return read_bytes(file.path, _NOFOLLOW)
            except OSError as error:
                if not self._resolve_link(file, error):
                    return None
                return self._replaced.get(file.real) or read_bytes(file.path)
        except (OSError, ValueError) as error:
            if not file.context:
                self.errors.append(ReadError(file.file, None, None, reason(error)))
            return None

    def _resolve_link(self, file: File, error: OSError) -> bool:
        """After a listed file could not be opened: whether it is worth another try."""
        if not os.path.lexists(file.path) or os.path.isdir(file.path):
            return False
        if os.path.islink(file.path):
            real = os.path.realpath(file.path)
            if real != file.real and real in self._seen:
                return False
            file.real = real
            self._seen.add(real)
        elif isinstance(error, NotRegularError):
            return False
        return True

    def _add(self, file: File) -> None:
        if file.real in self._seen:
            return
        self._seen.add(file.real)
        self.files.append(file)


def read_bytes(path: str, flags: int = 0) -> bytes:
    """The bytes of a regular file. Never blocks; raises `OSError`, `NotRegularError` among them."""
    descriptor = os.open(path, _OPEN | flags)
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode):
            raise NotRegularError(_kind(info.st_mode))
        content = os.read(descriptor, info.st_size + 1)
        if len(content) == info.st_size:
            return content
        chunks = [content]
        while content:
            content = os.read(descriptor, 1 << 20)
            chunks.append(content)
        return b"".join(chunks)
    finally:
        os.close(descriptor)


def mentions_policy(content: bytes) -> bool:
    """Whether the word NetworkPolicy occurs, in UTF-8, UTF-16 or UTF-32."""
    if _UTF8 in content:
        return True
    head = content[:4]
    if b"\0" in head or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return any(_WORD.encode(encoding) in content for encoding in _WIDE)
    return False


def is_open_pipe(path: str) -> bool:
    """Whether the path is a pipe that this process holds open already, as `<(…)` gives it.

    A pipe with a name of its own is not: without a writer, to read it would take for ever.
    """
    if not path.startswith(("/dev/fd/", "/proc/self/fd/")):
        return False
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)
    except OSError:
        return False


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a directory"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device"


def surroundings(paths: Iterable[str], directories: bool) -> list[tuple[str, bool]]:
    """Where context lies: (directory, recursive) around the named files.

    The git repository of each named file; without git the file's own directory, one level, as
    nothing says how far a tree without a repository belongs together. With `directories`, named
    directories count too (`fix`). Given relative, they are shown relative.
    """
    from kubectl_npcheck.manifests.tree import repository

    found: dict[str, bool] = {}
    holders: set[str] = set()  # a commit names a thousand files in a few directories
    for path in paths:
        is_directory = os.path.isdir(path)
        if is_directory and not directories:
            continue
        holder = path if is_directory else os.path.dirname(path) or "."
        if holder in holders or not os.path.exists(path):
            continue
        holders.add(holder)
        directory = os.path.realpath(holder)
        top = repository(directory)
        shown = top or directory
        if not os.path.isabs(path):
            shown = os.path.relpath(shown, os.path.realpath("."))
        if top is not None:
            found[shown] = True
        else:
            found.setdefault(shown, False)
    return list(found.items())
