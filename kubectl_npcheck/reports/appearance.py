"""How text looks: colour, width, and names that must not steer the terminal.

Knows nothing of findings. Whether there is a terminal is decided by the command line.
"""

from __future__ import annotations

from kubectl_npcheck.record import Record

CODES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "bold": "1",
    "dim": "2",
    "good": "32",
    "removed": "31",
}


class Appearance(Record):
    """What a format for humans needs to know of its reader.

    color:       paint with ANSI codes
    width:       columns of the terminal; None: never wrap
    fix_command: how the reader runs the repair, "" where there is no such command
    with_errors: list what could not be read (False where that goes to stderr anyway)
    made:        when the report is made (RFC 3339, UTC), "" where it should not say
    """

    color: bool = False
    width: int | None = None
    fix_command: str = ""
    with_errors: bool = True
    made: str = ""

    def paint(self, text: str, role: str) -> str:
        """The text in the colour of a role of CODES, or as it is."""
        return f"\x1b[{CODES[role]}m{text}\x1b[0m" if self.color else text


PLAIN = Appearance()
LONGEST = 500
"""Characters of a name or message that are shown; no real one is longer."""


def shown(text: str) -> str:
    """A name or message for humans: visible, and cut where a megabyte hides in a label."""
    if len(text) > LONGEST:
        return visible(text[:LONGEST]) + f"… ({len(text)} characters)"
    return visible(text)


def visible(text: str) -> str:
    r"""The text with what could steer a terminal made visible: ``\x1b``, ``\n``, ``\u202e``.

    Manifests are other people's files: a name may hold escape sequences, line breaks or
    characters that reverse the reading direction. Other Unicode stays.

    >>> visible("web\x1b[31m")
    'web\\x1b[31m'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    if character == "\n":
        return "\\n"
    if character == "\t":
        return "\\t"
    if character in "\u00a0\u3000":  # spaces of other widths: harmless
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def wrapped(text: str, indent: str, width: int | None) -> str:
    """The text indented, and broken at spaces to the width; continuation lines hang by two."""
    if width is None or len(indent) + len(text) <= width:
        return indent + text
    lines: list[str] = []
    current = indent
    empty = True
    for word in text.split(" "):
        if not empty and len(current) + 1 + len(word) > width:
            lines.append(current)
            current, empty = f"{indent}  ", True
        current += word if empty else f" {word}"
        empty = False
    lines.append(current)
    return "\n".join(lines)


def plural(count: int, noun: str) -> str:
    """`1 error`, `2 errors`, `0 policies`, `3 patches`."""
    if count == 1:
        return f"1 {noun}"
    if noun.endswith(("ch", "ss")):
        return f"{count} {noun}es"
    return f"{count} {noun[:-1]}ies" if noun.endswith("y") else f"{count} {noun}s"
