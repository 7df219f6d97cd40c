"""Insertions in flow style, JSON included: new pairs of `{…}`, new items of `[…]`.

An element that has its lines to itself is followed by one that has, too; else the new one stands
in the same line. Commas and comments of neighbours stay where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from kubectl_npcheck.manifests.quoting import scalar_text
from kubectl_npcheck.manifests.splice import Edit
from kubectl_npcheck.manifests.style import Style, is_scalars

_BLANKS = " \t\r\n\x85\u2028\u2029"


class Flow(NamedTuple):
    """How new flow text is written.

    quote:  of keys and texts; "" as needed
    comma:  between elements in one line
    colon:  between key and value
    spread: collections take a line for each element
    unit:   what a level of indentation is
    """

    quote: str = ""
    comma: str = ", "
    colon: str = ": "
    spread: bool = False
    unit: str = "  "


def inline(value: Any, quote: str = "", comma: str = ", ", colon: str = ": ") -> str:
    """A value in one line."""
    if isinstance(value, dict):
        pairs = (
            scalar_text(key, quote) + colon + inline(item, quote, comma, colon)
            for key, item in value.items()
        )
        return "{" + comma.join(pairs) + "}"
    if isinstance(value, list):
        return "[" + comma.join(inline(item, quote, comma, colon) for item in value) + "]"
    return scalar_text(value, quote)


def flow_text(value: Any, flow: Flow, lead: str, eol: str) -> str:
    """A value in flow style; `lead` is the indentation of the line that it begins in."""
    if not flow.spread or not isinstance(value, (dict, list)) or not value:
        return inline(value, flow.quote, flow.comma, flow.colon)
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
    style: Style, way: Sequence[Node], index: int, pairs: Sequence[tuple[str, Any]]
) -> list[Edit]:
    """Put pairs into the flow mapping at the end of a way, after its pair at `index`."""
    mapping = way[-1]
    assert isinstance(mapping, MappingNode)
    key, value = mapping.value[index]
    lead, eol = style.lead(key.start_mark.index), style.eol(key.start_mark.index)
    elements = []
    for name, new in pairs:
        flow = habits(style, way, new)
        text = flow_text(new, flow, lead, eol)
        elements.append(scalar_text(name, flow.quote) + flow.colon + text)
    last = index == len(mapping.value) - 1
    start, end = int(key.start_mark.index), _pair_end(style, key, value)
    return _insert(style, start, end, last, elements, habits(style, way, None).comma)


def insert_items(
    style: Style, way: Sequence[Node], index: int, values: Sequence[Any]
) -> list[Edit]:
    """Put items into the flow sequence at the end of a way, after its item at `index`."""
    sequence = way[-1]
    assert isinstance(sequence, SequenceNode)
    item = sequence.value[index]
    start, end = int(item.start_mark.index), int(item.end_mark.index)
    lead, eol = style.lead(start), style.eol(start)
    quote = style.item_quote(sequence)
    elements = []
    for new in values:
        flow = habits(style, way, new)
        elements.append(flow_text(new, flow._replace(quote=quote or flow.quote), lead, eol))
    last = index == len(sequence.value) - 1
    return _insert(style, start, end, last, elements, habits(style, way, None).comma)


def fill(style: Style, way: Sequence[Node], node: Node, value: Any) -> list[Edit]:
    """Put a collection in the place of an empty one in brackets, or of a scalar, of flow style.

    way: to the collection that holds `node`. Comments between the brackets stay.
    """
    start, end = style.written.content(node), int(node.end_mark.index)
    if not isinstance(node, CollectionNode):
        start = int(node.start_mark.index)
    lead, eol = style.lead(start), style.eol(start)
    flow = habits(style, way, value)
    inside = style.text[start + 1 : end - 1]
    if isinstance(node, CollectionNode) and not node.value and inside.strip(" \t"):
        if isinstance(node, SequenceNode) == isinstance(value, list):
            close = end - 1
            margin = style.lead(close)
            text = flow_text(value, flow._replace(spread=True), margin, eol)
            body = text[1 : -1 - len(eol + margin)]
            at = _line_before(style, close)
            return [Edit(at, at, body)] if at > start else [Edit(close, close, inline(value)[1:-1])]
    if start == end:
        before = style.text[:start]
        sep = "" if before[-1:] in _BLANKS else " "
        return [Edit(start, end, sep + flow_text(value, flow, lead, eol))]
    return [Edit(start, end, flow_text(value, flow, lead, eol))]


def habits(style: Style, way: Sequence[Node], value: Any) -> Flow:
    """How a new value is written into the last node of a way, or below it."""
    holder = next((node for node in reversed(way) if _has_pairs(node)), None)
    quote = style.key_quote(holder) if holder is not None and holder.flow_style else ""
    colon = _colon(style, holder) if holder is not None and holder.flow_style else ": "
    comma = _comma(style, way) or ("," if colon == ":" else ", ")
    return Flow(quote, comma, colon, _spread(style, way[-1], value), _unit(style, way))


def _has_pairs(node: Node) -> bool:
    return isinstance(node, MappingNode) and bool(node.value)


def _colon(style: Style, mapping: Node) -> str:
    key, value = mapping.value[0]
    between = style.text[key.end_mark.index : value.start_mark.index]
    return between if between in (":", ": ", " : ") else ": "


def _comma(style: Style, way: Sequence[Node]) -> str:
    """What stands between two elements in one line; "" if nothing tells."""
    for node in reversed(way):
        if isinstance(node, CollectionNode) and node.flow_style:
            for (_, end), (start, _) in zip(_extents(style, node), _extents(style, node)[1:]):
                between = style.text[end:start]
                if between in (",", ", "):
                    return between
    return ""


def _extents(style: Style, node: CollectionNode) -> list[tuple[int, int]]:
    if isinstance(node, MappingNode):
        return [(int(k.start_mark.index), _pair_end(style, k, v)) for k, v in node.value]
    return [(int(i.start_mark.index), int(i.end_mark.index)) for i in node.value]


def _pair_end(style: Style, key: Node, value: Node) -> int:
    """The end of a pair; an absent value's mark lies at the next comma or bracket."""
    end = int(value.end_mark.index)
    if value.start_mark.index < end:
        return end
    return len(style.text[:end].rstrip(_BLANKS)) if end > key.end_mark.index else end


def _spread(style: Style, node: Node, value: Any) -> bool:
    """Whether a new collection in a flow collection takes several lines."""
    if not isinstance(node, CollectionNode) or not node.flow_style or not node.value:
        return False
    known: bool | None = None
    children = [v for _, v in node.value] if isinstance(node, MappingNode) else node.value
    scalars = isinstance(value, list) and is_scalars(value)
    for child in children:
        if isinstance(child, CollectionNode) and child.flow_style and child.value:
            several = _several_lines(style, child)
            same = scalars == all(isinstance(item, ScalarNode) for item in child.value)
            if isinstance(child, SequenceNode) == isinstance(value, list) and same:
                return several
            known = several if known is None else known or several
    if known is not None:
        return known
    return style.begins_line(_extents(style, node)[-1][0])


def _several_lines(style: Style, node: Node) -> bool:
    return style.line_end(style.written.content(node)) < node.end_mark.index


def _unit(style: Style, way: Sequence[Node]) -> str:
    """One level of indentation, from the innermost collection whose elements begin lines."""
    for node in reversed(way):
        if isinstance(node, CollectionNode) and node.flow_style and node.value:
            first = _extents(style, node)[0][0]
            outer, inner = style.lead(style.written.content(node)), style.lead(first)
            if style.begins_line(first) and inner != outer and inner.startswith(outer):
                return inner[len(outer) :]
    return "  "


def _insert(
    style: Style, start: int, end: int, last: bool, elements: Sequence[str], comma: str
) -> list[Edit]:
    """Put elements after the one from `start` to `end`."""
    if not style.begins_line(start):
        return [Edit(end, end, "".join(comma + element for element in elements))]
    text = style.text
    at = end
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    stop = at + 1 if text[at : at + 1] == "," else end
    rest = text[stop : style.line_end(stop)].strip(" \t")
    eol, lead = style.eol(start), style.lead(start)
    if rest[:1] in ("]", "}"):
        return [Edit(end, end, "".join(f",{eol}{lead}{element}" for element in elements))]
    if (rest and not rest.startswith("#")) or (stop == end and not last):
        return [Edit(end, end, "".join(comma + element for element in elements))]
    line_end = style.line_end(stop)
    lines = [eol + lead + element for element in elements]
    if stop > end:
        return [Edit(line_end, line_end, "".join(line + "," for line in lines))]
    return [Edit(end, end, ","), Edit(line_end, line_end, ",".join(lines))]


def _line_before(style: Style, at: int) -> int:
    """The end of the line before that of an offset, if only blanks precede the offset."""
    if not style.begins_line(at):
        return 0
    start = style.line_start(at)
    return start - (2 if style.text[start - 2 : start] == "\r\n" else 1)
