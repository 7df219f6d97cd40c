"""Suppression comments: `# npcheck: ignore[rule, …] reason`. Knows no rules and judges none.

A comment on a line of its own, before its object's `metadata:`, speaks for the whole object; one
at the end of a line speaks for that line. Text in strings and block scalars is no comment: the
scanner's token bounds tell.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kubectl_npcheck.manifests.compose import scan
from kubectl_npcheck.manifests.document import Chunk, Document, parse
from kubectl_npcheck.manifests.positions import find, node_end
from kubectl_npcheck.manifests.relevance import MARKER
from kubectl_npcheck.manifests.wrappers import objects_of
from kubectl_npcheck.origin import Path
from kubectl_npcheck.pyyaml import ScalarToken, yaml
from kubectl_npcheck.record import Record

_FORM = "write `# npcheck: ignore[rule] reason`"


class Suppression(Record):
    """One comment.

    line, column: where it stands in the file
    rules:        ids as written; empty if the comment is not understood
    prefix:       path of the object that it speaks for; None: only for findings on its line
    reason:       what follows the brackets
    problem:      "" or what is wrong with the comment: it then suppresses nothing
    """

    line: int
    column: int
    rules: frozenset[str]
    prefix: Path | None
    reason: str
    problem: str = ""

    def covers(self, rule: str, line: int, prefix: Path) -> bool:
        """Whether it suppresses a rule's finding on a line of the file, in the object at prefix."""
        if self.problem or rule not in self.rules:
            return False
        if self.prefix is None:
            return line == self.line
        return prefix[: len(self.prefix)] == self.prefix


class _Scope(Record):
    """Offsets between which a comment on a line of its own speaks for the object at prefix."""

    start: int
    end: int
    prefix: Path


def suppressions(document: Document) -> list[Suppression]:
    """The suppression comments of a document, in order, those that are not understood included."""
    text = document.text
    if MARKER not in text:
        return []
    scopes: list[_Scope] | None = None
    found = []
    for match in _comments(text):
        rules, reason, problem = _read(match[1])
        prefix: Path | None = None
        if _own_line(text, match.start()):
            if scopes is None:
                scopes = _scopes(document)
            at = match.start()
            prefix = next((s.prefix for s in scopes if s.start <= at < s.end), None)
            if prefix is None and not problem:
                problem = "has no effect here: move it above `metadata:`, or to the finding's line"
        line, column = document.source.position(document.start + match.start())
        found.append(Suppression(line, column, rules, prefix, reason, problem))
    return found


def _comments(text: str) -> list[re.Match[str]]:
    """Matches of the marker that stand in a comment."""
    matches = list(_marked().finditer(text))
    if not matches:
        return []
    try:
        scalars = [token for token in scan(text) if isinstance(token, ScalarToken)]
    except yaml.YAMLError:  # JSON that only a JSON parser reads: it has no comments
        return []
    return [m for m in matches if not any(_inside(m.start(), token, text) for token in scalars)]


def _inside(offset: int, token: ScalarToken, text: str) -> bool:
    start, end = token.start_mark.index, token.end_mark.index
    if not start <= offset < end:
        return False
    header = token.style in ("|", ">") and not _breaks().search(text, start, offset)
    return not header  # `key: |  # comment`


def _own_line(text: str, offset: int) -> bool:
    """Whether only blanks, another comment, or the dashes of a marker or an item precede."""
    lead = _breaks().split(text[:offset])[-1].lstrip(" \t\ufeff-")
    return lead == "" or lead.startswith("#")


def _read(comment: str) -> tuple[frozenset[str], str, str]:
    """Rules, reason and problem of the text after `npcheck:`."""
    match = _ignore().match(comment)
    if match is None:
        named = comment.split()[:1] == ["ignore"]
        return frozenset(), "", f"{'names no rule' if named else 'is not understood'}: {_FORM}"
    rules = frozenset(part.strip() for part in match[1].split(",") if part.strip())
    reason = match[2].strip().lstrip("-–—: ").strip()
    return rules, reason, "" if rules else f"names no rule: {_FORM}"


def _scopes(document: Document) -> list[_Scope]:
    """Where comments speak for the document's value, and for each object that it wraps."""
    text = document.text
    scopes = []
    heads = [len(text)]
    for _, path in objects_of(_value(document)):
        if not path:
            continue
        place = find(document, path)
        if place is None or place.found < len(path):
            continue
        wrapper, index = path[:-1], int(path[-1])
        before = _before(document, wrapper, index, text)
        start = place.node.start_mark.index
        scopes.append(_Scope(before, _head_end(document, path) or start, path))
        heads.append(_key_start(document, wrapper) or start)
    scopes.append(_Scope(0, min(_head_end(document, ()) or len(text), *heads, len(text)), ()))
    return scopes


def _value(document: Document) -> object:
    """The plain data; read once more where it was dropped to save memory."""
    if document.value is not None:
        return document.value
    chunk = Chunk(document.start, document.end, document.first_line)
    again = parse(document.source, chunk)
    return None if again is None else again.value


def _before(document: Document, wrapper: Path, index: int, text: str) -> int:
    """End of what precedes an item of a list: the item before it, or the list's key."""
    if index:
        place = find(document, (*wrapper, index - 1))
        if place is not None and place.found == len(wrapper) + 1:
            return node_end(place.node, text)
    place = find(document, wrapper)
    return int(place.key.end_mark.index) if place is not None and place.key is not None else 0


def _head_end(document: Document, path: Path) -> int | None:
    """Where an object's `metadata:` begins; None if it has none."""
    return _key_start(document, (*path, "metadata"))


def _key_start(document: Document, path: Path) -> int | None:
    place = find(document, path)
    if place is None or place.found < len(path) or place.key is None:
        return None
    return int(place.key.start_mark.index)


@lru_cache(maxsize=1)
def _marked() -> re.Pattern[str]:
    return re.compile(r"#[ \t]*npcheck:((?:(?!#[ \t]*npcheck:)[^\n\r\x85\u2028\u2029])*)")


@lru_cache(maxsize=1)
def _ignore() -> re.Pattern[str]:
    return re.compile(r"\s*ignore\s*\[([^\]]*)\](.*)\Z", re.DOTALL)


@lru_cache(maxsize=1)
def _breaks() -> re.Pattern[str]:
    return re.compile("[\n\r\x85\u2028\u2029]")
