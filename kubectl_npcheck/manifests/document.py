"""Bytes to documents: one `Document` with its plain value for each part of a file that matters.

Knows text, YAML and JSON; no meaning of what it reads. A document keeps its file's text and its
offsets, and no nodes: positions and comments are found by composing it again.
"""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.manifests.compose import (
    MAX_DEPTH,
    TooDeepError,
    compose_exact,
    compose_values,
)
from kubectl_npcheck.manifests.json_text import JSONError, begins_json, has_surrogates, read_json
from kubectl_npcheck.manifests.plain import Builder, BuildError, NeedsCareError, fast
from kubectl_npcheck.manifests.source import DocumentError, Source, decode
from kubectl_npcheck.manifests.split import Chunk, sniff, split
from kubectl_npcheck.origin import Path
from kubectl_npcheck.pyyaml import Node, SequenceNode, yaml

__all__ = ["Chunk", "Document", "DocumentError", "Source", "decode", "parse", "sniff", "split"]


class Document:
    """One document of a file.

    source:     the file
    start, end: offsets of the document in `source.text`, its `---` line and comments included
    first_line: 1-based line at `start`
    line:       1-based line at which its value begins
    value:      plain data; keys are str. Aliases share objects: do not change it
    duplicates: path of each key that repeats one of the same mapping
    item_lines: the line of each item of a List's `items`, a Template's `objects` or a bare list;
                () where there are none, or where they stand elsewhere (an alias)
    """

    __slots__ = (
        "duplicates",
        "end",
        "first_line",
        "item_lines",
        "line",
        "source",
        "start",
        "value",
    )

    def __init__(
        self,
        source: Source,
        chunk: Chunk,
        value: Any,
        line: int,
        duplicates: tuple[Path, ...] = (),
        item_lines: tuple[int, ...] = (),
    ) -> None:
        self.source = source
        self.start, self.end, self.first_line = chunk
        self.value = value
        self.line = line
        self.duplicates = duplicates
        self.item_lines = item_lines

    @property
    def text(self) -> str:
        """The document's own part of the file."""
        return self.source.text[self.start : self.end]

    @property
    def kind(self) -> str:
        """The value's `kind`, "" if there is none."""
        kind = self.value.get("kind") if isinstance(self.value, dict) else None
        return kind if isinstance(kind, str) else ""

    def __repr__(self) -> str:
        return f"Document({self.source.file}:{self.line} {self.kind})"


def parse(source: Source, chunk: Chunk) -> Document | None:
    """The document of one chunk of `split(source.text)`; None if it is empty or only comments.

    Raises DocumentError with the place in the file.
    """
    text = source.text[chunk.start : chunk.end]
    try:
        return _parse(source, chunk, text)
    except yaml.YAMLError as error:
        from kubectl_npcheck.manifests.complaints import complaint

        message, index = complaint(error, text, lambda at: source.position(chunk.start + at))
    except JSONError as error:
        message, index = error.message, error.index
    except BuildError as error:
        message, index = error.message, error.node.start_mark.index
    except TooDeepError as error:
        message, index = f"nested deeper than {MAX_DEPTH} levels", error.index
    raise DocumentError(message, *source.position(chunk.start + index))


def plain_values(content: bytes | str, name: str) -> list[Any]:
    """The plain values of all documents of a text. Raises DocumentError."""
    encoded = content.encode() if isinstance(content, str) else content
    source = decode(encoded, name)
    found = (parse(source, chunk) for chunk in split(source.text))
    return [document.value for document in found if document is not None]


def _parse(source: Source, chunk: Chunk, text: str) -> Document | None:
    if has_surrogates(text) and begins_json(text):
        document = _parse_json(source, chunk, text)
        if document is not None:
            return document
    try:
        read = _quick(text) or _careful(text)
    except yaml.YAMLError:
        document = _parse_json(source, chunk, text) if begins_json(text) else None
        if document is None:
            raise
        return document
    if read is None:
        return None
    node, value, duplicates = read
    line = _line(source, chunk, node)
    return Document(source, chunk, value, line, duplicates, _item_lines(source, chunk, node, value))


def _parse_json(source: Source, chunk: Chunk, text: str) -> Document | None:
    """What a JSON parser reads where YAML's does not; None where neither does.

    Raises JSONError only for a file that says it is JSON: elsewhere YAML's word counts.
    """
    try:
        value, duplicates = read_json(text)
    except JSONError:
        if source.file.endswith(".json"):
            raise
        return None
    line = source.line_of(chunk.start + len(text) - len(text.lstrip()))
    return Document(source, chunk, value, line, duplicates)


_Read = tuple[Node, Any, tuple[Path, ...]]


def _quick(text: str) -> _Read | None:
    """The common case at half the cost; None for what wants care, errors' exact places included."""
    if "!" in text or "<<" in text or ("&" in text and "*" in text):
        return None
    try:
        node = compose_values(text)
        value = None if node is None else fast(node)
        return None if node is None or value is None else (node, value, ())
    except (NeedsCareError, TooDeepError, yaml.composer.ComposerError):
        return None


def _careful(text: str) -> _Read | None:
    node = compose_exact(text)
    if node is None:
        return None
    builder = Builder()
    value = builder.build(node)
    if value is None:  # nothing but a marker, or `~`
        return None
    return node, value, tuple(builder.duplicates)


def _item_lines(source: Source, chunk: Chunk, root: Node, value: Any) -> tuple[int, ...]:
    if isinstance(value, list):
        return tuple(_line(source, chunk, item) for item in root.value)
    if not isinstance(value, dict) or not ("items" in value or "objects" in value):
        return ()
    field = "objects" if value.get("kind") == "Template" else "items"
    lines: tuple[int, ...] = ()
    for key, node in root.value:
        if key.value == field and isinstance(node, SequenceNode):
            lines = tuple(_line(source, chunk, item) for item in node.value)
    items = value.get(field)
    return lines if isinstance(items, list) and len(items) == len(lines) else ()


def _line(source: Source, chunk: Chunk, node: Node) -> int:
    if source.uneven:
        return source.line_of(chunk.start + node.start_mark.index)
    line: int = chunk.line + node.start_mark.line
    return line
