"""What is wrong with a YAML text, in words that help. Knows the wording of libyaml and PyYAML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kubectl_npcheck.pyyaml import yaml

Where = Callable[[int], "tuple[int, int]"]
"""Line and column in the file of an offset in the text."""

Complaint = tuple[str, int]

_CONFLICT = ("<<<<<<< ", "=======\n", ">>>>>>> ", "||||||| ")
_QUOTE_IT = "put the value in quotes"


def complaint(error: yaml.YAMLError, text: str, where: Where) -> Complaint:
    """One line on why a text cannot be read, and the offset in the text it is about."""
    conflict = _conflict(text)
    if conflict >= 0:
        return "a merge conflict is not resolved here", conflict
    if isinstance(error, yaml.MarkedYAMLError):
        return _marked(error, text, where)
    if isinstance(error, yaml.reader.ReaderError):
        index = min(error.position or 0, max(len(text) - 1, 0))
        if "characters are not allowed" in str(error.reason) and text:
            return f"a control character (U+{ord(text[index]):04X}) is not allowed here", index
        return str(error.reason), index
    return str(error).split("\n")[0] or "not valid YAML", 0


def _conflict(text: str) -> int:
    """Offset of a version control system's conflict marker; -1 without one."""
    at = 0 if text.startswith(_CONFLICT[0]) else text.find("\n" + _CONFLICT[0]) + 1
    if at == 0 and not text.startswith(_CONFLICT[0]):
        return -1
    return at if any("\n" + marker in text for marker in _CONFLICT[1:]) else -1


def _marked(error: yaml.MarkedYAMLError, text: str, where: Where) -> Complaint:
    mark: Any = error.problem_mark or error.context_mark
    opened: Any = error.context_mark
    at = min(mark.index, len(text)) if mark else 0
    begin = opened.index if opened else at
    problem = error.problem or error.context or "not valid YAML"
    char = text[at : at + 1]
    if "tab character" in problem or (char == "\t" and "start any token" in problem):
        return "a tab is used for indentation; YAML wants spaces", at
    if "unexpected end of stream" in problem or "unexpected document indicator" in problem:
        return f"the {text[begin : begin + 1]} opened here is not closed", begin
    if "start any token" in problem:
        return f"`{char}` cannot begin a value; {_QUOTE_IT}", at
    if "',' or" in problem:
        return _unclosed(text, begin, at, where)
    if "mapping values" in problem:
        return _second_colon(text, at)
    if "expected ':'" in problem:
        return "a key without `: ` after it, or text that belongs in quotes", begin
    if "sequence entries" in problem:
        return "a list cannot begin on its key's line; put `- ` on a line of its own", at
    for wording, meaning in _MEANINGS:
        if wording in problem:
            return meaning, at
    if "expected key" in problem or "<block end>" in problem or "'-' indicator" in problem:
        return _misplaced(text, begin, at, where)
    return problem, at


_MEANINGS = (
    ("alphabetic or numeric", f"`*` and `&` have a meaning in YAML; {_QUOTE_IT}"),
    ("alphabetic or digit", f"`*` and `&` have a meaning in YAML; {_QUOTE_IT}"),
    ("escape character", "an escape that YAML does not know; use single quotes, or `\\\\`"),
    ("escape code", "an escape that is not a Unicode character"),
    ("hexdecimal", "an escape with too few hexadecimal digits"),
    ("hexadecimal", "an escape with too few hexadecimal digits"),
    ("tag handle", "a tag (`!…!`) that is not declared"),
    ("document start>", "text after the end of the document; is a `---` missing?"),
    ("comment or line break", "text after `|` or `>`; it begins on the next line"),
    ("chomping or indentation", "text after `|` or `>`; it begins on the next line"),
    ("node content", "a value is missing here, or this character belongs in quotes"),
    ("directive", "an unknown directive (a line that begins with `%`)"),
    ("incompatible YAML", "a YAML version that is not known; 1.1 and 1.2 are"),
)


def _unclosed(text: str, begin: int, at: int, where: Where) -> Complaint:
    bracket = text[begin : begin + 1]
    closing = "]" if bracket == "[" else "}"
    line, column = where(begin)
    return f"`,` or `{closing}` expected: {bracket} opened at line {line}, column {column}", at


def _second_colon(text: str, at: int) -> Complaint:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    if ": " in line or line.rstrip().endswith(":"):
        return f"a second `: ` in one line; {_QUOTE_IT}", at
    return "wrong indentation: the line above has a value already", at


def _misplaced(text: str, begin: int, at: int, where: Where) -> Complaint:
    if text[text.rfind("\n", 0, at) + 1 : at].strip():
        return f"unexpected text after a value; {_QUOTE_IT}, or remove this", at
    kind = "list" if text.startswith("- ", begin) or text.startswith("-\n", begin) else "mapping"
    line, _ = where(begin)
    return f"wrong indentation: this does not continue the {kind} that begins at line {line}", at
