"""Builds Go programs, one build after the other, and keeps what it built.

What is built lies in `${XDG_CACHE_HOME:-~/.cache}/npcheck-e2e/HASH`, HASH being that of the sources
and of the Go version. Builds are niced, and are moved into place when they are whole. Knows Go;
must not know which programs there are, nor pytest.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


class BuildError(Exception):
    """Go is missing, or the build failed; the text says what to do."""


class Recipe(NamedTuple):
    """What is built together, from one module.

    title:     what a line of progress calls it
    module:    the directory that Go runs in
    sources:   the files of that directory that decide what comes out
    arguments: what `go build` is given, up to the output and the package
    packages:  file name to package; all of them lie in one directory of the cache
    salt:      what else decides what comes out
    """

    title: str
    module: Path
    sources: tuple[str, ...]
    arguments: tuple[str, ...]
    packages: dict[str, str]
    salt: str


def built(recipe: Recipe) -> Path:
    """The directory with the programs, built now unless it is there; BuildError if that fails."""
    directory = cache() / digest(recipe)
    if not directory.is_dir():
        with only_builder():
            if not directory.is_dir():
                build(recipe, directory)
    return directory


def cache() -> Path:
    """Where all binaries are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "npcheck-e2e"


def digest(recipe: Recipe) -> str:
    """Hash of everything that the binaries are made of."""
    content = hashlib.sha256()
    for name in recipe.sources:
        content.update(name.encode() + b"\0" + (recipe.module / name).read_bytes() + b"\0")
    content.update(recipe.salt.encode())
    content.update(go_version(recipe.module).encode())
    return content.hexdigest()[:16]


def go_version(module: Path) -> str:
    """What `go version` says in the module, system and architecture included."""
    try:
        done = subprocess.run(
            ["go", "version"], cwd=module, env=environment(), capture_output=True, text=True
        )
    except FileNotFoundError:
        raise BuildError("go is not on PATH") from None
    if done.returncode:
        raise BuildError(f"`go version` failed: {done.stderr.strip()}")
    return done.stdout.strip()


def environment() -> dict[str, str]:
    """The caller's environment without what would change the binaries."""
    return {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "", "GOWORK": "off"}


def build(recipe: Recipe, directory: Path) -> None:
    """Build all programs beside the directory, then move them into place at once."""
    say(f"building {recipe.title}")
    beside = Path(tempfile.mkdtemp(prefix="building-", dir=directory.parent))
    try:
        for name, package in recipe.packages.items():
            run([*recipe.arguments, "-o", str(beside / name), package], recipe.module)
        beside.chmod(0o755)
        beside.rename(directory)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    say(f"built {directory}")


def run(command: Iterable[str], module: Path) -> None:
    """Run a build, niced, in a process group that does not outlive this process."""
    command = list(command)
    process = subprocess.Popen(
        ["nice", "-n", "10", *command],
        cwd=module,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
        errors="replace",
    )
    try:
        output, _ = process.communicate()
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        raise
    if process.returncode:
        raise BuildError(f"{' '.join(command[:2])} failed:\n{output[-4000:].rstrip()}")


@contextlib.contextmanager
def only_builder() -> Iterator[None]:
    """Hold the lock of the cache; the system lets go of it when the holder dies."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another build to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        for left in cache().glob("building-*"):  # by a builder that was killed
            shutil.rmtree(left, ignore_errors=True)
        yield


def say(text: str) -> None:
    """A line of progress."""
    print(f"e2e: {text}", file=sys.stderr, flush=True)
