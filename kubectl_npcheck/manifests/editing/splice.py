"""Edits of a text: pieces cut out and put in, everything else byte by byte as it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace `start` to `end` (offsets in the file's text) by `text`."""

    start: int
    end: int
    text: str


class Refused(Exception):  # noqa: N818 (an outcome that is reported, not a failure)
    """The text cannot be edited without risk. `line` is 1-based in the file, None if unknown."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def arranged(edits: Iterable[Edit]) -> list[Edit]:
    """The edits sorted; insertions at one place become one, in the order in which they came.

    Raises Refused where two of them would change the same text.
    """
    result: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: edit[:2]):
        if edit.start == edit.end and not edit.text:
            continue
        if result and edit.start < result[-1].end:
            raise Refused("two changes touch the same text")
        if result and edit.start == result[-1].end:
            first = result.pop()
            edit = Edit(first.start, edit.end, first.text + edit.text)
        result.append(edit)
    return result


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with sorted edits that do not overlap made, from the end backwards."""
    pieces: list[str] = []
    end = len(text)
    for edit in reversed(edits):
        pieces += (text[edit.end : end], edit.text)
        end = edit.start
    pieces.append(text[:end])
    return "".join(reversed(pieces))
