"""The text of one file: decoding, and where an offset stands in it. Knows no YAML.

Byte order marks and encodings are remembered, line ends are kept, so that an edit of the text
can be written back as the bytes that it came from.
"""

from __future__ import annotations

import codecs
from bisect import bisect_right

from kubectl_npcheck.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PRINTABLE_CONTROLS = "\t\n\r\x85"


class DocumentError(InputError):
    """A text that cannot be read. `line` and `column` are 1-based in the file, None if unknown."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


class Source:
    """One file's text.

    file:     display path
    parts:    components of the real path, file name last; () for stdin and rendered input
    text:     decoded, without byte order mark, line ends as in the file
    encoding: codec that gives the bytes back; bom: True if a byte order mark precedes them
    context:  True if the file is only reasoned with
    uneven:   True if YAML counts lines that an editor does not (or the reverse): U+0085, U+2028,
              U+2029 end a line for YAML 1.1 only
    """

    __slots__ = ("_starts", "bom", "context", "encoding", "file", "parts", "text", "uneven")

    def __init__(
        self,
        file: str,
        text: str,
        parts: tuple[str, ...] = (),
        context: bool = False,
        encoding: str = "utf-8",
        bom: bool = False,
    ) -> None:
        self.file = file
        self.text = text
        self.parts = parts
        self.context = context
        self.encoding = encoding
        self.bom = bom
        self.uneven = not text.isascii() and (
            "\u2028" in text or "\x85" in text or "\u2029" in text
        )
        self._starts: list[int] | None = None

    def encode(self, text: str) -> bytes:
        """The bytes of a changed text, in the encoding that the file has."""
        mark = next((mark for mark, codec in _MARKS if codec == self.encoding), b"")
        return (mark if self.bom else b"") + text.encode(self.encoding)

    def line_of(self, offset: int) -> int:
        """1-based line at an offset of the text; LF, CRLF and a lone CR end a line."""
        return bisect_right(self._line_starts(), offset)

    def position(self, offset: int) -> tuple[int, int]:
        """1-based line and column (code points) at an offset of the text."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def lines(self, first: int, last: int) -> list[str]:
        """The text of the lines from first to last (1-based), without their line ends."""
        starts = [*self._line_starts(), len(self.text)]
        return [
            self.text[starts[line - 1] : starts[line]].rstrip("\r\n")
            for line in range(max(first, 1), min(last, len(starts) - 1) + 1)
        ]

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            self._starts = _line_starts(self.text)
        return self._starts

    def __repr__(self) -> str:
        return f"Source({self.file})"


def decode(content: bytes, file: str, parts: tuple[str, ...] = (), context: bool = False) -> Source:
    """The text of a file's bytes.

    Encodings are told by their byte order mark, else by where the zero bytes stand (YAML 1.2,
    section 5.2), else it is UTF-8. Raises DocumentError for what is no text, naming the place.
    """
    codec, bom = "utf-8", b""
    for mark, name in _MARKS:
        if content.startswith(mark):
            codec, bom = name, mark
            break
    else:
        if b"\0" in content[:4]:
            codec = _codec_of_zeros(content[:4])
    try:
        text = content[len(bom) :].decode(codec)
    except UnicodeDecodeError as error:
        raise _undecodable(content[len(bom) :], codec, error) from None
    if "\0" in text:
        line, column = Source(file, text).position(text.index("\0"))
        raise DocumentError("a binary file, not text (zero byte)", line, column)
    return Source(file, text, parts, context, codec, bool(bom))


def line_breaks(text: str, start: int, end: int) -> int:
    """Number of line breaks (LF, CRLF, lone CR) between two offsets."""
    count = text.count("\n", start, end)
    if text.find("\r", start, end) >= 0:
        count += text.count("\r", start, end) - text.count("\r\n", start, end)
    return count


def _codec_of_zeros(head: bytes) -> str:
    zeros = tuple(byte == 0 for byte in head)
    if zeros[:3] == (True, True, True):
        return "utf-32-be"
    if zeros[1:] == (True, True, True):
        return "utf-32-le"
    if zeros[:2] == (True, False):
        return "utf-16-be"
    return "utf-16-le" if zeros[:2] == (False, True) else "utf-8"


def _undecodable(content: bytes, codec: str, error: UnicodeDecodeError) -> DocumentError:
    before = Source("", content[: error.start].decode(codec, "replace"))
    line, column = before.position(len(before.text))
    if b"\0" in content and codec == "utf-8":
        return DocumentError("a binary file, not text (zero byte)", line, column)
    name = codec.upper().removesuffix("-LE").removesuffix("-BE")
    byte = content[error.start]
    remedy = "; save the file as UTF-8" if codec == "utf-8" else ""
    return DocumentError(f"byte 0x{byte:02x} is not valid {name}{remedy}", line, column)


def _line_starts(text: str) -> list[int]:
    starts = [0]
    at = text.find("\n")
    if text.count("\r") == text.count("\r\n"):
        while at >= 0:
            starts.append(at + 1)
            at = text.find("\n", at + 1)
        return starts
    for index, char in enumerate(text):
        if char == "\n" or (char == "\r" and text[index + 1 : index + 2] != "\n"):
            starts.append(index + 1)
    return starts
