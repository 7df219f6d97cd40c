"""Changed texts as a unified diff that `git apply` and `patch -p1` take.

A line ends with LF, as it does for git; CRLF and lone CR stay in the lines.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from kubectl_npcheck.repairs import Rewritten
from kubectl_npcheck.reports.appearance import PLAIN, Appearance

CONTEXT = 3
ROLES = {"+": "good", "-": "removed"}
NO_NEWLINE = "\\ No newline at end of file"


class Piece(NamedTuple):
    """Lines `start` to `end` (0-based, end exclusive) of the old text become `new`."""

    start: int
    end: int
    new: list[str]


def render(files: Sequence[Rewritten], appearance: Appearance = PLAIN) -> str:
    """The diff of all files, one after the other; "" if nothing changes."""
    return "".join(_file(file, appearance) for file in files)


def _file(file: Rewritten, appearance: Appearance) -> str:
    mark = "\ufeff" if file.bom and file.encoding == "utf-8" else ""
    old = _lines(mark + file.old)
    note = "" if file.encoding == "utf-8" else f"# {file.file} is {file.encoding}, shown as UTF-8\n"
    lines = [
        appearance.paint(f"--- {_name('a', file.file)}", "bold"),
        appearance.paint(f"+++ {_name('b', file.file)}", "bold"),
    ]
    shift = 0
    for hunk in _hunks(_pieces(old, file)):
        lines += _hunk(old, hunk, shift, appearance)
        shift += sum(len(piece.new) - (piece.end - piece.start) for piece in hunk)
    return note + "\n".join(lines) + "\n"


def _lines(text: str) -> list[str]:
    """The lines with their ends; the last one may have none."""
    lines = text.split("\n")
    last = lines.pop()
    lines = [f"{line}\n" for line in lines]
    return [*lines, last] if last else lines


def _pieces(old: list[str], file: Rewritten) -> list[Piece]:
    """The lines that the edits touch, and what becomes of them, without what stays the same."""
    starts = list(accumulate(map(len, _lines(file.old)), initial=0))
    last = max(len(old) - 1, 0)
    pieces: list[Piece] = []
    touched: list[list[int]] = []  # first line, last line, first edit, last edit
    for number, (start, end, _) in enumerate(file.edits):
        first = min(bisect_right(starts, start) - 1, last)
        until = min(bisect_right(starts, end) - 1, last)
        if touched and first <= touched[-1][1]:
            touched[-1][1], touched[-1][3] = max(until, touched[-1][1]), number
        else:
            touched.append([first, until, number, number])
    for first, until, begin, stop in touched:
        new = _changed(file, starts[first], starts[until + 1], file.edits[begin : stop + 1])
        if not first and old and old[0].startswith("\ufeff"):
            new = "\ufeff" + new
        pieces += _differing(first, old[first : until + 1], _lines(new))
    return pieces


def _changed(file: Rewritten, start: int, end: int, edits: Sequence[tuple[int, int, str]]) -> str:
    parts = []
    for first, until, text in edits:
        parts += [file.old[start:first], text]
        start = until
    return "".join([*parts, file.old[start:end]])


def _differing(first: int, old: list[str], new: list[str]) -> list[Piece]:
    """What is between the lines that are the same at the beginning and at the end."""
    shorter = min(len(old), len(new))
    above = 0
    while above < shorter and old[above] == new[above]:
        above += 1
    below = 0
    while below < shorter - above and old[-1 - below] == new[-1 - below]:
        below += 1
    end, kept = len(old) - below, new[above : len(new) - below]
    return [Piece(first + above, first + end, kept)] if kept or above < end else []


def _hunks(pieces: list[Piece]) -> list[list[Piece]]:
    hunks: list[list[Piece]] = []
    for piece in pieces:
        if hunks and piece.start - hunks[-1][-1].end <= 2 * CONTEXT:
            hunks[-1].append(piece)
        else:
            hunks.append([piece])
    return hunks


def _hunk(old: list[str], hunk: list[Piece], shift: int, appearance: Appearance) -> list[str]:
    start = max(hunk[0].start - CONTEXT, 0)
    end = min(hunk[-1].end + CONTEXT, len(old))
    lines: list[str] = []
    at = start
    for piece in hunk:
        lines += [f" {line}" for line in old[at : piece.start]]
        lines += [f"-{line}" for line in old[piece.start : piece.end]]
        lines += [f"+{line}" for line in piece.new]
        at = piece.end
    lines += [f" {line}" for line in old[at:end]]
    count = end - start
    new_count = count + sum(len(piece.new) - (piece.end - piece.start) for piece in hunk)
    head = f"@@ -{_range(start, count)} +{_range(start + shift, new_count)} @@"
    shown = [appearance.paint(head, "note")]
    for line in lines:
        role = ROLES.get(line[0])
        text = line.removesuffix("\n")
        shown.append(appearance.paint(text, role) if role else text)
        if not line.endswith("\n"):
            shown.append(NO_NEWLINE)
    return shown


def _range(start: int, count: int) -> str:
    """Of an empty range, the line before it counts."""
    first = start + 1 if count else start
    return str(first) if count == 1 else f"{first},{count}"


def _name(side: str, file: str) -> str:
    """`a/FILE` as git writes it: quoted where it holds a quote or a control character."""
    path = f"{side}/{file.lstrip('/')}"
    if any(c in '"\\' or not c.isprintable() for c in path):
        quoted = "".join(_quoted(c) for c in path)
        return f'"{quoted}"'
    return f"{path}\t" if " " in path else path


def _quoted(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))
