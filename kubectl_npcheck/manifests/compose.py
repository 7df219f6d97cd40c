"""YAML text to nodes, by libyaml where PyYAML has it. Knows nodes, marks and bounds; no values.

PyYAML's resolver costs more than libyaml's parsing. Here a node's `tag` holds the *value* of an
untagged scalar (None for a collection), so that plain values are read off the nodes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import yaml
from yaml.nodes import Node, ScalarNode

from kubectl_npcheck.manifests.scalars import PlainScalars

MAX_DEPTH = 100
"""Levels of nesting beyond which a document is refused; the API server's objects stay below 30."""

_LONG_LINE = 200
_SCALARS = PlainScalars()


class Untagged(NamedTuple):
    """Stands in `node.tag` for "no tag" where a text may have tags; plain: unquoted."""

    plain: bool


class TooDeepError(Exception):
    """Nesting deeper than MAX_DEPTH."""


try:
    from yaml.cyaml import CParser as _Parser  # type: ignore[attr-defined]
except ImportError:  # PyYAML without libyaml

    class _Parser(  # type: ignore[no-redef]
        yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser, yaml.composer.Composer
    ):
        def __init__(self, stream: str) -> None:
            yaml.reader.Reader.__init__(self, stream)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)
            yaml.composer.Composer.__init__(self)


class _ValueParser(_Parser):
    """Untagged scalars carry their value in `tag`."""

    def resolve(self, kind: type[Node], value: Any, implicit: Any) -> Any:
        if kind is ScalarNode and implicit[0]:
            return _SCALARS[value]
        return value

    def descend_resolver(self, parent: Any, index: Any) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


class _TagParser(_Parser):
    """Untagged nodes carry an `Untagged`, tagged ones their tag. Depth is bounded."""

    def resolve(self, kind: type[Node], value: Any, implicit: Any) -> Any:
        return Untagged(kind is ScalarNode and implicit[0])

    depth = 0

    def descend_resolver(self, parent: Any, index: Any) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooDeepError

    def ascend_resolver(self) -> None:
        self.depth -= 1


class _BoundedValueParser(_ValueParser):
    depth = 0
    descend_resolver = _TagParser.descend_resolver
    ascend_resolver = _TagParser.ascend_resolver


def compose_values(text: str) -> Node | None:
    """The root node of the one document in a text, scalars' values in their `tag`.

    Only for texts without tags and merge keys. Raises yaml.YAMLError, TooDeepError.
    """
    return _root((_BoundedValueParser if may_be_deep(text) else _ValueParser)(text))


def compose_tags(text: str) -> Node | None:
    """The root node of the one document in a text; each `tag` is an `Untagged` or the tag.

    Raises yaml.YAMLError, TooDeepError.
    """
    return _root(_TagParser(text))


def may_be_deep(text: str) -> bool:
    """False only if the nesting cannot harm the recursive composer (700 levels at most).

    A block level needs a further column, or a list at its key's column; a flow level a bracket.
    """
    if text.count("[") + text.count("{") > MAX_DEPTH:
        return True
    return len(text) > _LONG_LINE and len(max(text.split("\n"), key=len)) > _LONG_LINE


def _root(parser: Any) -> Node | None:
    try:
        node: Node | None = parser.get_single_node()
    except RecursionError:
        raise TooDeepError from None
    finally:
        parser.dispose()
    return node
