"""Where the documents of a text begin and end, and what kind each seems to be, without parsing.

A 2 MB install file costs only the documents that matter: boundaries are found by text search.
"""

from __future__ import annotations

import re
import sys
from functools import lru_cache

from kubectl_npcheck.manifests.source import line_breaks
from kubectl_npcheck.record import Record

_BLANKS = " \t\r\n\x85\u2028\u2029"


class Chunk(Record):
    """One document's part of a text: offsets, and the 1-based line at which it begins."""

    start: int
    end: int
    line: int


def split(text: str) -> list[Chunk]:
    """The documents of a text, blank ones left out.

    `---` at column 0 followed by a blank or the line's end begins a document, `...` ends one.
    Comments and directives that precede the first `---` belong to the document that it begins.
    JSON values that follow each other are one document each, as for kubectl.
    """
    chunks: list[Chunk] = []
    start, line = 0, 1
    for at in _boundaries(text):
        if at > start and not (_is_prelude(text, start, at, first=not chunks)):
            line = _add(chunks, text, start, at, line)
            start = at
    _add(chunks, text, start, len(text), line)
    return chunks


def sniff(text: str, chunk: Chunk) -> tuple[str, str]:
    """`apiVersion` and `kind` as they stand at column 0 of a document; "" where they do not."""
    return _top_level(text, chunk, "apiVersion:"), _top_level(text, chunk, "kind:")


def _add(chunks: list[Chunk], text: str, start: int, end: int, line: int) -> int:
    """Append the chunk unless it is blank; the line at which the next one begins."""
    body = text[start:end].strip(_BLANKS)
    if body not in ("", "---", "..."):
        if body[0] in "{[" and _adjacent_values().search(body):
            line_after = _add_stream(chunks, text, start, end, line)
            if line_after:
                return line_after
        chunks.append(Chunk(start, end, line))
    return line + line_breaks(text, start, end)


def _boundaries(text: str) -> list[int]:
    """Offsets at which a document may begin: at each `---` line, and after each `...` line."""
    if "\r" in text or not text.isascii():
        found = _markers().finditer(text)
        return [m.start() if m[0] == "---" else _break_after(text, m.end()) for m in found]
    marks = [0] if text.startswith(("---", "...")) else []
    for marker in ("\n---", "\n..."):
        at = text.find(marker)
        while at >= 0:
            marks.append(at + 1)
            at = text.find(marker, at + 3)
    bounds = []
    for at in sorted(marks):
        if text[at + 3 : at + 4] in ("", " ", "\t", "\n"):
            bounds.append(at if text[at] == "-" else _line_end(text, at + 3))
    return bounds


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _break_after(text: str, at: int, end: int = sys.maxsize) -> int:
    """The same for every kind of line break, `end` at most."""
    found = _breaks().search(text, at, end)
    return found.end() if found else min(end, len(text))


def _is_prelude(text: str, start: int, end: int, first: bool) -> bool:
    """True if a part before `---` holds only comments (start of the file) or also directives."""
    if text.startswith(("---", "..."), start) or not text.startswith("---", end):
        return False
    if text[start:end].lstrip(_BLANKS)[:1] not in ("", "#", "%"):
        return False
    directives = False
    while start < end:
        line = text[start : _break_after(text, start, end)]
        start += len(line)
        lead = line.strip(_BLANKS)[:1]
        if lead and lead != "#":
            if not line.startswith("%"):
                return False
            directives = True
    return directives or first


def _top_level(text: str, chunk: Chunk, key: str) -> str:
    start, end, _ = chunk
    if text.startswith(key, start):
        at = start
    else:
        at = text.find("\n" + key, start, end) + 1
        if not at:
            return ""
    at += len(key)
    stop = text.find("\n", at, end)
    value = text[at : stop if stop >= 0 else end].split(" #")[0].strip(_BLANKS)
    return value.strip("\"'")


def _add_stream(chunks: list[Chunk], text: str, start: int, end: int, line: int) -> int:
    """Append one chunk a JSON value; 0, and nothing appended, if the part is not such a stream."""
    from json import JSONDecoder

    decoder = JSONDecoder()
    found: list[Chunk] = []
    at, value_line = start, line
    while at < end:
        begin = at
        while begin < end and text[begin] in _BLANKS:
            begin += 1
        if begin == end:
            break
        try:
            _, stop = decoder.raw_decode(text[:end] if begin == at else text, begin)
        except (ValueError, RecursionError):
            return 0
        if stop > end:
            return 0
        value_line += line_breaks(text, at, begin)
        found.append(Chunk(begin, stop, value_line))
        value_line += line_breaks(text, begin, stop)
        at = stop
    chunks += found
    return line + line_breaks(text, start, end)


@lru_cache(maxsize=1)
def _breaks() -> re.Pattern[str]:
    return re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@lru_cache(maxsize=1)
def _markers() -> re.Pattern[str]:
    breaks = "\n\r\x85\u2028\u2029"
    return re.compile(rf"(?:^|(?<=[{breaks}]))(?:---|\.\.\.)(?=[ \t{breaks}]|\Z)")


@lru_cache(maxsize=1)
def _adjacent_values() -> re.Pattern[str]:
    return re.compile(r"[}\]]\s*[{\[]")
