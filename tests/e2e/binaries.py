"""Builds kubectl and the control plane from the Go module beside this file, and keeps them.

`python -m tests.e2e.binaries` builds what `make e2e` uses and is not there yet, and prints where
it is. The binaries lie in `${XDG_CACHE_HOME:-~/.cache}/npcheck-e2e/HASH`, HASH being that of their sources and of the
Go version. Builds run one after the other (a lock), niced, and are moved into place when they are
whole. Knows Go; must not know pytest, so that any Python can build before there is an environment.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MODULE = Path(__file__).resolve().parent / "controlplane"
PROGRAMS = {"controlplane": ".", "kubectl": "k8s.io/kubernetes/cmd/kubectl"}
VERSION_PACKAGE = "k8s.io/component-base/version"


class BuildError(Exception):
    """Go is missing, or the build failed; the text says what to do."""


class Binaries(NamedTuple):
    """The programs of one version of Kubernetes."""

    version: str
    controlplane: Path
    kubectl: Path


def versions() -> dict[str, str]:
    """Version of Kubernetes to module file: go.mod's own first, then each `go.vX.Y.Z.mod`."""
    found = {}
    for path in [MODULE / "go.mod", *sorted(MODULE.glob("go.v*.mod"))]:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("\tk8s.io/kubernetes v"):
                found[line.split()[1]] = path.name
    return found


def newest() -> str:
    """The newest of `versions()`."""
    return max(versions(), key=lambda version: [int(part) for part in version[1:].split(".")])


def ensure(version: str | None = None) -> Binaries:
    """The binaries, built now unless they are cached; BuildError if that fails.

    version: one of `versions()`, or "newest"; by default the first
    """
    known = versions()
    version = newest() if version == "newest" else version or next(iter(known))
    if version not in known:
        raise BuildError(f"Kubernetes {version} is not pinned; there are {', '.join(known)}")
    directory = cache() / digest(known[version])
    binaries = Binaries(version, directory / "controlplane", directory / "kubectl")
    if not directory.is_dir():
        with only_builder():
            if not directory.is_dir():
                build(version, known[version], directory)
    return binaries


def cache() -> Path:
    """Where all binaries are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "npcheck-e2e"


def digest(modfile: str) -> str:
    """Hash of everything that the binaries are made of."""
    content = hashlib.sha256()
    names = [*sorted(path.name for path in MODULE.glob("*.go")), modfile, sumfile(modfile)]
    for name in names:
        content.update(name.encode() + b"\0" + (MODULE / name).read_bytes() + b"\0")
    content.update(repr((sorted(PROGRAMS.items()), arguments("v0.0.0", "go.mod"))).encode())
    content.update(go_version().encode())
    return content.hexdigest()[:16]


def sumfile(modfile: str) -> str:
    """Where Go looks for the sums of a module file."""
    return modfile.removesuffix(".mod") + ".sum"


def go_version() -> str:
    """What `go version` says in the module, system and architecture included."""
    try:
        done = subprocess.run(
            ["go", "version"], cwd=MODULE, env=environment(), capture_output=True, text=True
        )
    except FileNotFoundError:
        raise BuildError("go is not on PATH") from None
    if done.returncode:
        raise BuildError(f"`go version` failed: {done.stderr.strip()}")
    return done.stdout.strip()


def environment() -> dict[str, str]:
    """The caller's environment without what would change the binaries."""
    return {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "", "GOWORK": "off"}


def arguments(version: str, modfile: str) -> list[str]:
    """What `go build` is given, up to the output and the package."""
    minor = version.split(".")[1]
    stamps = {"gitVersion": version, "gitMajor": "1", "gitMinor": minor, "gitTreeState": "clean"}
    flags = " ".join(f"-X {VERSION_PACKAGE}.{name}={value}" for name, value in stamps.items())
    return [
        *("go", "build", "-mod=readonly", f"-modfile={modfile}", "-buildvcs=false", "-trimpath"),
        *("-ldflags", f"-s -w {flags}"),
    ]


def build(version: str, modfile: str, directory: Path) -> None:
    """Build all programs beside the directory, then move them into place at once."""
    say(f"building Kubernetes {version} (8 to 15 minutes with a cold Go cache, 5 GB)")
    beside = Path(tempfile.mkdtemp(prefix="building-", dir=directory.parent))
    try:
        for name, package in PROGRAMS.items():
            run([*arguments(version, modfile), "-o", str(beside / name), package])
        beside.chmod(0o755)
        beside.rename(directory)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    say(f"built {directory}")


def run(command: list[str]) -> None:
    """Run a build, niced, in a process group that does not outlive this process."""
    process = subprocess.Popen(
        ["nice", "-n", "10", *command],
        cwd=MODULE,
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


def end(number: int, frame: object) -> None:
    """A signal ends the build as an exception does."""
    sys.exit(128 + number)


def main() -> None:
    """Build, print the directory."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.binaries")
    parser.add_argument("--others", action="store_true", help="print what is pinned besides")
    options = parser.parse_args()
    used = list(dict.fromkeys([next(iter(versions())), newest()]))
    if options.others:
        print("\n".join(version for version in versions() if version not in used))
        return
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)
    try:
        for version in used:
            print(ensure(version).controlplane.parent)
    except BuildError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
