"""The lines of a text: where they begin and end, their indentation and line breaks. Knows no YAML.

A line ends where YAML 1.1 ends it: LF, CRLF, a lone CR, and U+0085, U+2028, U+2029.
"""

from __future__ import annotations

BREAKS = "\n\r\x85\u2028\u2029"
BLANKS = " \t" + BREAKS


class Lines:
    """Questions to a text, by offset."""

    __slots__ = ("_breaks", "_simple", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._breaks = [mark for mark in BREAKS if mark in text]
        self._simple = self._breaks == ["\n"]

    @property
    def several(self) -> bool:
        """Whether there is more than one line."""
        return bool(self._breaks)

    def start(self, at: int) -> int:
        """Offset at which the line of an offset begins."""
        if self._simple:
            return self.text.rfind("\n", 0, at) + 1
        return max((self.text.rfind(mark, 0, at) for mark in self._breaks), default=-1) + 1

    def end(self, at: int) -> int:
        """Offset at which the line of an offset ends, before its line break."""
        if self._simple:
            end = self.text.find("\n", at)
            return end if end >= 0 else len(self.text)
        found = [self.text.find(mark, at) for mark in self._breaks]
        return min((end for end in found if end >= 0), default=len(self.text))

    def following(self, at: int) -> int:
        """Offset of the line after that of an offset; the text's end where there is none."""
        end = self.end(at)
        return end + (2 if self.text.startswith("\r\n", end) else 1 if end < len(self.text) else 0)

    def end_before(self, at: int) -> int:
        """Offset at which the line before that of an offset ends; 0 where there is none."""
        start = self.start(at)
        return max(start - (2 if self.text[start - 2 : start] == "\r\n" else 1), 0)

    def lead(self, at: int) -> str:
        """The blanks that the line of an offset begins with."""
        start = self.start(at)
        return self.text[start : self.skip(start, " \t")]

    def column(self, at: int) -> int:
        """0-based column of an offset, in code points."""
        return at - self.start(at)

    def begins(self, at: int) -> bool:
        """Whether only blanks precede an offset in its line."""
        return not self.text[self.start(at) : at].strip(" \t")

    def skip(self, at: int, chars: str) -> int:
        """The first offset from one on at which none of some characters stands."""
        text = self.text
        while at < len(text) and text[at] in chars:
            at += 1
        return at

    def back(self, at: int, chars: str) -> int:
        """The last offset up to one before which none of some characters stands."""
        text = self.text
        while at and text[at - 1] in chars:
            at -= 1
        return at

    def eol(self, at: int) -> str:
        """The line break (LF, CRLF, CR) of an offset's line, or of the nearest one; else LF."""
        if not self._breaks:
            return "\n"
        end = self.end(at)
        before = self.text[self.end_before(at) : self.start(at)] if self.start(at) else ""
        for mark in (self.text[end : self.following(at)], before):
            if mark in ("\n", "\r", "\r\n"):
                return mark
        for mark in ("\r\n", "\n", "\r"):
            if mark in self.text:
                return mark
        return "\n"
