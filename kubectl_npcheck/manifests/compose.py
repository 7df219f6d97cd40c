"""YAML text to nodes, by libyaml where PyYAML has it. Knows nodes, marks and bounds; no values.

PyYAML's resolver costs more than libyaml's parsing. `compose_values` is the quick way: a node's
`tag` holds the *value* of a scalar (None for a collection). `compose_exact` builds the nodes from
events: it knows tags, where an alias is written, and anchors that are defined twice.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

from kubectl_npcheck.manifests.scalars import PlainScalars
from kubectl_npcheck.pyyaml import (
    AliasEvent,
    CollectionEndEvent,
    CollectionNode,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingNode,
    MappingStartEvent,
    Node,
    NodeEvent,
    Parser,
    ScalarEvent,
    ScalarNode,
    SequenceNode,
    yaml,
)
from kubectl_npcheck.record import Record

MAX_DEPTH = 100
"""Levels of nesting beyond which a document is refused; the API server's objects stay below 30."""

_LONG_LINE = 200
_SCALARS = PlainScalars()


class Untagged(Record):
    """Stands in `node.tag` for "no tag"; plain: an unquoted scalar."""

    plain: bool


_PLAIN = Untagged(True)
_QUOTED = Untagged(False)


class AliasNode(Node):
    """`*name`: stands where it is written; `value` is the node that it refers to."""

    id = "alias"


class TooDeepError(Exception):
    """Nesting deeper than MAX_DEPTH; `index` is the offset where it becomes so."""

    def __init__(self, index: int = 0) -> None:
        super().__init__(index)
        self.index = index


class _Values(Parser):
    """Scalars carry their value in `tag`."""

    @staticmethod
    def resolve(kind: type[Node], value: Any, implicit: Any) -> Any:
        if kind is ScalarNode and implicit[0]:
            return _SCALARS[value]
        return value


class _ValueParser(_Values):
    """The quick way: what is called once a node and of no use is the cheapest callable."""

    descend_resolver = staticmethod(operator.is_)
    ascend_resolver = staticmethod(tuple)


class _UntaggedParser(Parser):
    """Nodes without tags say so in `tag`."""

    def resolve(self, kind: type[Node], value: Any, implicit: Any) -> Any:
        return _PLAIN if kind is ScalarNode and implicit[0] else _QUOTED

    descend_resolver = staticmethod(operator.is_)
    ascend_resolver = staticmethod(tuple)


class _BoundedValueParser(_Values):
    """The same, never deeper than MAX_DEPTH: composing is recursive, in C too."""

    depth = 0

    def descend_resolver(self, parent: Any, index: Any) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooDeepError

    def ascend_resolver(self) -> None:
        self.depth -= 1


def compose_values(text: str) -> Node | None:
    """The root node of the one document in a text, values in `tag`; None for an empty document.

    Only for texts without tags, aliases and merge keys. Raises yaml.YAMLError, TooDeepError.
    """
    return _single(_BoundedValueParser if may_be_deep(text) else _ValueParser, text)


def may_be_deep(text: str) -> bool:
    """False only if the nesting cannot harm the recursive composer (700 levels at most).

    A block level needs a further column, or a list at its key's column; a flow level a bracket.
    """
    if text.count("[") + text.count("{") > MAX_DEPTH:
        return True
    start = 0
    while len(text) - start > _LONG_LINE:  # in strides: most lines are short
        end = text.rfind("\n", start, start + _LONG_LINE + 1)
        if end < 0:
            return True
        start = end + 1
    return False


def compose_exact(text: str) -> Node | None:
    """The root node of the one document in a text; None for an empty document.

    Each `tag` is an `Untagged` or the tag as written. Raises yaml.YAMLError, TooDeepError.
    """
    if "!" not in text and not ("&" in text and "*" in text) and not may_be_deep(text):
        try:
            return _single(_UntaggedParser, text)
        except yaml.composer.ComposerError:  # an anchor that is defined twice
            pass
    parser: Any = Parser(text)
    try:
        return _Composer().root(parser)
    except yaml.scanner.ScannerError as error:
        raise _bounded(error) from None
    finally:
        parser.dispose()


def _single(parser_class: Callable[[str], Any], text: str) -> Node | None:
    parser = parser_class(text)
    try:
        node: Node | None = parser.get_single_node()
    except RecursionError:
        raise TooDeepError from None
    except yaml.scanner.ScannerError as error:
        raise _bounded(error) from None
    finally:
        parser.dispose()
    return node


def _bounded(error: yaml.scanner.ScannerError) -> Exception:
    """The error itself, or TooDeepError where it is libyaml's own bound (1,000, from 0.2.6 on)."""
    if error.problem == "exceeded maximum nesting depth":
        return TooDeepError(error.problem_mark.index if error.problem_mark else 0)
    return error


def scan(text: str) -> Iterator[Any]:
    """The tokens of a text, with their marks. Raises yaml.YAMLError."""
    parser: Any = Parser(text)
    try:
        while parser.check_token():
            yield parser.get_token()
    finally:
        parser.dispose()


class _Composer:
    """Events to nodes, without recursion."""

    def __init__(self) -> None:
        self.anchors: dict[str, Node] = {}
        self.open: list[CollectionNode] = []
        self.keys: list[Node | None] = []
        self.top: Node | None = None

    def root(self, parser: Any) -> Node | None:
        documents = 0
        while parser.check_event():
            event: Any = parser.get_event()
            kind = type(event)
            if issubclass(kind, NodeEvent):
                self._add(event)
            elif issubclass(kind, CollectionEndEvent):
                self.open.pop().end_mark = event.end_mark
                self.keys.pop()
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise yaml.composer.ComposerError(
                        None, None, "but found another document", event.start_mark
                    )
        return self.top

    def _add(self, event: Any) -> None:
        node = self._node(event)
        if event.anchor is not None and not isinstance(event, AliasEvent):
            self.anchors[event.anchor] = node
        if not self.open:
            self.top = node
        elif isinstance(self.open[-1], SequenceNode):
            self.open[-1].value.append(node)
        else:
            key = self.keys[-1]
            if key is None:
                self.keys[-1] = node
            else:
                self.open[-1].value.append((key, node))
                self.keys[-1] = None
        if issubclass(type(event), CollectionStartEvent):
            if len(self.open) >= MAX_DEPTH:
                raise TooDeepError(event.start_mark.index)
            assert isinstance(node, CollectionNode)
            self.open.append(node)
            self.keys.append(None)

    def _node(self, event: Any) -> Node:
        start, end = event.start_mark, event.end_mark
        if type(event) is AliasEvent:
            target = self.anchors.get(str(event.anchor))
            if target is None:
                problem = f"`*{event.anchor}` refers to no anchor before it"
                raise yaml.composer.ComposerError(None, None, problem, start)
            return AliasNode("", target, start, end)
        if type(event) is ScalarEvent:
            tag: Any = event.tag or (_PLAIN if event.implicit[0] else _QUOTED)
            return ScalarNode(tag, event.value, start, end, event.style)
        kind = MappingNode if type(event) is MappingStartEvent else SequenceNode
        tag = event.tag or _QUOTED
        return kind(tag, [], start, end, event.flow_style)
