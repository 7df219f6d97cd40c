"""A document's nodes as they are written: the way to a place that may be edited.

Unlike `positions.find`, nothing is followed: what comes by an alias or a merge key, is used by an
alias elsewhere, or is written twice, is refused. Knows nodes; no style and no edits.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from kubectl_npcheck.manifests.compose import AliasNode
from kubectl_npcheck.manifests.document import Document
from kubectl_npcheck.manifests.editing.lines import BLANKS, BREAKS
from kubectl_npcheck.manifests.editing.splice import Refused
from kubectl_npcheck.manifests.plain import (
    Builder,
    BuildError,
    is_merge,
    key_name,
    merge_sources,
    scalar_value,
)
from kubectl_npcheck.manifests.positions import root_node
from kubectl_npcheck.origin import Path, path_text
from kubectl_npcheck.pyyaml import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode


class Written:
    """One document, composed. Offsets count from the document's start."""

    __slots__ = ("_aliases", "_known", "document", "root", "text")

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        root = root_node(document)
        if root is None:
            raise Refused("this JSON cannot be edited in place", document.line)
        template = _template_comment().search(self.text) if _may_be_template(self.text) else None
        if template:
            line = self.line(template.start())
            raise Refused(f"a template (`{template[1]}` in a comment): render it first", line)
        self.root = root
        self._aliases: dict[int, Node] = {}
        self._known: dict[int, list[str]] = {}
        if "*" in self.text:
            self._collect(root)

    def way(self, path: Path) -> list[Node]:
        """The nodes from the root along a path, as far as it is written; all may be edited.

        Raises Refused where the rest of the path exists, but is written elsewhere.
        """
        nodes = [self.root]
        for depth, part in enumerate(path):
            self.check(nodes[-1], path[:depth])
            below = self._below(nodes[-1], part, path[:depth])
            if below is None:
                break
            nodes.append(below)
        else:
            self.check(nodes[-1], path)
        return nodes

    def index(self, mapping: MappingNode, name: str) -> int | None:
        """Which pair of a mapping writes a key; None if none does. Refuses repeated keys."""
        names = self._names(mapping)
        return names.index(name) if name in names else None

    def merged(self, mapping: MappingNode, name: str) -> int | None:
        """Which pair of a mapping is the last merge key that brings a key; None if none does."""
        names = self._names(mapping)
        if _MERGE in names:
            for at in range(len(names) - 1, -1, -1):
                key, value = mapping.value[at]
                if is_merge(key) and any(self._brings(s, name) for s in merge_sources(value)):
                    return at
        return None

    def check(self, node: Node, path: Path) -> None:
        """Raise Refused if a node must not be edited: an alias, or what an alias refers to."""
        if not self._aliases:
            return
        name = path_text(path) or "the document"
        if isinstance(node, AliasNode):
            raise self.refused(f"`{name}` is the alias `{self._source(node)}`", node)
        alias = self._aliases.get(id(node))
        if alias is not None:
            line = self.line(alias.start_mark.index)
            raise self.refused(
                f"`{name}` is also used by `{self._source(alias)}` (line {line})", node
            )

    def check_all(self, node: Node, path: Path) -> None:
        """The same for everything below a node that is to be removed; aliases may go."""
        if not self._aliases or isinstance(node, AliasNode):
            return
        self.check(node, path)
        if isinstance(node, CollectionNode):
            for child in node.value:
                for part in child if isinstance(child, tuple) else (child,):
                    self.check_all(part, path)

    def plain(self, node: Node) -> Any:
        """The plain data of a node. Raises BuildError."""
        if isinstance(node, ScalarNode):
            return scalar_value(node)
        return Builder().build(node)

    def content(self, node: Node) -> int:
        """Offset at which a node's own text begins: past anchor, tag, blanks and comments."""
        at, text = int(node.start_mark.index), self.text
        while at < len(text):
            if text[at] in "&!":
                while at < len(text) and text[at] not in BLANKS:
                    at += 1
            elif text[at] == "#":
                while at < len(text) and text[at] not in BREAKS:
                    at += 1
            elif text[at] in BLANKS:
                at += 1
            else:
                break
        return at

    def bare(self, node: Node) -> bool:
        """Whether a node has neither anchor nor tag."""
        return self.text[node.start_mark.index : node.start_mark.index + 1] not in ("&", "!")

    def line(self, offset: int) -> int:
        """1-based line in the file."""
        return self.document.source.line_of(self.document.start + offset)

    def refused(self, reason: str, node: Node) -> Refused:
        """A refusal with the line of a node."""
        return Refused(reason, self.line(node.start_mark.index))

    def _below(self, node: Node, part: str | int, path: Path) -> Node | None:
        if isinstance(node, MappingNode):
            at = self.index(node, str(part))
            if at is not None:
                below: Node = node.value[at][1]
                return below
            merge = self.merged(node, str(part))
            if merge is not None:
                source = self._source(node.value[merge][1])
                name = path_text((*path, part))
                raise self.refused(f"`{name}` comes by `<<: {source}`", node.value[merge][0])
            return None
        if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
            item: Node = node.value[part]
            return item
        return None

    def _names(self, mapping: MappingNode) -> list[str]:
        names = self._known.get(id(mapping))
        if names is None:
            names = self._known[id(mapping)] = [self._name(key) for key, _ in mapping.value]
            for at, name in enumerate(names):
                if name in names[:at] and name != _MERGE:
                    raise self.refused(f"`{name}` is written twice", mapping.value[at][0])
        return names

    def _brings(self, source: MappingNode, name: str) -> bool:
        for key, value in source.value:
            if is_merge(key):
                if any(self._brings(below, name) for below in merge_sources(value)):
                    return True
            elif self._name(key) == name:
                return True
        return False

    def _name(self, key: Node) -> str:
        try:
            return _MERGE if is_merge(key) else key_name(key)
        except BuildError as error:
            raise self.refused(error.message, key) from None

    def _source(self, node: Node) -> str:
        return " ".join(self.text[node.start_mark.index : node.end_mark.index].split())

    def _collect(self, node: Node) -> None:
        if isinstance(node, AliasNode):
            self._aliases.setdefault(id(node.value), node)
        elif isinstance(node, CollectionNode):
            for child in node.value:
                for part in child if isinstance(child, tuple) else (child,):
                    self._collect(part)


_MERGE = "<<"


def _may_be_template(text: str) -> bool:
    return "#@" in text or ("{{" in text and "#" in text)


@lru_cache(maxsize=1)
def _template_comment() -> re.Pattern[str]:
    """Comment lines that steer ytt (`#@ if`) or Helm (`# {{- if … }}`): their place matters."""
    return re.compile(r"(?:^|(?<=[\r\n]))[ \t]*(#@|#[^\r\n]*?\{\{)")
