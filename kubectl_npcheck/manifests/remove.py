"""Elements taken out of a collection, with their lines. Comments of neighbours stay."""

from __future__ import annotations

from collections.abc import Sequence

from yaml.nodes import CollectionNode, MappingNode, Node

from kubectl_npcheck.manifests.splice import Edit
from kubectl_npcheck.manifests.style import Style

_BLANKS = " \t\r\n\x85\u2028\u2029"


def removals(style: Style, way: Sequence[Node], indexes: set[int]) -> list[Edit]:
    """The edits that take elements out of the collection at the end of a way."""
    node = way[-1]
    assert isinstance(node, CollectionNode)
    if not indexes:
        return []
    if len(indexes) == len(node.value):
        return [_emptied(style, node)]
    take = _from_flow if node.flow_style else _from_block
    return [edit for index in sorted(indexes) for edit in take(style, node, index, indexes)]


def _emptied(style: Style, node: CollectionNode) -> Edit:
    start = style.written.content(node)
    return Edit(start, style.end(node), "{}" if isinstance(node, MappingNode) else "[]")


def _from_block(style: Style, node: CollectionNode, index: int, indexes: set[int]) -> list[Edit]:
    first, last = _bounds(node, index)
    start = int(first.start_mark.index)
    end = style.line_end(style.end(last))
    if not isinstance(node, MappingNode):
        start = _dash(style, node, start)
    if not style.begins_line(start):
        raise style.written.refused("the first key of an item cannot be taken out", first)
    line = style.line_start(start)
    following = style.next_line(end)
    if following > end:
        return [Edit(line, following, "")]
    before = line - (2 if style.text[line - 2 : line] == "\r\n" else 1)
    return [Edit(max(before, 0), end, "")]


def _dash(style: Style, node: Node, start: int) -> int:
    text = style.text[:start].rstrip(_BLANKS)
    if not text.endswith("-"):
        raise style.written.refused("the item cannot be taken out", node)
    return len(text) - 1


def _bounds(node: CollectionNode, index: int) -> tuple[Node, Node]:
    element = node.value[index]
    return element if isinstance(node, MappingNode) else (element, element)


def _from_flow(style: Style, node: CollectionNode, index: int, indexes: set[int]) -> list[Edit]:
    text = style.text
    first, last = _bounds(node, index)
    start, end = int(first.start_mark.index), int(last.end_mark.index)
    kept = [i for i in range(index) if i not in indexes]
    following = index + 1 < len(node.value)
    if following:
        return [Edit(start, int(_bounds(node, index + 1)[0].start_mark.index), "")]
    previous = int(_bounds(node, kept[-1])[1].end_mark.index)
    return [Edit(previous, end, "")] if text else []
