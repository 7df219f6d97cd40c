"""Operations gathered by the collection that they change, then turned into edits of the text.

Several changes of one place are made together: keys that go after the same key, values below a
mapping that does not exist yet.
"""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.manifests.document import Document
from kubectl_npcheck.manifests.editing import insert_block, insert_flow
from kubectl_npcheck.manifests.editing.operations import Append, Insert, Operation, Put, Remove
from kubectl_npcheck.manifests.editing.remove import removals
from kubectl_npcheck.manifests.editing.replace import replacement, scalar_edit
from kubectl_npcheck.manifests.editing.splice import Edit, Refused, arranged
from kubectl_npcheck.manifests.editing.style import style_of
from kubectl_npcheck.origin import Path, path_text
from kubectl_npcheck.pyyaml import CollectionNode, MappingNode, Node, SequenceNode


class Group:
    """What happens to one collection: the last node of `way`.

    new: what is put in after the element at an index, in order; names are None in a sequence
    """

    __slots__ = ("new", "path", "put", "removed", "renamed", "way")

    def __init__(self, way: list[Node], path: Path) -> None:
        self.way = way
        self.path = path
        self.new: dict[int, list[tuple[str | None, Any]]] = {}
        self.put: dict[int, Any] = {}
        self.removed: set[int] = set()
        self.renamed: list[Edit] = []


class Plan:
    """The operations on one document, by the collection that they change."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.style = style_of(document)
        self.written = self.style.written
        self.groups: dict[int, Group] = {}

    def add(self, operation: Operation) -> None:
        """Take one more operation in. Raises Refused."""
        if isinstance(operation, Put):
            self._put((*operation.path, operation.key), operation.value, operation.after)
        elif isinstance(operation, Append):
            self._append(operation.path, operation.value)
        elif isinstance(operation, Insert):
            self._insert(operation.path, operation.value)
        elif isinstance(operation, Remove):
            self._remove(operation.path)
        else:
            self._rename(operation.path, operation.key)

    def _put(self, path: Path, value: Any, after: tuple[str, ...]) -> None:
        group, index, rest = self._place(path)
        if index is None:
            self._add_new(group, _name(path, rest), _nested(rest[1:], value, path), after)
        elif not rest:
            old = _child(group.way[-1], index)
            if not same(self._plain(old), value):
                group.put[index] = value
            else:
                group.put.pop(index, None)
        else:
            group.put[index] = _merged(group.put.get(index), _nested(rest, value, path))

    def _place(self, path: Path) -> tuple[Group, int | None, Path]:
        """The collection to change for a path, which element of it, and what is to be made below.

        No element: the first part of the rest is a key to add.
        """
        way = self.written.way(path)
        found = len(way) - 1
        node = way[-1]
        if found == len(path) and found:
            group = self._group(way[:-1], path[:-1])
            return group, self._index(way[-2], path[-1]), ()
        if isinstance(node, MappingNode) and node.value:
            return self._group(way, path[:found]), None, path[found:]
        if not found or self._plain(node) not in (None, {}, []):
            raise self.written.refused(f"`{path_text(path[:found])}` is not a mapping", node)
        group = self._group(way[:-1], path[: found - 1])
        return group, self._index(way[-2], path[found - 1]), path[found:]

    def _index(self, node: Node, part: str | int) -> int:
        if isinstance(node, MappingNode):
            index = self.written.index(node, str(part))
            assert index is not None
            return index
        assert isinstance(part, int)
        return part

    def _group(self, way: list[Node], path: Path) -> Group:
        return self.groups.setdefault(id(way[-1]), Group(way, path))

    def _plain(self, node: Node) -> Any:
        return self.written.plain(node)

    def _add_new(self, group: Group, name: str, value: Any, after: tuple[str, ...]) -> None:
        for pairs in group.new.values():
            for at, (known, old) in enumerate(pairs):
                if known == name:
                    pairs[at] = (name, _merged(old, value))
                    return
        index, at = self._anchor(group, name, after)
        group.new.setdefault(index, []).insert(at, (name, value))

    def _anchor(self, group: Group, name: str, after: tuple[str, ...]) -> tuple[int, int]:
        """After which pair a new key goes, and as which of the new ones there."""
        mapping = group.way[-1]
        assert isinstance(mapping, MappingNode)
        merge = self.written.merged(mapping, name)
        for key in reversed(after):
            for index, pairs in group.new.items():
                names = [known for known, _ in pairs]
                if key in names:
                    return index, names.index(key) + 1
            found = self.written.index(mapping, key)
            if found is not None and found >= (merge or 0):
                return found, len(group.new.get(found, ()))
        last = len(mapping.value) - 1
        return last, len(group.new.get(last, ()))

    def _append(self, path: Path, value: Any) -> None:
        way = self.written.way(path)
        node = way[-1]
        if len(way) - 1 == len(path) and isinstance(node, SequenceNode) and node.value:
            group = self._group(way, path)
            last = len(node.value) - 1
            self._new_item(group, last, value)
            return
        group, index, rest = self._place(path)
        if index is None:
            self._add_new(group, _name(path, rest), _nested(rest[1:], [value], path), ())
        elif rest or self._plain(node) in (None, []):
            new = _nested(rest, [value], path)
            group.put[index] = _merged(group.put.get(index), new)
        else:
            raise self.written.refused(f"`{path_text(path)}` is not a list", node)

    def _insert(self, path: Path, value: Any) -> None:
        way = self.written.way(path)
        if len(way) - 1 < len(path) or not isinstance(way[-2], SequenceNode):
            raise Refused(f"`{path_text(path)}` is not an item of a list", self.document.line)
        group = self._group(way[:-1], path[:-1])
        self._new_item(group, int(path[-1]), value)

    def _new_item(self, group: Group, index: int, value: Any) -> None:
        new = group.new.setdefault(index, [])
        known = [self._plain(item) for item in group.way[-1].value]
        if not any(same(old, value) for old in [*known, *(item for _, item in new)]):
            new.append((None, value))

    def _remove(self, path: Path) -> None:
        way = self.written.way(path[:-1])
        if len(way) < len(path):
            return
        node = self.written.way(path)
        if len(node) - 1 < len(path):
            return
        self.written.check_all(node[-1], path)
        self._group(way, path[:-1]).removed.add(self._index(way[-1], path[-1]))

    def _rename(self, path: Path, key: str) -> None:
        way = self.written.way(path[:-1])
        mapping = way[-1]
        if len(way) < len(path) or not isinstance(mapping, MappingNode):
            return
        index = self.written.index(mapping, str(path[-1]))
        if index is None or key == path[-1]:
            return
        old = mapping.value[index][0]
        if self.written.index(mapping, key) is not None:
            raise self.written.refused(f"`{key}` exists beside `{path[-1]}`", old)
        self._group(way, path[:-1]).renamed.append(scalar_edit(self.style, old, key))

    def edits(self) -> list[Edit]:
        """The edits of the file's text for all of them. Raises Refused."""
        found: list[Edit] = []
        for group in sorted(self.groups.values(), key=lambda group: -len(group.way)):
            found += self._changes(group)
        shift = self.document.start
        return [Edit(e.start + shift, e.end + shift, e.text) for e in arranged(found)]

    def _changes(self, group: Group) -> list[Edit]:
        node = group.way[-1]
        assert isinstance(node, CollectionNode)
        found: list[Edit] = [*group.renamed]
        for index, value in group.put.items():
            self.written.check_all(_child(node, index), group.path)
            found += replacement(self.style, group.way, index, value)
        room = insert_flow if node.flow_style else insert_block
        for index, new in sorted(group.new.items()):
            if not new:
                continue
            index = self._kept(group, index)
            if isinstance(node, MappingNode):
                pairs = [(str(name), value) for name, value in new]
                found += room.insert_pairs(self.style, group.way, index, pairs)
            else:
                values = [value for _, value in new]
                found += room.insert_items(self.style, group.way, index, values)
        return found + removals(self.style, group.way, group.removed)

    def _kept(self, group: Group, index: int) -> int:
        """The element that something goes in after, if the one wanted is taken out."""
        if not group.removed:
            return index
        order: list[int] = [*range(index, -1, -1), *range(index + 1, len(group.way[-1].value))]
        for at in order:
            if at not in group.removed:
                return at
        raise self.written.refused("nothing would be left to put it after", group.way[-1])


def same(one: Any, other: Any) -> bool:
    """Whether two values of plain data are equal; `1` and `true` are not."""
    kind = type(one)
    if kind is not type(other):
        return False
    if kind is dict:
        if one.keys() != other.keys():
            return False
        return all(same(value, other[key]) for key, value in one.items())
    if kind is list:
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def _child(node: Node, index: int) -> Node:
    child: Node = node.value[index][1] if isinstance(node, MappingNode) else node.value[index]
    return child


def _name(path: Path, rest: Path) -> str:
    if not rest or not isinstance(rest[0], str):
        raise Refused(f"`{path_text(path)}` does not exist")
    return rest[0]


def _nested(rest: Path, value: Any, path: Path) -> Any:
    for part in reversed(rest):
        if not isinstance(part, str):
            raise Refused(f"`{path_text(path)}` does not exist")
        value = {part: value}
    return value


def _merged(old: Any, new: Any) -> Any:
    """Two values for one place: mappings together, lists one after the other, else the new one."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{key: _merged(old.get(key), value) for key, value in new.items()}}
    if isinstance(old, list) and isinstance(new, list):
        return old + [item for item in new if not any(same(item, known) for known in old)]
    return new
