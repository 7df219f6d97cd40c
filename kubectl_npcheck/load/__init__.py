"""Paths and options → `Loaded`: the only place where reading and meaning are wired together.

Two passes over the bytes: as long as no input holds the word NetworkPolicy, nothing is parsed and
no context is read. Afterwards, each file's documents are sniffed, and only those that matter are
parsed (workloads of the context only where a policy may ask for them); their plain data is dropped
as soon as the model stands.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from kubectl_npcheck.errors import InputError
from kubectl_npcheck.findings import Counts, ReadError, Skipped
from kubectl_npcheck.manifests.discover import (
    File,
    Files,
    is_open_pipe,
    mentions_policy,
    surroundings,
)
from kubectl_npcheck.manifests.exclude import excluder
from kubectl_npcheck.manifests.paths import KUSTOMIZATIONS, reason
from kubectl_npcheck.manifests.source import Source
from kubectl_npcheck.policy.inventory import Inventory
from kubectl_npcheck.record import Record

if TYPE_CHECKING:
    from kubectl_npcheck.load.collect import Gathered
    from kubectl_npcheck.manifests.document import Document
    from kubectl_npcheck.manifests.kustomize import Found

STDIN = "-"
_HELD_BYTES = 1 << 26


class Request(Record):
    """What to read.

    paths:     files and directories, `-` for standard input; none (and nothing to render): `.`
    kustomize: directories to render with the user's own kubectl
    charts:    directories to render with the user's own helm, all with the files `values`
    context:   further paths to reason with and not to report on
    alone:     no context but the one named, and no closure followed outside of the paths
    exclude:   globs of files below named directories, relative to the directory `root`
    for_fix:   the repository around named directories is context too
    stdin:     reads standard input; for tests and for library use
    replaced:  by real path, bytes to read in the place of a file's: what a fix would write
    known:     what a former run gathered (`Loaded.gathered`); of files that are not replaced it
               is taken over, so that only the new texts are parsed again
    """

    paths: tuple[str, ...] = ()
    kustomize: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    recursive: bool = True
    context: tuple[str, ...] = ()
    alone: bool = False
    namespace: str | None = None
    exclude: tuple[str, ...] = ()
    root: str = "."
    for_fix: bool = False
    stdin: Callable[[], bytes] | None = None
    replaced: Mapping[str, bytes] = {}
    known: Mapping[str, Gathered] = {}

    @property
    def renders(self) -> bool:
        """Whether there is anything to render."""
        return bool(self.kustomize or self.charts)


class Loaded(Record):
    """What a run read.

    sources:   the texts of all files that were parsed, in the input's order
    documents: for a repair, by file and offset, the documents that are not context, with their
               plain data
    gathered:  for a repair, what each file gave, by its real path
    named:     the files that the request names or that lie below what it names, as shown
    """

    inventory: Inventory
    skipped: Sequence[Skipped]
    errors: Sequence[ReadError]
    counts: Counts
    sources: Sequence[Source]
    documents: Mapping[str, Mapping[int, Document]] = {}
    gathered: Mapping[str, Gathered] = {}
    named: Sequence[str] = ()


def load(request: Request) -> Loaded:
    """Read all inputs. What cannot be read is in `errors`; never raises for an input's content."""
    reading = _Reading(request)
    reading.list_inputs()
    if not reading.any_policy:
        counts = Counts(reading.named, 0, 0, 0)
        named = reading.named_files()
        files = reading.files
        return Loaded(Inventory(), files.skipped, files.errors, counts, [], named=named)
    return reading.parse()


class _Reading:
    """One run's way from paths to objects."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.known = {
            real: item for real, item in request.known.items() if real not in request.replaced
        }
        self.files = Files(excluder(request.exclude, request.root), request.replaced)
        self.streams: list[tuple[str, str | None, bytes]] = []
        self.any_policy = False
        self.named = 0
        self._held = 0

    def list_inputs(self) -> None:
        """First pass: the named inputs' bytes, and whether any of them mentions a policy."""
        request = self.request
        paths = request.paths or (() if request.renders else (".",))
        for path in dict.fromkeys(paths):
            if path == STDIN:
                self._read_stdin()
            elif not request.for_fix and is_open_pipe(path):
                self._read_pipe(path)
            else:
                self.files.add_path(path, request.recursive)
        if request.renders:
            self._render()
        self._read_from(0)
        self.named = len(self.files.files) + len(self.streams)

    def _read_from(self, start: int) -> None:
        """Read the files from an index on; those that cannot be read are taken off the list."""
        kept = self.files.files[:start]
        for file in self.files.files[start:]:
            if file.real in self.known:  # what it gave is taken over, its bytes are not needed
                kept.append(file)
                continue
            content = self.files.read(file)
            if content is None:
                continue
            kept.append(file)
            if not file.context and not self.any_policy:
                self.any_policy = mentions_policy(content)
            self._held += len(content)
            if self._held < _HELD_BYTES:
                file.content = content
        self.files.files[:] = kept

    def _read_stdin(self) -> None:
        content = (self.request.stdin or standard_input)()
        if not content.strip():
            message = "standard input is empty"
            self.files.errors.append(ReadError("<stdin>", None, None, message))
            return
        self.streams.append(("standard input", "<stdin>", content))
        self.any_policy = self.any_policy or mentions_policy(content)

    def _read_pipe(self, path: str) -> None:
        """Read what the shell's `<(…)` hands over: a stream like standard input, under its name."""
        try:
            with open(path, "rb") as stream:
                content = stream.read()
        except OSError as error:
            self.files.errors.append(ReadError(path, None, None, reason(error)))
            return
        self.streams.append((path, path, content))
        self.any_policy = self.any_policy or mentions_policy(content)

    def _render(self) -> None:
        """Read what kustomizations and charts render to."""
        from functools import partial

        from kubectl_npcheck.manifests.render import helm, kustomize

        request = self.request
        for directory in request.kustomize:
            self._add_rendered(directory, partial(kustomize, directory))
        for chart in request.charts:
            self._add_rendered(chart, partial(helm, chart, request.values, request.namespace))

    def _add_rendered(self, directory: str, render: Callable[[], bytes]) -> None:
        try:
            content = render()
        except InputError as error:
            self.files.errors.append(ReadError(directory, None, None, str(error)))
            return
        self.streams.append((directory, None, content))
        self.any_policy = self.any_policy or mentions_policy(content)

    def named_files(self) -> list[str]:
        """What was named and could be read, as shown; rendered text has no name."""
        files = [file.file for file in self.files.files if not file.context]
        return files + [shown for _, shown, _ in self.streams if shown is not None]

    def parse(self) -> Loaded:
        """Second pass: context, closures, documents, objects, units."""
        from kubectl_npcheck.load.collect import Collector
        from kubectl_npcheck.policy.units import Stream, build

        self._add_context()
        found = self._closures()
        patches, closures = (found.patches, found.closures) if found else ({}, ())
        request = self.request
        collector = Collector(
            request.namespace, patches, self.files.errors, closures, request.for_fix, self.known
        )
        for file in self.files.files:
            content = b"" if file.real in self.known else self._content(file)
            if content is not None:
                collector.add_file(file, content)
        gathered = [collector.take()]
        for _, shown, content in self.streams:
            collector.add_stream(shown, content)
            gathered.append(collector.take())
        objects, *streamed = collector.settled(gathered)
        names = [name for name, _, _ in self.streams]
        streams = [Stream(*pair) for pair in zip(names, streamed, strict=True)]
        inventory = build(objects, closures, streams)
        collector.skip_patched(inventory)
        counts = Counts(
            self.named,
            collector.files_with_policies,
            collector.policies,
            0,
            tuple(collector.unread),
        )
        return Loaded(
            inventory,
            [*self.files.skipped, *collector.skipped],
            self.files.errors,
            counts,
            collector.sources,
            collector.documents,
            collector.gathered,
            self.named_files(),
        )

    def _add_context(self) -> None:
        request = self.request
        start = len(self.files.files)
        for path in request.context:
            self.files.add_path(path, context=True)
        if not request.alone:
            named = [path for path in request.paths if path != STDIN]
            if not request.paths and not request.renders:
                named = ["."]
            for directory, recursive in surroundings(named, request.for_fix):
                self.files.add_tree(directory, recursive, context=True)
        self._read_from(start)

    def _closures(self) -> Found | None:
        """Follow the kustomizations of the run; the files reached so join as context."""
        roots = [
            (file.real, file.file)
            for file in self.files.files
            if file.real.endswith(KUSTOMIZATIONS) and file.parts[-1] in KUSTOMIZATIONS
        ]
        if not roots:
            return None
        from kubectl_npcheck.manifests.kustomize import follow

        known = {file.real: file for file in self.files.files}

        def read(real: str) -> bytes | None:
            file = known.get(real)
            if file is None:
                if self.request.alone or not os.path.isfile(real):
                    return None
                file = self.files.add_file(_shown(real, self.request.paths), real)
                known[real] = file
            return file.content if file.content is not None else self.files.read(file)

        return follow(roots, read)

    def _content(self, file: File) -> bytes | None:
        content = file.content
        file.content = None
        return self.files.read(file) if content is None else content


def _shown(real: str, paths: Sequence[str]) -> str:
    """A file that a kustomization reaches, shown relative unless the paths are absolute."""
    if any(os.path.isabs(path) for path in paths):
        return real
    return os.path.relpath(real, os.path.realpath(".")).replace(os.sep, "/")


def standard_input() -> bytes:
    """All of standard input."""
    import sys

    return sys.stdin.buffer.read()
