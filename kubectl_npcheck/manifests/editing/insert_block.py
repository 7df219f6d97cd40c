"""Insertions in block style: new pairs of a mapping, new items of a sequence, on their own lines.

They go in at the end of a line, each with a line break before it, so that a file without a final
newline stays so. Comments below a value that are indented deeper belong to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from kubectl_npcheck.manifests.editing.insert_flow import Flow, inline
from kubectl_npcheck.manifests.editing.quoting import scalar_text
from kubectl_npcheck.manifests.editing.splice import Edit
from kubectl_npcheck.manifests.editing.style import Style, Way
from kubectl_npcheck.pyyaml import MappingNode, Node, SequenceNode


class Layout(NamedTuple):
    """How new block text is laid out.

    indent:      columns from a mapping's keys to those of a mapping below
    list_indent: columns from a key to the dashes below it
    dash_width:  columns from a dash to its item
    quote:       of keys and texts; "" as needed
    """

    indent: int = 2
    list_indent: int = 0
    dash_width: int = 2
    quote: str = ""


def layout(style: Style, way: Way, value: Any) -> Layout:
    """The layout of a value that is put into the last node of a way."""
    lists = style.list_indent(way, value)
    return Layout(style.indent(way), lists, style.dash_width(way), style.key_quote(way[-1]))


def insert_pairs(
    style: Style, way: Way, index: int, pairs: Sequence[tuple[str, Any]]
) -> list[Edit]:
    """Put pairs into the block mapping at the end of a way, after its pair at `index`."""
    mapping = way[-1]
    assert isinstance(mapping, MappingNode)
    column = style.column(mapping)
    at = after(style, mapping.value[index][1], column)
    gap = [""] if _spaced(style, mapping) else []
    lines: list[str] = []
    for key, value in pairs:
        lines += gap
        flow = isinstance(value, list) and style.in_brackets(way, key, value)
        lines += pair_lines(key, value, column, layout(style, way, value), flow)
    return [_at_line_end(style, at, lines)]


def insert_items(style: Style, way: Way, index: int, values: Sequence[Any]) -> list[Edit]:
    """Put items into the block sequence at the end of a way, after its item at `index`."""
    sequence = way[-1]
    assert isinstance(sequence, SequenceNode)
    column = style.dash(sequence)
    look = layout(style, way, values)
    look = look._replace(
        dash_width=style.width(sequence) or look.dash_width, quote=style.item_quote(sequence)
    )
    lines = list_lines(values, column, look)
    return [_at_line_end(style, after(style, sequence.value[index], column), lines)]


def insert_value(style: Style, way: Way, at: int, value: Any) -> Edit:
    """Put a collection below a key, that has no value, of the block mapping at the end of a way.

    at: an offset in the line after which it goes.
    """
    mapping = way[-1]
    assert isinstance(mapping, MappingNode)
    column = style.column(mapping)
    lines = value_lines(value, column, layout(style, way, value))
    return _at_line_end(style, at, lines)


def pair_lines(key: str, value: Any, column: int, look: Layout, flow: bool = False) -> list[str]:
    """The lines of a pair whose key stands at a column."""
    head = " " * column + scalar_text(key, look.quote) + ":"
    if not isinstance(value, (dict, list)) or not value or flow:
        return [f"{head} {inline(value, Flow(look.quote))}"]
    return [head, *value_lines(value, column, look)]


def value_lines(value: Any, column: int, look: Layout) -> list[str]:
    """The lines of a collection below a key at a column."""
    if isinstance(value, list):
        return list_lines(value, column + look.list_indent, look)
    lines: list[str] = []
    for key, item in value.items():
        lines += pair_lines(key, item, column + look.indent, look)
    return lines


def list_lines(values: Sequence[Any], column: int, look: Layout) -> list[str]:
    """The lines of items whose dashes stand at a column."""
    lines: list[str] = []
    dash = " " * column + "-".ljust(look.dash_width)
    for value in values:
        if not isinstance(value, (dict, list)) or not value:
            lines.append(dash + inline(value, Flow(look.quote)))
            continue
        inner = column + look.dash_width
        below: list[str] = []
        if isinstance(value, list):
            below = list_lines(value, inner, look)
        else:
            for key, item in value.items():
                below += pair_lines(key, item, inner, look)
        lines += [dash + below[0].lstrip(" "), *below[1:]]
    return lines


def after(style: Style, node: Node, column: int) -> int:
    """Offset of the end of the last line of a node that stands at, or below a key at, a column.

    Comment lines that follow belong to it if they are indented deeper, or if they hold further
    items of it, commented out.
    """
    lines = style.lines
    end = lines.end(style.end(node))
    least = _commented_dash(style, node, column)
    at, item = end, -1
    while True:
        at = lines.following(at)
        line = style.text[at : lines.end(at)]
        comment = line.lstrip(" \t")
        if at >= len(style.text) or (comment and not comment.startswith("#")):
            return end
        if not comment:
            item = -1
            continue
        said = comment.lstrip("#")
        inner = len(said) - len(said.lstrip(" "))
        dashed = said.lstrip(" ").startswith("- ")
        if len(line) - len(comment) > column:
            end = lines.end(at)
        elif least is not None and ((dashed and inner >= least) or 0 <= item < inner):
            item = inner if item < 0 else item
            end = lines.end(at)
        else:
            return end


def _commented_dash(style: Style, node: Node, column: int) -> int | None:
    """How many blanks at least stand between a `#` at the column and the dash of an item of node.

    None if it has no items. Where dashes stand deeper than the key, `# - …` is a remark.
    """
    if not isinstance(node, SequenceNode) or node.flow_style:
        return None
    return 0 if style.dash(node) == column else 2


def _spaced(style: Style, mapping: MappingNode) -> bool:
    """Whether the pairs of a mapping stand apart, a blank line between any two."""
    pairs = mapping.value
    for (_, value), (key, _) in pairwise(pairs):
        between = style.text[style.end(value) : key.start_mark.index]
        if "" not in [line.strip() for line in between.splitlines()[1:-1]]:
            return False
    return len(pairs) > 1


def _at_line_end(style: Style, at: int, lines: Sequence[str]) -> Edit:
    end = style.lines.end(at)
    eol = style.eol(end)
    return Edit(end, end, "".join(eol + line for line in lines))
