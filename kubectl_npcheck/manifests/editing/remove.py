"""Elements taken out of a collection, with their lines. Comments of neighbours stay."""

from __future__ import annotations

from kubectl_npcheck.manifests.editing.lines import BLANKS
from kubectl_npcheck.manifests.editing.splice import Edit
from kubectl_npcheck.manifests.editing.style import Style, Way
from kubectl_npcheck.pyyaml import CollectionNode, MappingNode, Node


def removals(style: Style, way: Way, indexes: set[int]) -> list[Edit]:
    """The edits that take elements out of the collection at the end of a way.

    Raises Refused where a comment would go or end up at another element.
    """
    node = way[-1]
    assert isinstance(node, CollectionNode)
    if not indexes:
        return []
    if len(indexes) == len(node.value):
        return [in_place(style, node, "{}" if isinstance(node, MappingNode) else "[]")]
    take = _from_flow if node.flow_style else _from_block
    return [edit for first, last in _runs(indexes) for edit in take(style, node, first, last)]


def in_place(style: Style, node: CollectionNode, text: str) -> Edit:
    """Write a text of one line in the place of a collection, after its key rather than below it.

    Below a key, dashes may stand at the key's column; nothing else may.
    """
    lines = style.lines
    start, end = style.written.content(node), style.end(node)
    if node.flow_style or not lines.begins(start) or not start:
        return Edit(start, end, text)
    before = lines.back(start, BLANKS)
    if "#" in style.text[lines.start(before) : before]:
        return Edit(start, end, "  " + text)
    return Edit(before, end, " " + text)


def _runs(indexes: set[int]) -> list[tuple[int, int]]:
    """The first and last of each run of adjacent indexes."""
    runs: list[tuple[int, int]] = []
    for index in sorted(indexes):
        if runs and runs[-1][1] == index - 1:
            runs[-1] = runs[-1][0], index
        else:
            runs.append((index, index))
    return runs


def _from_block(style: Style, node: CollectionNode, first: int, last: int) -> list[Edit]:
    lines = style.lines
    begins = [_block_start(style, node, index) for index in range(first, last + 1)]
    if not lines.begins(begins[0]):
        return [_after_dash(style, node, first, last)]
    return [_line(style, start, _value(node, at)) for at, start in enumerate(begins, first)]


def _line(style: Style, start: int, value: Node) -> Edit:
    """Take out the lines of an element, with the line break before it.

    What is put in at the end of the last of these lines then has its place. The break after it
    goes only where the two differ: neither of the neighbours changes. A blank line before goes,
    too, where another one or nothing follows.
    """
    lines, text = style.lines, style.text
    before, end = lines.end_before(start), lines.end(style.end(value))
    first, following = lines.start(start), lines.following(end)
    if text[before:first] != text[end:following] and end < len(text):
        return Edit(first, following, "")
    last = following == len(text)
    if last or not text[following : lines.end(following)].strip(" \t"):
        while before and not text[lines.start(before) : before].strip(" \t"):
            before = lines.end_before(before)
            if not last:
                break
    return Edit(before, end, "")


def _after_dash(style: Style, node: CollectionNode, first: int, last: int) -> Edit:
    """Take out the keys in the line of an item's dash: the next key moves up to it."""
    start, end = _start(node, first), _start(node, last + 1)
    if "#" in style.text[style.end(_value(node, last)) : end]:
        raise style.written.refused("a comment follows the first key of the item", node)
    return Edit(start, end, "")


def _from_flow(style: Style, node: CollectionNode, first: int, last: int) -> list[Edit]:
    lines, text = style.lines, style.text
    start, end = _start(node, first), int(_value(node, last).end_mark.index)
    comma = lines.skip(end, " \t")
    stop = comma + 1 if text[comma : comma + 1] == "," else end
    rest = text[stop : lines.end(stop)].strip(" \t")
    own_lines = lines.begins(start) and (not rest or rest.startswith("#"))
    if last + 1 < len(node.value):
        if own_lines and stop > end:
            return [Edit(lines.start(start), lines.following(stop), "")]
        return [Edit(start, _start(node, last + 1), "")]
    if first == 0:
        return [Edit(start, stop, "")]
    before = int(_value(node, first - 1).end_mark.index)
    if not own_lines:
        return [Edit(before, end, "")]
    found = [Edit(lines.end_before(start), lines.end(stop), "")]
    if stop == end:  # no comma after the last element: none after what is now the last one
        at = text.index(",", before)
        if text[before:at].strip(" \t"):
            return [Edit(before, end, "")]
        found.insert(0, Edit(at, at + 1, ""))
    return found


def _block_start(style: Style, node: CollectionNode, index: int) -> int:
    """Where an element begins: its key (or the `?` before it), or its dash."""
    start = _start(node, index)
    mark, blanks = ("?", " ") if isinstance(node, MappingNode) else ("-", BLANKS)
    before = style.lines.back(start, blanks)
    if style.text[before - 1 : before] == mark:
        return before - 1
    if mark == "-":
        raise style.written.refused("the item cannot be told from what precedes it", node)
    return start


def _start(node: CollectionNode, index: int) -> int:
    element = node.value[index]
    first = element[0] if isinstance(node, MappingNode) else element
    return int(first.start_mark.index)


def _value(node: CollectionNode, index: int) -> Node:
    element = node.value[index]
    value: Node = element[1] if isinstance(node, MappingNode) else element
    return value
