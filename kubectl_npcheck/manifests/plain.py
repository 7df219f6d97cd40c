"""Nodes to plain data: dict, list, str, int, float, bool, None. Knows duplicates, aliases, merges.

The common document has no tags, anchors, merge keys and duplicates and takes the short way
(`fast`); for any of these, `Builder` does it with care. What they give is the same.
"""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.manifests.compose import MAX_DEPTH, AliasNode, Untagged
from kubectl_npcheck.manifests.scalars import key_text, plain_scalar, tagged_scalar
from kubectl_npcheck.origin import Path
from kubectl_npcheck.pyyaml import MappingNode, Node, ScalarNode, SequenceNode

MAX_NODES = 200_000
"""Values that the aliases of a document may add to those that are written out."""

_IN_PROGRESS = (-1, -1)

MERGE = "tag:yaml.org,2002:merge"


class NeedsCareError(Exception):
    """The short way met something that only `Builder` reads."""


class BuildError(Exception):
    """A node that cannot be read."""

    def __init__(self, message: str, node: Node) -> None:
        super().__init__(message)
        self.message = message
        self.node = node


def fast(node: Node) -> Any:
    """Plain data of a node from `compose_values`; NeedsCareError for what is not plain sailing."""
    if node.__class__ is ScalarNode:
        return node.tag
    if node.__class__ is MappingNode:
        pairs = node.value
        mapping: dict[str, Any] = {}
        for key, item in pairs:
            name = key.tag
            if name.__class__ is not str:
                raise NeedsCareError
            mapping[name] = item.tag if item.__class__ is ScalarNode else fast(item)
        if len(mapping) != len(pairs):
            raise NeedsCareError
        return mapping
    return [item.tag if item.__class__ is ScalarNode else fast(item) for item in node.value]


class Builder:
    """Plain data of nodes from `compose_exact`, once per node: aliases share their value.

    duplicates: path of each key that repeats one of its mapping (the last one wins).
    """

    __slots__ = ("_built", "_sizes", "_written", "duplicates")

    def __init__(self) -> None:
        self.duplicates: list[Path] = []
        self._written = 0
        self._built: dict[int, Any] = {}
        self._sizes: dict[int, tuple[int, int]] = {}

    def build(self, node: Node) -> Any:
        """The value of the root node. Raises BuildError."""
        self._measure(node)
        return self._value(node, ())

    def _measure(self, node: Node) -> tuple[int, int]:
        """Number and depth of the values below a node with aliases expanded."""
        if isinstance(node, ScalarNode):
            self._written += 1
            return 1, 0
        if isinstance(node, AliasNode):
            if isinstance(node.value, ScalarNode):
                return 1, 0
            if self._sizes.get(id(node.value)) is _IN_PROGRESS:
                raise BuildError("an alias refers to a value that contains it", node)
            return self._measure(node.value)
        known = self._sizes.get(id(node))
        if known is not None:
            return known
        self._sizes[id(node)] = _IN_PROGRESS
        size, depth = 1, 0
        for child in node.value:
            for part in child if isinstance(node, MappingNode) else (child,):
                below = self._measure(part)
                size += below[0]
                depth = max(depth, below[1])
        self._written += 1
        if size > MAX_NODES + self._written:
            raise BuildError(f"aliases expand to more than {MAX_NODES:,} values", node)
        if depth >= MAX_DEPTH:
            raise BuildError(f"aliases expand deeper than {MAX_DEPTH} levels", node)
        self._sizes[id(node)] = size, depth + 1
        return size, depth + 1

    def _value(self, node: Node, path: Path) -> Any:
        if isinstance(node, AliasNode):
            node = node.value
        if isinstance(node, ScalarNode):
            return scalar_value(node)
        if id(node) in self._built:
            return self._built[id(node)]
        value: Any
        if isinstance(node, MappingNode):
            value = self._mapping(node, path)
        else:
            value = [self._value(item, (*path, index)) for index, item in enumerate(node.value)]
        self._built[id(node)] = value
        return value

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        written: set[str] = set()
        for key, item in node.value:
            if is_merge(key):
                for merged in reversed(merge_sources(item)):
                    mapping.update(self._value(merged, path))
                continue
            name = key_name(key)
            if name in written:
                self.duplicates.append((*path, name))
            written.add(name)
            mapping[name] = self._value(item, (*path, name))
        return mapping


def scalar_value(node: ScalarNode) -> Any:
    """The value of a scalar node from `compose_exact`. Raises BuildError."""
    tag: Any = node.tag
    if isinstance(tag, Untagged):
        return plain_scalar(node.value) if tag.plain else node.value
    try:
        return tagged_scalar(tag, node.value, not node.style)
    except ValueError as error:
        raise BuildError(str(error), node) from None


def key_name(key: Node) -> str:
    """A key node's text as JSON has it. Raises BuildError where kubectl refuses the key."""
    if isinstance(key, AliasNode):
        key = key.value
    if not isinstance(key, ScalarNode):
        kind = "list" if isinstance(key, SequenceNode) else "mapping"
        raise BuildError(f"a {kind} cannot be a key", key)
    name = key_text(scalar_value(key))
    if name is None:
        raise BuildError("a key is empty (null)", key)
    return name


def is_merge(key: Node) -> bool:
    """True for the merge key `<<` (unquoted, or tagged so)."""
    if not isinstance(key, ScalarNode):
        return False
    tag: Any = key.tag
    return tag == MERGE or (isinstance(tag, Untagged) and tag.plain and key.value == "<<")


def merge_sources(node: Node) -> list[MappingNode]:
    """The mappings that a merge key names, the most important one first. Raises BuildError."""
    node = node.value if isinstance(node, AliasNode) else node
    sources: list[MappingNode] = []
    for source in node.value if isinstance(node, SequenceNode) else [node]:
        target = source.value if isinstance(source, AliasNode) else source
        if not isinstance(target, MappingNode):
            raise BuildError("`<<` wants a mapping, or a list of mappings", source)
        sources.append(target)
    return sources
