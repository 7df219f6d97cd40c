"""Starts npcheck from its zipapp: finds where it is unpacked and runs it from there.

Python compiles this file anew at every start, hence its size; what only a first run does is in
`_npcheck_unpack`. It refuses an old Python, so nothing here is newer than Python 2.
"""

import os
import sys

NAME = "@NAME@"  # of the directory that this archive is unpacked into; the build fills it in


def candidates():
    """Where the archive may be unpacked, best first.

    Below Krew's store Krew itself removes it, when it upgrades or uninstalls the plugin.
    """
    named = os.environ.get("SHIV_ROOT")
    if named:
        return [os.path.abspath(named)]
    found = []
    here = os.path.dirname(os.path.realpath(sys.argv[0]))
    if os.path.dirname(here).endswith(os.path.join("store", "npcheck")):
        found.append(os.path.join(here, "unpacked"))
    cache = os.environ.get("XDG_CACHE_HOME")
    if not cache or not os.path.isabs(cache):
        # Python takes an empty HOME for the root directory.
        home = os.path.expanduser("~") if os.environ.get("HOME") != "" else ""
        cache = os.path.join(home, ".cache") if os.path.isabs(home) else None
    if cache:
        found.append(os.path.join(cache, "npcheck"))
    return found


def held(root):
    """The unpacked archive below a root, kept from being removed while this process runs.

    None where there is none, where it is just being removed, or where somebody else owns it: what
    stands there is run.
    """
    import fcntl

    directory = os.path.join(root, NAME)
    try:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    found = os.fstat(descriptor)
    if found.st_uid in (0, os.geteuid()) and not found.st_mode & 0o022:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            removed = False
        except BlockingIOError:
            removed = True
        except OSError:  # a file system without locks, on which nothing is ever removed either
            removed = False
        try:
            if not removed and os.path.samestat(found, os.stat(directory)):
                return directory
        except OSError:
            pass
    os.close(descriptor)
    return None


def start():
    """Run npcheck; the first time, unpack it before."""
    if sys.version_info < (3, 10):
        sys.stderr.write(
            "error: npcheck needs Python 3.10 or newer, and %s is %d.%d.%d\n"
            % ((sys.executable or "python3",) + tuple(sys.version_info[:3]))  # noqa: RUF005
        )
        sys.exit(2)
    roots = candidates()
    for root in roots:
        directory = held(root)
        if directory:
            break
    else:
        from _npcheck_unpack import unpacked

        directory = unpacked(NAME, roots, held)
    sys.path[0] = os.path.join(directory, "site-packages")  # it was the archive

    from kubectl_npcheck.cli import main

    main()


start()
