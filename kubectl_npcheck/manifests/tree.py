"""What a directory holds: its manifests, sorted, hidden and git-ignored ones left out.

Knows `git ls-files` and `os.scandir`. In a repository git lists the files, so that there is one
walk and its ignore rules are git's own; elsewhere, and where git is missing or fails, nothing is
ignored. Where git refuses to look at a checkout because another user owns it (as in many
containers), that is said. Symbolic links to directories are not followed (nor does `kubectl -R`),
so a walk ends.
"""

from __future__ import annotations

import os

from kubectl_npcheck.findings import ReadError, Skipped
from kubectl_npcheck.manifests.paths import EXTENSIONS, KUSTOMIZATIONS, display, reason

_OWNERSHIP = "dubious ownership"
"""In what git says of a checkout that another user owns (git-config, safe.directory)."""


class Listing:
    """What is found below a directory.

    names:   the manifests, as relative paths with `/`, by their names only: one may turn out to be
             a link, a directory or, in git, deleted
    errors:  the directories that cannot be read
    unasked: the checkouts whose ignore rules git does not apply
    """

    __slots__ = ("errors", "names", "unasked")

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.errors: list[ReadError] = []
        self.unasked: list[Skipped] = []


def list_tree(root: str, recursive: bool) -> Listing:
    """The manifests below `root`."""
    found = Listing()
    if repository(os.path.realpath(root)) is None or not _by_git(root, "", recursive, found):
        _by_walk(root, "", recursive, found)
    return found


def repository(directory: str) -> str | None:
    """The working tree (a real path) that a real directory lies in; None outside of git."""
    while True:
        if os.path.exists(os.path.join(directory, ".git")):
            return directory
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent


def _wanted(name: str) -> bool:
    return name.endswith(EXTENSIONS) or name in KUSTOMIZATIONS


def _by_walk(root: str, below: str, recursive: bool, listing: Listing) -> None:
    """Collect by scanning; a repository met on the way is listed by git."""
    pending = [below]
    while pending:
        below = pending.pop()
        directory = os.path.join(root, below) if below else root
        try:
            with os.scandir(directory) as entries:
                found = list(entries)
        except OSError as error:
            listing.errors.append(ReadError(display(directory), None, None, reason(error)))
            continue
        if (
            below
            and any(entry.name == ".git" for entry in found)
            and _by_git(root, below, recursive, listing)
        ):
            continue
        for entry in found:
            name = entry.name
            if name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if recursive:
                    pending.append(f"{below}{name}/")
            elif _wanted(name):
                listing.names.add(below + name)


def _by_git(root: str, below: str, recursive: bool, listing: Listing) -> bool:
    """Collect what git lists below a directory; False if git cannot tell."""
    directory = os.path.join(root, below) if below else root
    output, complaints = _git(directory, ["ls-files", "-co", "--exclude-standard", "-z"])
    if output is None:
        if _OWNERSHIP in complaints:
            listing.unasked.append(_unasked(directory))
        return False
    _unlisted(directory, complaints, listing.errors)
    entries = set(os.fsdecode(output).split("\0"))
    submodules = os.path.exists(os.path.join(directory, ".gitmodules"))
    found = False
    for entry in entries:
        if not entry or entry.startswith(".") or "/." in entry:
            continue
        slash = entry.find("/")
        if entry.endswith("/"):  # a repository of its own that git does not track
            if recursive:
                _nested(root, below + entry, listing)
        elif _wanted(entry[entry.rfind("/") + 1 :]):
            found = True
            if recursive or slash < 0:
                listing.names.add(below + entry)
        elif submodules and recursive and _directory(os.path.join(directory, entry)):
            _nested(root, f"{below}{entry}/", listing)
    return found or _git(directory, ["check-ignore", "-q", "."])[0] is None


def _nested(root: str, below: str, listing: Listing) -> None:
    if not _by_git(root, below, True, listing):
        _by_walk(root, below, True, listing)


def _directory(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


def _git(directory: str, arguments: list[str]) -> tuple[bytes | None, str]:
    """Standard output (None if it failed) and error of a git command run in a directory."""
    import subprocess

    environment = {
        key: value
        for key, value in os.environ.items()
        # in a hook these name the repository of the commit, not that of the directory
        if not key.startswith("GIT_") or key in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM")
    }
    environment.update(GIT_OPTIONAL_LOCKS="0", LC_ALL="C")
    try:
        done = subprocess.run(
            ["git", "-C", directory, "-c", "core.fsmonitor=false", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            check=False,
        )
    except OSError:
        return None, ""
    return None if done.returncode else done.stdout, os.fsdecode(done.stderr)


def _unasked(directory: str) -> Skipped:
    top = repository(os.path.realpath(directory)) or directory
    message = (
        "another user owns this checkout, so git does not say which files it ignores, and none is "
        f"left out; git config --global --add safe.directory {top}"
    )
    return Skipped(display(directory), 0, 0, None, None, "no-permission", message)


def _unlisted(directory: str, complaints: str, errors: list[ReadError]) -> None:
    """Directories that git could not open: it warns and goes on."""
    opening = "warning: could not open directory '"
    for line in complaints.splitlines():
        if line.startswith(opening):
            name = line[len(opening) :].partition("'")[0]
            path = display(os.path.join(directory, name))
            errors.append(ReadError(path, None, None, "cannot be read: permission denied"))
