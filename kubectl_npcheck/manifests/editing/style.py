"""What the text around an edit does: indentation, lists, quotes. Changes nothing.

The nearest example decides: the same mapping, then the same document, then the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from kubectl_npcheck.manifests.document import Document
from kubectl_npcheck.manifests.editing.lines import BREAKS, Lines
from kubectl_npcheck.manifests.editing.written import Written
from kubectl_npcheck.manifests.positions import node_end
from kubectl_npcheck.pyyaml import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

Way = Sequence[Node]
"""The nodes from the root of a document to one of its collections."""


def style_of(document: Document) -> Style:
    """The style of a document; the most recent one's is kept. Raises Refused."""
    if not _latest or _latest[0].written.document is not document:
        _latest[:] = [Style(Written(document))]
    return _latest[0]


class Style:
    """The habits of one document's text. Offsets count from the document's start."""

    __slots__ = ("lines", "text", "written")

    def __init__(self, written: Written) -> None:
        self.written = written
        self.text = written.text
        self.lines = Lines(written.text)

    @property
    def file(self) -> str:
        """The text of the whole file."""
        return self.written.document.source.text

    def eol(self, at: int) -> str:
        """The line break to use at an offset: that of its neighbours, else of the file."""
        return self.lines.eol(at) if self.lines.several else _eol(self.file)

    def column(self, mapping: MappingNode) -> int:
        """The column at which the keys of a block mapping stand (its `?`, where it has one)."""
        at = int(mapping.value[0][0].start_mark.index)
        mark = self.lines.back(at, " ") - 1
        if mark >= 0 and self.text[mark] == "?":
            before = self.lines.back(mark, " -")
            at = mark if before == self.lines.start(mark) else at
        return self.lines.column(at)

    def dash(self, sequence: SequenceNode) -> int:
        """The column at which the dashes of a block sequence stand."""
        return self.lines.column(self.written.content(sequence))

    def indent(self, way: Way) -> int:
        """How much deeper a mapping below the last node of a way stands."""
        for mapping, child in self._examples(way):
            if isinstance(child, MappingNode):
                return self.column(child) - self.column(mapping)
        return _indent(self.file)

    def list_indent(self, way: Way, value: Any = None) -> int:
        """How much deeper than its key the dashes of a block sequence stand.

        Lists beside it that hold the same kind of items as `value` count first.
        """
        scalars = is_scalars(value) if isinstance(value, list) else False
        found = -1
        for mapping, child in self._examples(way):
            if isinstance(child, SequenceNode):
                indent = self.dash(child) - self.column(mapping)
                if mapping is not way[-1] or scalars == _holds_scalars(child):
                    return indent if found < 0 or mapping is way[-1] else found
                found = indent if found < 0 else found
        return found if found >= 0 else _list_indent(self.file)

    def dash_width(self, way: Way) -> int:
        """Columns from a dash to the item that follows it."""
        for _, child in self._examples(way):
            if isinstance(child, SequenceNode):
                width = self.width(child)
                if width:
                    return width
        return 2

    def width(self, sequence: SequenceNode) -> int:
        """The same of one sequence, from its last item that tells; 0 if none does."""
        dash = self.dash(sequence)
        for item in reversed(sequence.value):
            at = int(item.start_mark.index)
            line = self.lines.start(at)
            if at - line > dash + 1 and self.text[line + dash : at].strip(" ") == "-":
                return at - line - dash
        return 0

    def _examples(self, way: Way) -> Iterator[tuple[MappingNode, CollectionNode]]:
        """Block mappings with a block collection each that stands under its key, nearest first."""
        for node in reversed(way):
            yield from self._below(node)

    def _below(self, node: Node) -> Iterator[tuple[MappingNode, CollectionNode]]:
        if not isinstance(node, CollectionNode) or node.flow_style:
            return
        children = children_of(node)
        if isinstance(node, MappingNode):
            for child in children:
                if isinstance(child, CollectionNode) and child.value and not child.flow_style:
                    yield node, child
        for child in children:
            yield from self._below(child)

    def in_brackets(self, way: Way, key: str, value: Sequence[Any]) -> bool:
        """Whether a list under a new key of a block mapping is written as `[…]`.

        As the lists beside it that hold the same kind of items; for scalars, the same key
        elsewhere in the file comes next; `[{}]` and the like follow any list beside it.
        """
        mapping = way[-1]
        scalars = is_scalars(value)
        other = False
        for child in children_of(mapping) if isinstance(mapping, MappingNode) else ():
            if isinstance(child, SequenceNode) and child.value:
                if scalars == _holds_scalars(child):
                    alike = is_short(value) or not is_short(self.written.plain(child))
                    return bool(child.flow_style) and alike
                other = bool(child.flow_style)
        if scalars:
            return _in_brackets(self.file, key)
        return other and is_short(value)

    def key_quote(self, mapping: Node) -> str:
        """The quotes that all keys of a mapping have: `"`, `'` or ""."""
        if not isinstance(mapping, MappingNode):
            return ""
        styles = {key.style for key, _ in mapping.value if isinstance(key, ScalarNode)}
        quote = styles.pop() if len(styles) == 1 else None
        return quote if quote in ('"', "'") else ""

    def item_quote(self, sequence: Node) -> str:
        """The quotes that the last item of a sequence has."""
        last = sequence.value[-1] if sequence.value else None
        quote = last.style if isinstance(last, ScalarNode) else None
        return quote if quote in ('"', "'") else ""

    def end(self, node: Node) -> int:
        """Offset of the end of a node: what is put in at the end of that line is no part of it.

        A block scalar ends with its last line that has text, one that keeps its line breaks
        (`|+`) with the line before what follows.
        """
        leaf = node
        while isinstance(leaf, CollectionNode) and not leaf.flow_style and leaf.value:
            leaf = children_of(leaf)[-1]
        if isinstance(leaf, ScalarNode) and leaf.style in ("|", ">"):
            return self._block_scalar_end(leaf)
        return node_end(node, self.text)

    def _block_scalar_end(self, leaf: Node) -> int:
        start, end = int(leaf.start_mark.index), int(leaf.end_mark.index)
        lines = self.lines
        header = self.text[self.written.content(leaf) : lines.end(start)].split("#")[0]
        end = end if end == len(self.text) and not lines.begins(end) else lines.end_before(end)
        if "+" in header:
            return end
        first = lines.following(start)
        if not self.text[first:end].strip(BREAKS + " "):
            return lines.end(start)
        indent = next(
            len(line) - len(line.lstrip(" "))
            for line in self.text[first:end].splitlines()
            if line.strip(" ")
        )
        while end > first:
            line = self.text[lines.start(end) : end]
            if line.strip(" ") or len(line) > indent:
                break
            end = lines.end_before(end)
        return end


_latest: list[Style] = []


def children_of(node: CollectionNode) -> list[Node]:
    """The values of a mapping, the items of a sequence."""
    if isinstance(node, MappingNode):
        return [value for _, value in node.value]
    return list(node.value)


def _holds_scalars(node: SequenceNode) -> bool:
    return all(isinstance(item, ScalarNode) for item in node.value)


def is_scalars(value: Sequence[Any]) -> bool:
    """Whether a list holds only scalars."""
    return not any(isinstance(item, (dict, list)) for item in value)


def is_short(value: Any) -> bool:
    """Whether a value may stand in one line: a scalar, an empty collection, a list of these."""
    if isinstance(value, list):
        return all(not isinstance(item, (dict, list)) or not item for item in value)
    return not isinstance(value, dict) or not value


@lru_cache(maxsize=4)
def _eol(text: str) -> str:
    return Lines(text).eol(0)


@lru_cache(maxsize=4)
def _in_brackets(text: str, key: str) -> bool:
    """Whether the first list under a key is written in brackets."""
    found = re.search(rf"\b{re.escape(key)}[\"']?:\s*([\[-])", text)
    return found is not None and found[1] == "["


@lru_cache(maxsize=4)
def _indent(text: str) -> int:
    """Columns from a key with nothing after it to a key in the next line; 2 if there is none."""
    key = r"[\w./\"'-]+:"
    nested = rf"(?:^|[\r\n])( *){key} *(?:\r\n|\r|\n)(\1 +)(?!- ){key}\s"
    found = re.search(nested, text)
    return len(found[2]) - len(found[1]) if found else 2


@lru_cache(maxsize=4)
def _list_indent(text: str) -> int:
    """Columns from a key with nothing after it to a dash in the next line; 0 if there is none."""
    listed = r"(?:^|[\r\n])( *(?:- +)*)[\w./\"'-]+: *(?:\r\n|\r|\n)( *)-\s"
    found = re.search(listed, text)
    return max(len(found[2]) - len(found[1]), 0) if found else 0
