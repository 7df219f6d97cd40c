"""What the text around an edit does: line ends, indentation, lists, quotes. Changes nothing.

The nearest example decides: the same mapping, then the same document, then the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from kubectl_npcheck.manifests.positions import node_end
from kubectl_npcheck.manifests.written import Written

_BREAKS = "\n\r\x85\u2028\u2029"


class Style:
    """The habits of one document's text.

    text: the document's text; offsets count from its start
    """

    __slots__ = ("_breaks", "text", "written")

    def __init__(self, written: Written) -> None:
        self.written = written
        self.text = written.text
        self._breaks = [mark for mark in _BREAKS if mark in self.text]

    def line_start(self, at: int) -> int:
        """Offset at which the line of an offset begins."""
        return max((self.text.rfind(mark, 0, at) for mark in self._breaks), default=-1) + 1

    def line_end(self, at: int) -> int:
        """Offset at which the line of an offset ends, before its line break."""
        found = [self.text.find(mark, at) for mark in self._breaks]
        return min((end for end in found if end >= 0), default=len(self.text))

    def next_line(self, at: int) -> int:
        """Offset of the line after that of an offset; the text's end where there is none."""
        end = self.line_end(at)
        return end + (2 if self.text.startswith("\r\n", end) else 1 if end < len(self.text) else 0)

    def lead(self, at: int) -> str:
        """The blanks that the line of an offset begins with."""
        start = self.line_start(at)
        stop = start
        while self.text[stop : stop + 1] in (" ", "\t"):
            stop += 1
        return self.text[start:stop]

    def begins_line(self, at: int) -> bool:
        """Whether only blanks precede an offset in its line."""
        return not self.text[self.line_start(at) : at].strip(" \t")

    def eol(self, at: int) -> str:
        """The line break to use at an offset: that of its line, of the one before, of the file."""
        end = self.line_end(at)
        for mark in (self._break(end), self._break_before(self.line_start(at))):
            if mark:
                return mark
        found = _line_break().search(self.written.document.source.text)
        return found[0] if found else "\n"

    def _break(self, end: int) -> str:
        if self.text.startswith("\r\n", end):
            return "\r\n"
        mark = self.text[end : end + 1]
        return mark if mark in ("\n", "\r") else ""

    def _break_before(self, start: int) -> str:
        if self.text[max(start - 2, 0) : start] == "\r\n":
            return "\r\n"
        mark = self.text[max(start - 1, 0) : start]
        return mark if mark in ("\n", "\r") else ""

    def column(self, mapping: MappingNode) -> int:
        """The column at which the keys of a block mapping stand (its `?`, where it has one)."""
        key = mapping.value[0][0]
        at = int(key.start_mark.index)
        before = self.text[:at].rstrip(" ")
        if before.endswith("?") and before[:-1].rstrip(" \t-")[-1:] in ("", *_BREAKS):
            at = len(before) - 1
        return at - self.line_start(at)

    def dash(self, sequence: SequenceNode) -> int:
        """The column at which the dashes of a block sequence stand."""
        at = self.written.content(sequence)
        return at - self.line_start(at)

    def indent(self, way: Sequence[Node]) -> int:
        """How much deeper a mapping below the last node of a way stands."""
        for mapping, child in self._examples(way):
            if isinstance(child, MappingNode):
                return self.column(child) - self.column(mapping)
        found = _nested_key().search(self.written.document.source.text)
        return len(found[3]) - len(found[2]) if found else 2

    def list_indent(self, way: Sequence[Node]) -> int:
        """How much deeper than its key the dashes of a block sequence stand."""
        for mapping, child in self._examples(way):
            if isinstance(child, SequenceNode):
                return self.dash(child) - self.column(mapping)
        found = _list_under_key().search(self.written.document.source.text)
        return len(found[3]) - len(found[1]) - len(found[2] or "") if found else 0

    def dash_width(self, way: Sequence[Node]) -> int:
        """Columns from a dash to what follows it."""
        for _, child in self._examples(way):
            if isinstance(child, SequenceNode):
                width = self.width(child)
                if width:
                    return width
        return 2

    def width(self, sequence: SequenceNode) -> int:
        """The same of one sequence, from its last items; 0 if they do not tell."""
        dash = self.dash(sequence)
        for item in reversed(sequence.value):
            at = int(item.start_mark.index)
            line = self.line_start(at)
            if at - line > dash + 1 and self.text[line + dash : at].strip(" \t") == "-":
                return at - line - dash
        return 0

    def _examples(self, way: Sequence[Node]) -> Iterator[tuple[MappingNode, CollectionNode]]:
        """Block mappings with a block collection each that stands under its key, nearest first."""
        for node in reversed(way):
            yield from self._below(node)

    def _below(self, node: Node) -> Iterator[tuple[MappingNode, CollectionNode]]:
        if not isinstance(node, CollectionNode) or node.flow_style:
            return
        if isinstance(node, MappingNode):
            children = [value for _, value in node.value]
            for child in children:
                if isinstance(child, CollectionNode) and child.value and not child.flow_style:
                    yield node, child
        else:
            children = node.value
        for child in children:
            yield from self._below(child)

    def flow_list(self, way: Sequence[Node], key: str, value: Sequence[Any]) -> bool:
        """Whether a list under a new key of a block mapping is written in brackets."""
        mapping = way[-1]
        scalars = is_scalars(value)
        other: bool | None = None
        if isinstance(mapping, MappingNode):
            for _, child in mapping.value:
                if isinstance(child, SequenceNode) and child.value:
                    if scalars == all(isinstance(item, ScalarNode) for item in child.value):
                        return bool(child.flow_style)
                    other = bool(child.flow_style)
        if scalars:
            found = re.search(
                rf"\b{re.escape(key)}[\"']?:[ \t]*(\S)", self.written.document.source.text
            )
            if found and found[1] in "[-":
                return found[1] == "["
            found = re.search(
                rf"\b{re.escape(key)}:[ \t]*[\r\n]+[ \t]*-", self.written.document.source.text
            )
            return False
        return bool(other) and is_short(value)

    def key_quote(self, mapping: MappingNode) -> str:
        """The quotes that all keys of a mapping have: `"`, `'` or ""."""
        styles = {key.style for key, _ in mapping.value if isinstance(key, ScalarNode)}
        quote = styles.pop() if len(styles) == 1 else None
        return quote if quote in ('"', "'") else ""

    def item_quote(self, sequence: SequenceNode) -> str:
        """The quotes that the last item of a sequence has."""
        last = sequence.value[-1] if sequence.value else None
        quote = last.style if isinstance(last, ScalarNode) else None
        return quote if quote in ('"', "'") else ""

    def end(self, node: Node) -> int:
        """Offset of the end of what belongs to a node: where text may be put in after it.

        A block scalar ends with its last line that has text, one that keeps its line breaks
        (`|+`) with the line before what follows.
        """
        leaf = node
        while isinstance(leaf, CollectionNode) and not leaf.flow_style and leaf.value:
            leaf = leaf.value[-1][1] if isinstance(leaf, MappingNode) else leaf.value[-1]
        if isinstance(leaf, ScalarNode) and leaf.style in ("|", ">"):
            return self._block_scalar_end(leaf)
        return node_end(node, self.text)

    def _block_scalar_end(self, leaf: Node) -> int:
        start, end = int(leaf.start_mark.index), int(leaf.end_mark.index)
        header = self.text[start : self.line_end(start)].split("#")[0]
        if "+" not in header:
            indent = len(self.lead(self.next_line(start)))
            while True:
                line = self.line_start(end)
                if line <= start or len(self.text[line:end].rstrip("\r\n")) > indent:
                    break
                if self.text[line:end].strip(" "):
                    break
                end = max(line - (2 if self.text[line - 2 : line] == "\r\n" else 1), start)
            return end
        while end > start and self.text[end - 1] in " \t":
            end -= 1
        if end > start and self.text[end - 1] in _BREAKS:
            end -= 2 if self.text[end - 2 : end] == "\r\n" else 1
        return end


def is_scalars(value: Sequence[Any]) -> bool:
    """Whether a list holds only scalars."""
    return not any(isinstance(item, (dict, list)) for item in value)


def is_short(value: Any) -> bool:
    """Whether a value may stand in one line: a scalar, an empty collection, a list of these."""
    if isinstance(value, list):
        return all(not isinstance(item, (dict, list)) or not item for item in value)
    return not isinstance(value, dict) or not value


@lru_cache(maxsize=1)
def _line_break() -> re.Pattern[str]:
    return re.compile("\r\n|\n|\r")


@lru_cache(maxsize=1)
def _nested_key() -> re.Pattern[str]:
    """A key with nothing after it, and a deeper key in the next line."""
    key = r"[\w./\"'-]+:"
    return re.compile(rf"(^|[\r\n])( *){key}[ \t]*(?:\r\n|\r|\n)((?!\2 *-)\2 +){key}(?=\s)")


@lru_cache(maxsize=1)
def _list_under_key() -> re.Pattern[str]:
    """A key with nothing after it, and a dash in the next line."""
    return re.compile(r"(?:^|[\r\n])( *)((?:- +)*)[\w./\"'-]+:[ \t]*(?:\r\n|\r|\n)( *)- ")
