"""How far a long run is, on stderr, where that is a terminal."""

from __future__ import annotations

import sys
import threading

CLEAR = "\r\x1b[K"


class Progress:
    """One line that is written over and over, and is gone at the end."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()
        self._on = sys.stderr.isatty()

    def show(self, what: str, count: int) -> None:
        """So many objects of a kind were read; may be called from several threads."""
        if not self._on:
            return
        with self._lock:
            self._counts[what] = count
            said = ", ".join(f"{number} {name}" for name, number in self._counts.items())
            self._write(f"{CLEAR}reading: {said}"[:110])

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
