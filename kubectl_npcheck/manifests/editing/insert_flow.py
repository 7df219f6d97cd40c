"""Insertions in flow style, JSON included: new pairs of `{…}`, new items of `[…]`.

An element that has its lines to itself is followed by one that has, too; else the new one stands
in the same line. Commas and comments of neighbours stay where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from kubectl_npcheck.manifests.editing.lines import BLANKS
from kubectl_npcheck.manifests.editing.quoting import scalar_text
from kubectl_npcheck.manifests.editing.splice import Edit
from kubectl_npcheck.manifests.editing.style import Style, Way, children_of, is_scalars, is_short
from kubectl_npcheck.pyyaml import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

_EXAMPLES = 8
"""Elements of a collection that are looked at for how they are written."""


class Flow(NamedTuple):
    """How new flow text is written.

    quote:  of keys and texts; "" as needed
    comma:  between elements in one line
    colon:  between key and value
    braces: blanks inside of braces
    square: blanks inside of square brackets
    spread: collections take a line for each element
    unit:   what a level of indentation is
    """

    quote: str = ""
    comma: str = ", "
    colon: str = ": "
    braces: str = ""
    square: str = ""
    spread: bool = False
    unit: str = "  "


def inline(value: Any, flow: Flow) -> str:
    """A value in one line."""
    if isinstance(value, (dict, list)) and not value:
        return "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, dict):
        pairs = [
            scalar_text(key, flow.quote) + flow.colon + inline(item, flow)
            for key, item in value.items()
        ]
        return "{" + flow.braces + flow.comma.join(pairs) + flow.braces + "}"
    if isinstance(value, list):
        items = flow.comma.join(inline(item, flow) for item in value)
        return "[" + flow.square + items + flow.square + "]"
    return scalar_text(value, flow.quote)


def flow_text(value: Any, flow: Flow, lead: str, eol: str) -> str:
    """A value in flow style; `lead` is the indentation of the line that it begins in."""
    if not flow.spread or not isinstance(value, (dict, list)) or not value:
        return inline(value, flow)
    inner = lead + flow.unit
    if isinstance(value, dict):
        opening, closing = "{}"
        elements = [
            scalar_text(key, flow.quote) + flow.colon + flow_text(item, flow, inner, eol)
            for key, item in value.items()
        ]
    else:
        opening, closing = "[]"
        elements = [flow_text(item, flow, inner, eol) for item in value]
    body = ("," + eol).join(inner + element for element in elements)
    return opening + eol + body + eol + lead + closing


def insert_pairs(
    style: Style, way: Way, index: int, pairs: Sequence[tuple[str, Any]]
) -> list[Edit]:
    """Put pairs into the flow mapping at the end of a way, after its pair at `index`."""
    mapping = way[-1]
    assert isinstance(mapping, MappingNode)
    key, value = mapping.value[index]
    lead, eol = style.lines.lead(key.start_mark.index), style.eol(key.start_mark.index)
    elements = []
    for name, new in pairs:
        flow = habits(style, way, new)
        text = flow_text(new, flow, lead, eol)
        elements.append(scalar_text(name, flow.quote) + flow.colon + text)
    last = index == len(mapping.value) - 1
    start, end = int(key.start_mark.index), _pair_end(style, key, value)
    return _insert(style, start, end, last, elements, habits(style, way, None).comma)


def insert_items(style: Style, way: Way, index: int, values: Sequence[Any]) -> list[Edit]:
    """Put items into the flow sequence at the end of a way, after its item at `index`."""
    sequence = way[-1]
    assert isinstance(sequence, SequenceNode)
    item = sequence.value[index]
    start, end = int(item.start_mark.index), int(item.end_mark.index)
    lead, eol = style.lines.lead(start), style.eol(start)
    quote = style.item_quote(sequence)
    elements = []
    for new in values:
        flow = habits(style, way, new)
        elements.append(flow_text(new, flow._replace(quote=quote or flow.quote), lead, eol))
    last = index == len(sequence.value) - 1
    return _insert(style, start, end, last, elements, habits(style, way, None).comma)


def fill(style: Style, way: Way, node: Node, value: Any) -> list[Edit]:
    """Put a value in the place of a scalar, of nothing, or of a collection in brackets.

    way: to the collection that holds `node`. Comments between empty brackets stay.
    """
    start, end = style.written.content(node), int(node.end_mark.index)
    if start >= end:  # nothing is written
        start = end
    lead, eol = style.lines.lead(start), style.eol(start)
    flow = habits(style, way, value)
    if isinstance(node, CollectionNode) and not node.value and _same_kind(node, value):
        at = style.lines.end_before(end - 1)
        if at > start and style.lines.begins(end - 1):  # `[`, comments, `]` in lines of their own
            margin = style.lines.lead(end - 1)
            text = flow_text(value, flow._replace(spread=True), margin, eol)
            return [Edit(at, at, text[1 : -1 - len(eol + margin)])]
    blank = "" if start < end or style.text[start - 1 : start] in BLANKS else " "
    return [Edit(start, end, blank + flow_text(value, flow, lead, eol))]


def habits(style: Style, way: Way, value: Any) -> Flow:
    """How a new value is written into the last node of a way, or below it."""
    quote, colon = "", ": "
    for node in reversed(way):
        if isinstance(node, MappingNode) and node.flow_style and node.value:
            quote, colon = style.key_quote(node), _colon(style, node)
            break
    if not quote and colon == ":":  # `a:[b]` is a text, `"a":[b]` a pair
        colon = ": "
    comma = _comma(style, way) or ("," if colon == ":" else ", ")
    braces, square = _padding(style, way, MappingNode), _padding(style, way, SequenceNode)
    spread = _spread(style, way[-1], value, quote)
    return Flow(quote, comma, colon, braces, square, spread, _unit(style, way))


def _padding(style: Style, way: Way, kind: type[CollectionNode]) -> str:
    """The blank inside of brackets, from the innermost collection of a kind that tells."""
    for holder in reversed(way):
        if isinstance(holder, CollectionNode):
            for node in (*children_of(holder)[:_EXAMPLES], holder):
                if isinstance(node, kind) and node.flow_style and node.value:
                    at = style.written.content(node) + 1
                    return " " if style.text[at : at + 1] == " " else ""
    return ""


def _same_kind(node: Node, value: Any) -> bool:
    return isinstance(value, list if isinstance(node, SequenceNode) else dict) and bool(value)


def _colon(style: Style, mapping: Node) -> str:
    key, value = mapping.value[0]
    between = style.text[key.end_mark.index : value.start_mark.index]
    return between if between in (":", ": ", " : ") else ": "


def _comma(style: Style, way: Way) -> str:
    """What stands between two elements in one line; "" if nothing tells."""
    for node in reversed(way):
        if isinstance(node, CollectionNode) and node.flow_style:
            elements = range(min(len(node.value), _EXAMPLES))
            for (_, end), (start, _) in pairwise(_extent(style, node, at) for at in elements):
                between = style.text[end:start]
                if between in (",", ", "):
                    return between
    return ""


def _extent(style: Style, node: CollectionNode, index: int) -> tuple[int, int]:
    """Where an element of a flow collection begins and ends."""
    element = node.value[index]
    if isinstance(node, MappingNode):
        key, value = element
        return int(key.start_mark.index), _pair_end(style, key, value)
    return int(element.start_mark.index), int(element.end_mark.index)


def _pair_end(style: Style, key: Node, value: Node) -> int:
    """The end of a pair; an absent value's mark lies at the next comma or bracket."""
    end = int(value.end_mark.index)
    if value.start_mark.index < end or style.lines.end(key.end_mark.index) >= end:
        return end
    return style.lines.back(end, BLANKS)


def _spread(style: Style, node: Node, value: Any, quote: str) -> bool:
    """Whether a new collection in a flow collection takes several lines."""
    if not isinstance(node, CollectionNode) or not node.flow_style or not node.value:
        return False
    known: bool | None = None
    scalars = isinstance(value, list) and is_scalars(value)
    for child in children_of(node)[:_EXAMPLES]:
        if isinstance(child, CollectionNode) and child.flow_style and child.value:
            several = _several_lines(style, child)
            same = scalars == all(isinstance(item, ScalarNode) for item in child.value)
            if isinstance(child, SequenceNode) == isinstance(value, list) and same:
                return several
            known = several if known is None else known or several
    if known is not None:
        return known
    own_lines = style.lines.begins(_extent(style, node, -1)[0])
    return own_lines and (quote == '"' or not is_short(value))


def _several_lines(style: Style, node: Node) -> bool:
    return style.lines.end(style.written.content(node)) < node.end_mark.index


def _unit(style: Style, way: Way) -> str:
    """One level of indentation, from the innermost collection whose elements begin lines."""
    for node in reversed(way):
        if isinstance(node, CollectionNode) and node.flow_style and node.value:
            first = _extent(style, node, 0)[0]
            outer, inner = style.lines.lead(style.written.content(node)), style.lines.lead(first)
            if style.lines.begins(first) and inner != outer and inner.startswith(outer):
                return inner[len(outer) :]
    return " " * style.indent(way)


def _insert(
    style: Style, start: int, end: int, last: bool, elements: Sequence[str], comma: str
) -> list[Edit]:
    """Put elements after the one from `start` to `end`."""
    text = style.text
    if text[end - 1] == ":":  # no value; `a:,` would be a text
        comma = " " + comma
    if not style.lines.begins(start):
        return [Edit(end, end, "".join(comma + element for element in elements))]
    at = style.lines.skip(end, " \t")
    stop = at + 1 if text[at : at + 1] == "," else end
    rest = text[stop : style.lines.end(stop)].strip(" \t")
    eol, lead = style.eol(start), style.lines.lead(start)
    if rest[:1] in ("]", "}"):
        return [Edit(end, end, "".join(f",{eol}{lead}{element}" for element in elements))]
    if (rest and not rest.startswith("#")) or (stop == end and not last):
        return [Edit(end, end, "".join(comma + element for element in elements))]
    line_end = style.lines.end(stop)
    lines = [eol + lead + element for element in elements]
    if stop > end:
        return [Edit(line_end, line_end, "".join(line + "," for line in lines))]
    return [Edit(end, end, ","), Edit(line_end, line_end, ",".join(lines))]
