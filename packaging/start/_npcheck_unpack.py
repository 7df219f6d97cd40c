"""Unpacks the archive, where a run finds it not unpacked yet, and removes former versions.

Knows the names of the directories that npcheck unpacks into: `npcheck_VERSION_PLATFORM_BUILD`. Two
locks are taken: shiv's own, of one unpacking, and one on an unpacked directory itself, which each
process that runs from there shares.
"""

import contextlib
import fcntl
import os
import shutil
import sys

REMOVED = ".removed"


def unpacked(name, roots, held):
    """Unpack below the first root that can be written, else for this run only. The directory."""
    try:
        return first_that_can_be_written(name, roots, held)
    except KeyboardInterrupt:
        sys.stderr.write("error: interrupted\n")
        sys.exit(130)


def first_that_can_be_written(name, roots, held):
    """As `unpacked`. Where there is none, the process ends with what was tried, and the remedy."""
    reasons = []
    for root in roots:
        try:
            unpack(root, name)
            directory = held(root)
            if directory:
                remove_former(root, name)
                return directory
            reasons.append((root, "somebody else may write to it"))
        except OSError as error:
            reasons.append((root, error.strerror or str(error)))
    if not os.environ.get("SHIV_ROOT"):
        try:
            return for_this_run(name)
        except OSError as error:
            reasons.append(("the directory for temporary files", error.strerror or str(error)))
    tried = "; ".join("{}: {}".format(*reason) for reason in reasons)
    sys.stderr.write(
        f"error: npcheck found no place to unpack itself into ({tried}); "
        "set SHIV_ROOT to a directory that can be written\n"
    )
    sys.exit(2)


def unpack(root, name):
    """Unpack below a root; at the same time as others, one of us does it. OSError if it fails."""
    os.makedirs(root, 0o700, exist_ok=True)
    # shiv waits for ever where its lock cannot be had, whatever the reason.
    with (
        open(os.path.join(root, f".{name}_lock"), "a") as lock,
        contextlib.suppress(BlockingIOError),
    ):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    extract(root, name)


def extract(root, name):
    """shiv's extraction: a lock, a directory beside, and a rename when it is whole."""
    import zipfile
    from pathlib import Path

    from _bootstrap import extract_site_packages

    others = os.umask(0o077)
    try:
        with zipfile.ZipFile(sys.argv[0]) as archive:
            extract_site_packages(archive, Path(root, name))
    finally:
        os.umask(others)


def for_this_run(name):
    """Unpack into a directory that goes away with this process."""
    import atexit
    import tempfile

    root = tempfile.mkdtemp(prefix="npcheck-")
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    extract(root, name)
    return os.path.join(root, name)


def remove_former(root, name):
    """Remove what earlier versions, or other builds of this one, left; not while it is in use."""
    _, version, platform, _ = name.split("_")
    for other in os.listdir(root):
        parts = other.removesuffix(REMOVED).split("_")
        ours = len(parts) == 4 and parts[0] == "npcheck" and parts[2] == platform
        if ours and other != name and number(parts[1]) <= number(version):
            with contextlib.suppress(OSError):
                remove(root, other)


def number(version):
    """0.10.1 as something that has an order."""
    return [int(part) if part.isdecimal() else 0 for part in version.split(".")]


def remove(root, name):
    """Remove a directory that no process runs from. OSError where one does, or where we may not."""
    directory = os.path.join(root, name)
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(descriptor).st_uid != os.geteuid():
            return
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        gone = directory if name.endswith(REMOVED) else directory + REMOVED
        os.rename(directory, gone)
        shutil.rmtree(gone)
    finally:
        os.close(descriptor)
    os.unlink(os.path.join(root, f".{name.removesuffix(REMOVED)}_lock"))
