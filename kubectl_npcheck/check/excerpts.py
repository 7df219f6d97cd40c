"""The lines of a manifest around a finding. Nothing is looked up before a format asks."""

from __future__ import annotations

from collections.abc import Sequence

from kubectl_npcheck.findings import Location
from kubectl_npcheck.manifests.source import Source

BEFORE = 4
AFTER = 3


class Excerpts:
    """Gives the lines around a place, from the texts that a run has read."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._by_file: dict[str, Source] | None = None

    def __call__(self, location: Location) -> list[tuple[int, str]]:
        """The lines with their numbers; [] for a file that is not among the texts.

        The document's other parts are left to the reader: a marker ends the excerpt.
        """
        if self._by_file is None:
            self._by_file = {source.file: source for source in self._sources}
        source = self._by_file.get(location.file)
        if source is None:
            return []
        first = max(location.line - BEFORE, 1)
        lines = list(enumerate(source.lines(first, location.end_line + AFTER), first))
        begin = [at for at, text in lines if _is_marker(text) and at < location.line]
        end = [at for at, text in lines if _is_marker(text) and at > location.end_line]
        after, before = max(begin, default=0), min(end, default=lines[-1][0] + 1 if lines else 0)
        return [line for line in lines if after < line[0] < before]


def _is_marker(text: str) -> bool:
    """Whether a line begins another document, as the text is split (`manifests.split`)."""
    return text.startswith("---") and text[3:4] in ("", " ", "\t")
