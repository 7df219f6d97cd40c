"""The programs that `make e2e` runs: kubectl and the control plane, and single Go programs.

`python -m tests.e2e.binaries` builds what is not there yet, and prints where it is. The control
plane is built in several versions of Kubernetes from the Go module `controlplane`; each of the
PROGRAMS from a module of its own below `programs`. Knows what is built; `building` knows how.
Must not know pytest, so that any Python can build before there is an environment.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import NamedTuple

from tests.e2e.building import BuildError, Recipe, built

HERE = Path(__file__).resolve().parent
MODULE = HERE / "controlplane"
KUBERNETES = {"controlplane": ".", "kubectl": "k8s.io/kubernetes/cmd/kubectl"}
VERSION_PACKAGE = "k8s.io/component-base/version"
PROGRAMS = {
    "actionlint": {"actionlint": "github.com/rhysd/actionlint/cmd/actionlint"},
    "helm": {"helm": "helm.sh/helm/v3/cmd/helm"},
    "krew": {
        "krew": "sigs.k8s.io/krew/cmd/krew",
        "validate-krew-manifest": "sigs.k8s.io/krew/cmd/validate-krew-manifest",
    },
}
"""Module below `programs`, which pins the version, to its programs: name to package."""


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
    directory = built(kubernetes(version, known[version]))
    return Binaries(version, directory / "controlplane", directory / "kubectl")


def program(name: str) -> Path:
    """One of the PROGRAMS, built now unless it is cached; BuildError if that fails."""
    of = next(module for module, packages in PROGRAMS.items() if name in packages)
    module = HERE / "programs" / of
    arguments = ("go", "build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags=-s -w")
    recipe = Recipe(
        title=f"{of} (minutes with a cold Go cache)",
        module=module,
        sources=tuple(sorted(path.name for path in module.iterdir())),
        arguments=arguments,
        packages=PROGRAMS[of],
        salt=repr((sorted(PROGRAMS[of].items()), arguments)),
    )
    return built(recipe) / name


def kubernetes(version: str, modfile: str) -> Recipe:
    """How the control plane and kubectl of a version are built."""
    sums = modfile.removesuffix(".mod") + ".sum"
    return Recipe(
        title=f"Kubernetes {version} (8 to 15 minutes with a cold Go cache, 5 GB)",
        module=MODULE,
        sources=(*sorted(path.name for path in MODULE.glob("*.go")), modfile, sums),
        arguments=tuple(stamped(version, modfile)),
        packages=KUBERNETES,
        salt=repr((sorted(KUBERNETES.items()), stamped("v0.0.0", "go.mod"))),
    )


def stamped(version: str, modfile: str) -> list[str]:
    """The arguments of `go build` that make programs say which version they are."""
    minor = version.split(".")[1]
    stamps = {"gitVersion": version, "gitMajor": "1", "gitMinor": minor, "gitTreeState": "clean"}
    flags = " ".join(f"-X {VERSION_PACKAGE}.{name}={value}" for name, value in stamps.items())
    return [
        *("go", "build", "-mod=readonly", f"-modfile={modfile}", "-buildvcs=false", "-trimpath"),
        *("-ldflags", f"-s -w {flags}"),
    ]


def end(number: int, frame: object) -> None:
    """A signal ends the build as an exception does."""
    sys.exit(128 + number)


def main() -> None:
    """Build, print the directories."""
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
        for packages in PROGRAMS.values():
            print(program(next(iter(packages))).parent)
    except BuildError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
