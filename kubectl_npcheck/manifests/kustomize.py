"""Kustomizations: which files are applied together, how they are rewritten, what is a patch.

Knows the fields of kustomization.yaml and nothing of policies. Remote resources are never
fetched: what cannot be followed makes the closure incomplete and says why.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from kubectl_npcheck.manifests.discover import path_parts
from kubectl_npcheck.manifests.document import plain_values
from kubectl_npcheck.manifests.kustomization import (
    Kustomization,
    is_kustomization,
    layer_of,
    read_fields,
    remote,
)
from kubectl_npcheck.manifests.patches import Opener
from kubectl_npcheck.manifests.paths import KUSTOMIZATIONS
from kubectl_npcheck.manifests.source import DocumentError
from kubectl_npcheck.origin import Closure, Layer, Member

Reader = Callable[[str], "bytes | None"]
"""The bytes of a file by its real path; None if it cannot or must not be read."""

_UNFOLLOWED = {
    "helmCharts": "Helm charts",
    "helmChartInflationGenerator": "Helm charts",
    "generators": "generators",
    "transformers": "transformers",
    "configurations": "configurations of its own",
}


class Found(NamedTuple):
    """What the kustomizations of a run amount to.

    closures: of those that no other one includes; files: real path of each resource file;
    patches: real path of each patch file → the kustomization that names it.
    """

    closures: tuple[Closure, ...]
    files: tuple[str, ...]
    patches: dict[str, str]


def follow(files: Iterable[tuple[str, str]], read: Reader) -> Found:
    """Follow kustomizations.

    files: (real path, display path) of the kustomization files of the run. `read` decides what
    may be read outside of them.
    """
    follower = _Follower(read)
    for real, shown in files:
        name = shown.rpartition("/")[0] or "."
        follower.roots[os.path.dirname(real)] = name
    closures = []
    for directory in follower.roots:
        closure = follower.closure(directory)
        if closure is not None:
            closures.append((directory, closure))
    outer = [c for directory, c in closures if directory not in follower.included]
    in_cycles = [c for directory, c in closures if directory in follower.cyclic]
    paths = dict.fromkeys("/".join(("", *m.parts)) for c in outer + in_cycles for m in c.members)
    return Found(
        tuple(outer + [c for c in in_cycles if c not in outer]), tuple(paths), follower.patches
    )


class _Follower:
    def __init__(self, read: Reader) -> None:
        self.roots: dict[str, str] = {}
        self.included: set[str] = set()
        self.cyclic: set[str] = set()
        self.patches: dict[str, str] = {}
        self._read = read
        self._known: dict[str, Kustomization | str] = {}

    def closure(self, directory: str) -> Closure | None:
        """The closure of one kustomization; None if its file is none (Flux has such a kind)."""
        found = self._load(directory)
        if found == "":
            return None
        name = self.roots[directory]
        if isinstance(found, str):
            return Closure(name, (), (found,))
        missing: list[str] = []
        gathered = self._gather(found, (), missing)
        members = tuple(Member(path_parts(path), tuple(layers)) for path, layers in gathered)
        if found.component:
            missing.append("it is a component, and nothing in the input includes it")
        return Closure(name, members, tuple(dict.fromkeys(missing)))

    def _gather(
        self, found: Kustomization, trail: tuple[str, ...], missing: list[str]
    ) -> list[tuple[str, list[Layer]]]:
        """(real path, layers) of each file below a kustomization; components see all before."""
        members: list[tuple[str, list[Layer]]] = []
        self._accumulate(found, (*trail, found.directory), members, missing)
        return members

    def _accumulate(
        self,
        found: Kustomization,
        trail: tuple[str, ...],
        members: list[tuple[str, list[Layer]]],
        missing: list[str],
    ) -> None:
        for entry in (*found.texts("resources"), *found.texts("bases")):
            if remote(entry):
                missing.append(f"{found.name} names the remote resource {entry}")
                continue
            path = os.path.realpath(os.path.join(found.directory, entry))
            if os.path.isdir(path):
                inner = self._enter(path, entry, found, trail, missing)
                if inner is not None:
                    members += self._gather(inner, trail, missing)
            elif self._read(path) is None:
                missing.append(f"{found.name} names {entry}, which is not in the input")
            else:
                members.append((path, []))
        for entry in found.texts("components"):
            if remote(entry):
                missing.append(f"{found.name} names the remote component {entry}")
                continue
            path = os.path.realpath(os.path.join(found.directory, entry))
            inner = self._enter(path, entry, found, trail, missing)
            if inner is not None:
                self._accumulate(inner, (*trail, path), members, missing)
        for field, what in _UNFOLLOWED.items():
            if found.fields.get(field):
                missing.append(f"{found.name} uses {what}")
        layer = layer_of(found, self._opener(found), missing)
        for _, layers in members:
            layers.append(layer)

    def _enter(
        self,
        directory: str,
        entry: str,
        parent: Kustomization,
        trail: tuple[str, ...],
        missing: list[str],
    ) -> Kustomization | None:
        if directory in trail:
            self.cyclic.add(trail[0])
            missing.append(f"{parent.name} includes itself by way of {entry}")
            return None
        found = self._load(directory)
        if isinstance(found, str):
            missing.append(found or f"{parent.name} names {entry}, which is no kustomization")
            return None
        self.included.add(directory)
        return found

    def _load(self, directory: str) -> Kustomization | str:
        """The kustomization of a directory, or why there is none."""
        held = self._known.get(directory)
        if held is None:
            held = self._known[directory] = self._parse(directory)
        return held

    def _parse(self, directory: str) -> Kustomization | str:
        name = self.roots.get(directory) or _shown(directory, self.roots)
        for file in KUSTOMIZATIONS:
            content = self._read(os.path.join(directory, file))
            if content is None:
                continue
            try:
                fields = read_fields(content, f"{name}/{file}")
            except DocumentError as error:
                place = f":{error.line}" if error.line else ""
                return f"{name}/{file}{place} cannot be read: {error.message}"
            if not is_kustomization(fields):
                return ""
            return Kustomization(directory, name, fields)
        return f"{name} holds no kustomization that could be read"

    def _opener(self, found: Kustomization) -> Opener:
        """Reads a file that a kustomization names as a patch: its documents, None if it cannot."""

        def opened(entry: str) -> list[Any] | None:
            path = os.path.realpath(os.path.join(found.directory, entry))
            self.patches.setdefault(path, found.name)
            content = self._read(path)
            if content is None:
                return None
            try:
                return plain_values(content, entry)
            except DocumentError:
                return None

        return opened


def _shown(directory: str, roots: dict[str, str]) -> str:
    """A directory outside of the input, as seen from one that is in it."""
    for root, name in roots.items():
        if not os.path.isabs(name):
            return os.path.normpath(os.path.join(name, os.path.relpath(directory, root)))
    return directory
