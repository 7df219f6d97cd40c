"""PyYAML, without the one pattern that is most of its import and that libyaml has no need of.

`yaml.reader` compiles, when it is imported, a class of 57,000 characters, character by character:
a tenth of a short run (yaml/pyyaml#124 and #301, python/cpython#149427). Only the reader in pure
Python looks for it. Here it is compiled when that reader first does; nothing else is changed, and
with a PyYAML that has no such pattern nothing happens.

`Parser` and `SafeLoader` are those of libyaml where PyYAML has it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

NON_PRINTABLE = "[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""What YAML 1.1 does not allow in a text (section 5.1, c-printable), as PyYAML writes it."""


class LatePattern:
    """A pattern that is compiled when something is asked of it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(re.compile(NON_PRINTABLE), name)  # `re` keeps what it has compiled


@contextlib.contextmanager
def _deferring() -> Iterator[None]:
    """Within the block `re.compile` compiles everything but NON_PRINTABLE."""
    original = re.compile

    def compile(pattern: Any, flags: Any = 0) -> Any:
        return LatePattern() if pattern == NON_PRINTABLE else original(pattern, flags)

    re.compile = compile
    try:
        yield
    finally:
        re.compile = original


with _deferring():
    import yaml
    from yaml.events import (
        AliasEvent,
        CollectionEndEvent,
        CollectionStartEvent,
        DocumentStartEvent,
        MappingStartEvent,
        NodeEvent,
        ScalarEvent,
    )
    from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode
    from yaml.tokens import ScalarToken

try:
    from yaml.cyaml import CParser as Parser  # type: ignore[attr-defined]
except ImportError:  # PyYAML without libyaml

    class Parser(  # type: ignore[no-redef]
        yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser, yaml.composer.Composer
    ):
        """The same in Python."""

        def __init__(self, stream: str) -> None:
            yaml.reader.Reader.__init__(self, stream)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)
            yaml.composer.Composer.__init__(self)


SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

__all__ = [
    "AliasEvent",
    "CollectionEndEvent",
    "CollectionNode",
    "CollectionStartEvent",
    "DocumentStartEvent",
    "MappingNode",
    "MappingStartEvent",
    "Node",
    "NodeEvent",
    "Parser",
    "SafeLoader",
    "ScalarEvent",
    "ScalarNode",
    "ScalarToken",
    "SequenceNode",
    "yaml",
]
