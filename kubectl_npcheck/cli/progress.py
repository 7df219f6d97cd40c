"""How far a long run is, on stderr, where that is a terminal."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

from kubectl_npcheck.reports.appearance import visible

CLEAR = "\r\x1b[K"


class Progress:
    """One line that is written over and over, and is gone at the end. doing: how it begins."""

    def __init__(self, doing: str = "reading") -> None:
        self._doing = doing
        self._counts: dict[str, dict[str, int]] = {}
        self._lock = threading.Lock()
        self._on = sys.stderr.isatty()

    def show(self, what: str, count: int) -> None:
        """So many objects of a kind were read; may be called from several threads."""
        self._show("", what, count)

    def of(self, cluster: str) -> Callable[[str, int], None]:
        """`show` for one of several clusters; the line names how many objects each has given."""
        return lambda what, count: self._show(cluster, what, count)

    def _show(self, cluster: str, what: str, count: int) -> None:
        if not self._on:
            return
        with self._lock:
            self._counts.setdefault(cluster, {})[what] = count
            self._write(f"{CLEAR}{self._doing}: {self._said()}"[:110])

    def _said(self) -> str:
        alone = self._counts.get("")
        if alone is not None:
            return ", ".join(f"{number} {name}" for name, number in alone.items())
        return ", ".join(
            f"{visible(cluster)} ({sum(counts.values())})"
            for cluster, counts in self._counts.items()
        )

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._on and self._counts:
            self._write(CLEAR)

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):
            self._on = False
