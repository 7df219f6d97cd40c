"""Lays out what the zipapp contains: npcheck and its libraries, without what is never imported.

Knows the layout of wheels and of the libraries; must not know how they are packed.
"""

from __future__ import annotations

import fnmatch
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

from distribution.platforms import PORTABLE, Platform
from distribution.wheels import Wheels

SLIM = Path(__file__).resolve().parents[1] / "slim"
"""Files that stand in for those of a library which would import what is left out."""

LEFT_OUT = (
    # The models and calls of the API: npcheck reads plain JSON. Its own modules for configuration
    # and credentials are all that is used of `kubernetes`.
    "kubernetes/aio/*",
    "kubernetes/client/api/*",
    "kubernetes/client/apis/*",
    "kubernetes/client/models/*",
    "kubernetes/dynamic/*",
    "kubernetes/e2e_test/*",
    "kubernetes/informer/*",
    "kubernetes/leaderelection/*",
    "kubernetes/stream/*",
    "kubernetes/utils/*",
    "kubernetes/watch/*",
    "kubernetes/*_test.py",
    # Timezone data in an archive of its own, for a function that nothing calls.
    "dateutil/zoneinfo/*.tar.gz",
    "requests/packages/*",
    "urllib3/contrib/emscripten/*",
    # For compilers and type checkers.
    "*.c",
    "*.h",
    "*.pxd",
    "*.pyi",
    "*.pyx",
    "*/py.typed",
    "*/__main__.py",
)
KEPT_OF_METADATA = ("METADATA", "LICENSE*", "LICENCE*", "COPYING*", "NOTICE*", "AUTHORS*")


def lay_out(wheels: Wheels, npcheck: Path, platform: Platform, directory: Path) -> None:
    """Fill a directory with the site-packages of the zipapp. npcheck: its wheel."""
    for wheel in (*wheels.pure, *wheels.compiled, npcheck):
        _unpack(wheel, directory, compiled=platform is not PORTABLE)
    for path in sorted(SLIM.rglob("*.py")):
        target = directory / path.relative_to(SLIM)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for path in directory.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _unpack(wheel: Path, directory: Path, compiled: bool) -> None:
    """Unpack what is kept of a wheel. Wheels of one version differ in their compiled files only."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith("/") or not kept(name) or (not compiled and name.endswith(".so")):
                continue
            target = directory / name
            content = archive.read(name)
            if target.exists() and ".dist-info/" not in name and target.read_bytes() != content:
                raise ValueError(f"{wheel.name}: {name} is not that of the other wheels")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def kept(name: str) -> bool:
    """Whether a file of a wheel goes into the zipapp."""
    first, _, rest = name.partition("/")
    if first.endswith(".data"):
        raise ValueError(f"{name}: a wheel that installs outside of site-packages")
    if first.endswith(".dist-info"):
        return _matches(rest.rpartition("/")[2], KEPT_OF_METADATA)
    if first == "kubectl_npcheck":
        return True
    return not _matches(name, LEFT_OUT)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
