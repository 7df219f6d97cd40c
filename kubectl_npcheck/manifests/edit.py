"""Changes of a document, kept to the bytes that they need. Nothing that stands there is rewritten.

An operation says what is wanted by path; `edits` gives the pieces of text to put in or take out,
in the style of what surrounds them, or refuses. Knows no meaning of fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from yaml.nodes import CollectionNode, MappingNode, Node, SequenceNode

from kubectl_npcheck.manifests import insert_block, insert_flow
from kubectl_npcheck.manifests.document import Document
from kubectl_npcheck.manifests.remove import removals
from kubectl_npcheck.manifests.replace import replacement
from kubectl_npcheck.manifests.sibling import document_after
from kubectl_npcheck.manifests.source import Source
from kubectl_npcheck.manifests.splice import Edit, Refused, apply, arranged
from kubectl_npcheck.manifests.style import Style
from kubectl_npcheck.manifests.written import Written
from kubectl_npcheck.origin import Path, path_text

__all__ = [
    "Append",
    "Edit",
    "Insert",
    "Operation",
    "Put",
    "Refused",
    "Remove",
    "apply",
    "edits",
    "encode",
    "new_document",
    "new_item",
]


class Put(NamedTuple):
    """In the mapping at `path`, `key` gets the value, whatever it had.

    A new key goes after the last one of `after` that exists, else to the end of the mapping.
    What does not exist on the path is made. In a sequence, `key` is the index of an item.
    """

    path: Path
    key: str | int
    value: Any
    after: tuple[str, ...] = ()


class Append(NamedTuple):
    """The sequence at `path` gets a further item, unless it has an equal one."""

    path: Path
    value: Any


class Insert(NamedTuple):
    """The sequence that has the item at `path` gets a further item after that one."""

    path: Path
    value: Any


class Remove(NamedTuple):
    """The key or item at `path` goes, with its value and its line."""

    path: Path


Operation = Put | Append | Insert | Remove


def edits(document: Document, operations: Iterable[Operation]) -> list[Edit]:
    """The edits of the file's text that make the changes, sorted, none if all is so already.

    Raises Refused where the text leaves a doubt.
    """
    plan = _Plan(document)
    for operation in operations:
        plan.add(operation)
    return plan.edits()


def new_document(document: Document, value: dict[str, Any]) -> Edit:
    """A further document after this one, in its style. Raises Refused (JSON takes no second)."""
    return document_after(Style(Written(document)), document, value)


def new_item(document: Document, path: Path, value: dict[str, Any]) -> list[Edit]:
    """A further item of a List after the one at `path`, in the style of its neighbours."""
    return edits(document, [Insert(path, value)])


def encode(source: Source, text: str) -> bytes:
    """The bytes of a changed text, with the file's encoding and byte order mark."""
    return source.encode(text)


class _Group:
    """What happens to one collection: the last node of `way`.

    new: what is put in after the element at an index, in order; names are None in a sequence
    """

    __slots__ = ("new", "path", "put", "removed", "way")

    def __init__(self, way: list[Node], path: Path) -> None:
        self.way = way
        self.path = path
        self.new: dict[int, list[tuple[str | None, Any]]] = {}
        self.put: dict[int, Any] = {}
        self.removed: set[int] = set()


class _Plan:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.written = Written(document)
        self.style = Style(self.written)
        self.groups: dict[int, _Group] = {}

    def add(self, operation: Operation) -> None:
        if isinstance(operation, Put):
            self.put((*operation.path, operation.key), operation.value, operation.after)
        elif isinstance(operation, Append):
            self.append(operation.path, operation.value)
        elif isinstance(operation, Insert):
            self.insert(operation.path, operation.value)
        else:
            self.remove(operation.path)

    def put(self, path: Path, value: Any, after: tuple[str, ...]) -> None:
        group, index, rest = self.place(path)
        if index is None:
            self.add_new(group, _name(path, rest), _nested(rest[1:], value, path), after)
        elif not rest:
            old = _child(group.way[-1], index)
            if not same(self.plain(old), value):
                group.put[index] = value
            else:
                group.put.pop(index, None)
        else:
            group.put[index] = _merged(group.put.get(index), _nested(rest, value, path))

    def place(self, path: Path) -> tuple[_Group, int | None, Path]:
        """The collection to change for a path, which element of it, and what is to be made below.

        No element: the first part of the rest is a key to add.
        """
        way = self.written.way(path)
        found = len(way) - 1
        node = way[-1]
        if found == len(path) and found:
            group = self.group(way[:-1], path[:-1])
            return group, self.index(way[-2], path[-1]), ()
        if isinstance(node, MappingNode) and node.value:
            return self.group(way, path[:found]), None, path[found:]
        if not found or self.plain(node) not in (None, {}, []):
            raise self.written.refused(f"`{path_text(path[:found])}` is not a mapping", node)
        group = self.group(way[:-1], path[: found - 1])
        return group, self.index(way[-2], path[found - 1]), path[found:]

    def index(self, node: Node, part: str | int) -> int:
        if isinstance(node, MappingNode):
            index = self.written.index(node, str(part))
            assert index is not None
            return index
        assert isinstance(part, int)
        return part

    def group(self, way: list[Node], path: Path) -> _Group:
        return self.groups.setdefault(id(way[-1]), _Group(way, path))

    def plain(self, node: Node) -> Any:
        return self.written.plain(node)

    def add_new(self, group: _Group, name: str, value: Any, after: tuple[str, ...]) -> None:
        for pairs in group.new.values():
            for at, (known, old) in enumerate(pairs):
                if known == name:
                    pairs[at] = (name, _merged(old, value))
                    return
        index, at = self.anchor(group, name, after)
        group.new.setdefault(index, []).insert(at, (name, value))

    def anchor(self, group: _Group, name: str, after: tuple[str, ...]) -> tuple[int, int]:
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

    def append(self, path: Path, value: Any) -> None:
        way = self.written.way(path)
        node = way[-1]
        if len(way) - 1 == len(path) and isinstance(node, SequenceNode) and node.value:
            group = self.group(way, path)
            last = len(node.value) - 1
            known = [self.plain(item) for item in node.value]
            known += [new for _, new in group.new.get(last, ())]
            if not any(same(old, value) for old in known):
                group.new.setdefault(last, []).append((None, value))
            return
        group, index, rest = self.place(path)
        if index is None:
            self.add_new(group, _name(path, rest), _nested(rest[1:], [value], path), ())
        elif rest or self.plain(node) in (None, []):
            new = _nested(rest, [value], path)
            group.put[index] = _merged(group.put.get(index), new)
        else:
            raise self.written.refused(f"`{path_text(path)}` is not a list", node)

    def insert(self, path: Path, value: Any) -> None:
        way = self.written.way(path)
        if len(way) - 1 < len(path) or not isinstance(way[-2], SequenceNode):
            raise Refused(f"`{path_text(path)}` is not an item of a list", self.document.line)
        group = self.group(way[:-1], path[:-1])
        group.new.setdefault(int(path[-1]), []).append((None, value))

    def remove(self, path: Path) -> None:
        way = self.written.way(path[:-1])
        if len(way) < len(path):
            return
        node = self.written.way(path)
        if len(node) - 1 < len(path):
            return
        self.written.check_all(node[-1], path)
        self.group(way, path[:-1]).removed.add(self.index(way[-1], path[-1]))

    def edits(self) -> list[Edit]:
        found: list[Edit] = []
        for group in sorted(self.groups.values(), key=lambda group: -len(group.way)):
            found += self.changes(group)
        shift = self.document.start
        return [Edit(e.start + shift, e.end + shift, e.text) for e in arranged(found)]

    def changes(self, group: _Group) -> list[Edit]:
        node = group.way[-1]
        assert isinstance(node, CollectionNode)
        found: list[Edit] = []
        for index, value in group.put.items():
            self.written.check_all(_child(node, index), group.path)
            found += replacement(self.style, group.way, index, value)
        room = insert_flow if node.flow_style else insert_block
        for index, new in sorted(group.new.items()):
            if isinstance(node, MappingNode):
                pairs = [(str(name), value) for name, value in new]
                found += room.insert_pairs(self.style, group.way, index, pairs)
            else:
                values = [value for _, value in new]
                found += room.insert_items(self.style, group.way, index, values)
        return found + removals(self.style, group.way, group.removed)


def same(one: Any, other: Any) -> bool:
    """Whether two values of plain data are equal; `1` and `true` are not."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
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
