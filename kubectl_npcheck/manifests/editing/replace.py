"""Another value in the place of one that stands there: nothing, null, an empty or another one."""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.manifests.editing import insert_block, insert_flow
from kubectl_npcheck.manifests.editing.lines import BLANKS, BREAKS
from kubectl_npcheck.manifests.editing.quoting import scalar_text
from kubectl_npcheck.manifests.editing.remove import in_place, removals
from kubectl_npcheck.manifests.editing.splice import Edit
from kubectl_npcheck.manifests.editing.style import Style, Way, is_scalars, is_short
from kubectl_npcheck.pyyaml import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode


def replacement(style: Style, way: Way, index: int, value: Any) -> list[Edit]:
    """Give the element at `index` of the collection at the end of a way another value."""
    holder = way[-1]
    assert isinstance(holder, CollectionNode)
    key, old = (
        holder.value[index] if isinstance(holder, MappingNode) else (None, holder.value[index])
    )
    if key is not None and not style.text.startswith(
        ":", style.lines.skip(key.end_mark.index, BLANKS)
    ):
        raise style.written.refused("the key has no colon", key)
    if isinstance(old, SequenceNode) and old.value and _item_by_item(old, value):
        return _items(style, [*way, old], value)
    if not style.written.bare(old) and not (isinstance(old, CollectionNode) and old.flow_style):
        raise style.written.refused("the value has a tag or an anchor", old)
    if isinstance(old, ScalarNode) and not isinstance(value, (dict, list)):
        return [scalar_edit(style, old, value)]
    if holder.flow_style or _in_flow_already(old):
        _check_comments(style, old)
        return insert_flow.fill(style, way, old, value)
    if isinstance(old, CollectionNode) and old.value:
        return _block(style, way, old, value)
    if key is None or not isinstance(value, (dict, list)):
        return insert_flow.fill(style, way, old, value)
    return _below_key(style, way, key, old, value)


def _item_by_item(old: SequenceNode, value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and is_scalars(value)
        and all(isinstance(item, ScalarNode) for item in old.value)
    )


def _items(style: Style, way: Way, value: list[Any]) -> list[Edit]:
    """Change only the items that differ, then put in or take out at the end."""
    old = way[-1]
    assert isinstance(old, SequenceNode)
    found: list[Edit] = []
    for item, new in zip(old.value, value, strict=False):
        known = style.written.plain(item)
        if known != new or type(known) is not type(new):
            found.append(scalar_edit(style, item, new))
    more = value[len(old.value) :]
    if more:
        insert = insert_flow.insert_items if old.flow_style else insert_block.insert_items
        return found + insert(style, way, len(old.value) - 1, more)
    return found + removals(style, way, set(range(len(value), len(old.value))))


def scalar_edit(style: Style, old: Node, value: Any) -> Edit:
    """Give a scalar, a key or a value, another text, in the quotes that it has. May refuse."""
    start, end = int(old.start_mark.index), int(old.end_mark.index)
    if not isinstance(old, ScalarNode) or old.style in ("|", ">"):
        raise style.written.refused("the text here cannot be replaced", old)
    if not style.written.bare(old):
        raise style.written.refused("the value has a tag or an anchor", old)
    text = scalar_text(value, old.style if old.style in ('"', "'") else "")
    before = style.text[start - 1 : start]
    return Edit(start, end, f" {text}" if before and before in ":-?" else text)


def _in_flow_already(old: Node) -> bool:
    return isinstance(old, CollectionNode) and bool(old.flow_style) and bool(old.value)


def _block(style: Style, way: Way, old: CollectionNode, value: Any) -> list[Edit]:
    """Write another value in the place of a block collection."""
    _check_comments(style, old)
    start, holder = style.written.content(old), way[-1]
    eol, end = style.eol(start), style.end(old)
    if isinstance(value, list) and value and isinstance(old, SequenceNode):
        look = insert_block.layout(style, [*way, old], value)
        lines = insert_block.list_lines(value, style.dash(old), look)
        return [Edit(start, end, eol.join(lines).lstrip(" "))]
    if isinstance(value, (dict, list)) and value and isinstance(holder, MappingNode):
        look = insert_block.layout(style, way, value)
        lines = insert_block.value_lines(value, style.column(holder), look)
        return [Edit(style.lines.back(start, BLANKS), end, "".join(eol + line for line in lines))]
    return [in_place(style, old, insert_flow.inline(value, insert_flow.Flow()))]


def _below_key(style: Style, way: Way, key: Node, old: Node, value: Any) -> list[Edit]:
    """Give a block mapping's key, which has nothing, null or an empty collection, a collection."""
    start, end = int(old.start_mark.index), int(old.end_mark.index)
    text = style.text
    colon = text[key.end_mark.index : start]
    one_line = not any(mark in text[key.end_mark.index : end] for mark in BREAKS)
    if colon.strip(" \t") != ":" or not one_line or not value:
        return insert_flow.fill(style, way, old, value)
    short = is_short(value) and isinstance(value, list)
    if short and (start < end or style.in_brackets(way, style.written.plain(key), value)):
        return insert_flow.fill(style, way, old, value)
    below = insert_block.insert_value(style, way, end, value)
    return [Edit(int(key.end_mark.index) + colon.index(":") + 1, end, ""), below]


def _check_comments(style: Style, old: Node) -> None:
    """Raise Refused if comments stand in what would be replaced."""
    if isinstance(old, CollectionNode) and old.value:
        body = style.text[style.written.content(old) : style.end(old)]
        if any(mark + "#" in body for mark in " \t\r\n"):
            raise style.written.refused("comments in the value would be lost", old)
