"""Changes of a document, kept to the bytes that they need. Nothing that stands there is rewritten.

An operation says what is wanted by path; `edits` gives the pieces of text to put in or take out,
in the style of what surrounds them, or refuses. Knows no meaning of fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kubectl_npcheck.manifests.document import Document
from kubectl_npcheck.manifests.editing.operations import (
    Append,
    Insert,
    Operation,
    Put,
    Remove,
    Rename,
)
from kubectl_npcheck.manifests.editing.plan import Plan
from kubectl_npcheck.manifests.editing.sibling import document_after
from kubectl_npcheck.manifests.editing.splice import Edit, Refused, apply, arranged
from kubectl_npcheck.manifests.editing.style import style_of
from kubectl_npcheck.manifests.source import Source
from kubectl_npcheck.origin import Path

__all__ = [
    "Append",
    "Edit",
    "Insert",
    "Operation",
    "Put",
    "Refused",
    "Remove",
    "Rename",
    "apply",
    "arranged",
    "edits",
    "encode",
    "new_document",
    "new_item",
]


def edits(document: Document, operations: Iterable[Operation]) -> list[Edit]:
    """The edits of the file's text that make the changes, sorted, none if all is so already.

    Raises Refused where the text leaves a doubt.
    """
    plan = Plan(document)
    for operation in operations:
        plan.add(operation)
    return plan.edits()


def new_document(document: Document, value: dict[str, Any]) -> Edit:
    """A further document after this one, in its style. Raises Refused (JSON takes no second)."""
    return document_after(style_of(document), document, value)


def new_item(document: Document, path: Path, value: dict[str, Any]) -> list[Edit]:
    """A further item of a List after the one at `path`, in the style of its neighbours."""
    return edits(document, [Insert(path, value)])


def encode(source: Source, text: str) -> bytes:
    """The bytes of a changed text, with the file's encoding and byte order mark."""
    return source.encode(text)
