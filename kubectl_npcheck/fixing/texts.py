"""From operations on objects to edits of the files that hold them.

Knows documents and edits; must not know what an operation means.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kubectl_npcheck.findings import Operation
from kubectl_npcheck.fixing.refusing import Refusing
from kubectl_npcheck.fixing.split import Part, document_for
from kubectl_npcheck.manifests import edit as text_edit
from kubectl_npcheck.manifests.document import Document, DocumentError, parse
from kubectl_npcheck.manifests.edit import Edit, Refused
from kubectl_npcheck.manifests.source import Source
from kubectl_npcheck.manifests.split import split
from kubectl_npcheck.manifests.template import template_reason
from kubectl_npcheck.origin import Origin, Path
from kubectl_npcheck.repairs import TextEdit

AFTER = {
    "policyTypes": ("podSelector",),
    "egress": ("podSelector", "policyTypes", "ingress"),
}
"""The fields that a new field is written after: the last one of them that exists."""

BY_HAND = "edit it by hand"


class Texts:
    """The files of a run, as far as a repair looks at them.

    documents: what is parsed already, by file and offset
    """

    __slots__ = ("_documents", "_edits", "_parsed", "_unreadable")

    def __init__(self, documents: Mapping[str, Mapping[int, Document]]) -> None:
        self._parsed = documents
        self._documents: dict[int, dict[int, Any]] = {}
        self._unreadable: dict[int, DocumentError] = {}
        self._edits: dict[tuple[object, ...], list[Edit]] = {}

    def value(self, document: Document) -> Any:
        """The document's plain data. Raises Refusing if some document of its file is unreadable."""
        source = document.source
        held = self._documents.get(id(source))
        if held is None:
            held = self._documents[id(source)] = self._read(source)
        error = self._unreadable.get(id(source))
        if error is not None:
            place = f"{source.file}:{error.line}" if error.line else source.file
            raise Refusing(
                "its file holds a document that cannot be read",
                (f"{place}: {error.message}",),
                remedy="repair what is rendered, or make the whole file readable",
                final=True,
            )
        return held[document.start]

    def _read(self, source: Source) -> dict[int, Any]:
        values: dict[int, Any] = {}
        parsed = self._parsed.get(source.file, {})
        for chunk in split(source.text):
            known = parsed.get(chunk.start)
            if known is not None:
                values[chunk.start] = known.value
                continue
            try:
                document = parse(source, chunk)
            except DocumentError as error:
                text = source.text[chunk.start : chunk.end]
                message = template_reason(text) or error.message
                place = (error.line, error.column)
                self._unreadable.setdefault(id(source), DocumentError(message, *place))
                continue
            values[chunk.start] = None if document is None else document.value
        return values

    def require(self, origin: Origin) -> None:
        """Raises Refusing if some document of the object's file is unreadable."""
        self.value(origin.document)

    def check(
        self, origin: Origin, operations: Sequence[Operation], added: Part | None = None
    ) -> None:
        """Raises Refusing where the text leaves a doubt."""
        self.edits(origin, operations, added)

    def placed(
        self, origin: Origin, operations: Sequence[Operation], added: Part | None = None
    ) -> tuple[TextEdit, ...]:
        """The edits for one object, with their places in its file."""
        source: Source = origin.document.source
        return tuple(
            [
                TextEdit(*source.position(edit.start), *source.position(edit.end), edit.text)
                for edit in self.edits(origin, operations, added)
            ]
        )

    def edits(
        self, origin: Origin, operations: Sequence[Operation], added: Part | None = None
    ) -> list[Edit]:
        """The edits for one object. Raises Refusing where the text leaves a doubt."""
        document: Document = origin.document
        asked = tuple([(op.do, op.path, repr(op.value)) for op in operations])
        key = id(origin), asked, added.name if added is not None else ""
        held = self._edits.get(key)
        if held is not None:
            return held
        plain = self.value(document)
        steps = [step for op in operations for step in written(op, origin.prefix, plain)]
        try:
            found = text_edit.edits(document, steps)
            if added is not None:
                found = text_edit.arranged(
                    [*found, *_beside(document, origin.prefix, plain, added)]
                )
        except Refused as refused:
            at = f"{document.source.file}:{refused.line}" if refused.line else ""
            raise Refusing(
                f"its text cannot be edited without risk: {refused.reason}",
                (at,) if at else (),
                remedy=BY_HAND,
                final=True,
            ) from refused
        self._edits[key] = found
        return found


def written(operation: Operation, prefix: Path, plain: Any) -> Iterable[text_edit.Operation]:
    """An operation on an object as operations on its document's text."""
    path = prefix + operation.path
    if operation.do == "insert":
        return [text_edit.Insert(path, operation.value)]
    if operation.do == "remove":
        return [text_edit.Remove(path)]
    parent, key = path[:-1], path[-1]
    if operation.do == "rename":
        return [text_edit.Rename(path, str(operation.value))]
    if operation.path == ("spec", "policyTypes"):
        held = at(plain, path)
        if held and held == operation.value[:-1]:
            return [text_edit.Append(path, operation.value[-1])]
    return [text_edit.Put(parent, key, operation.value, AFTER.get(str(key), ()))]


def at(plain: Any, path: Path) -> Any:
    """What stands at a path of plain data, None if nothing does."""
    for part in path:
        if isinstance(plain, list):
            plain = plain[part] if isinstance(part, int) and part < len(plain) else None
        else:
            plain = plain.get(part) if isinstance(plain, dict) else None
    return plain


def _beside(document: Document, prefix: Path, plain: Any, added: Part) -> list[Edit]:
    new = document_for(at(plain, prefix), added)
    if prefix:
        return text_edit.new_item(document, prefix, new)
    return [text_edit.new_document(document, new)]


def real_path(source: Source) -> str:
    """The path of a source's file on the disk; "" for standard input."""
    if not source.parts:
        return ""
    path = os.sep.join(source.parts)
    return path if os.path.splitdrive(path)[0] else os.sep + path
