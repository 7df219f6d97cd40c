"""A further document after one that stands in a text, written as its neighbour is."""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.manifests.document import Document
from kubectl_npcheck.manifests.editing.insert_block import layout, value_lines
from kubectl_npcheck.manifests.editing.insert_flow import habits, inline
from kubectl_npcheck.manifests.editing.splice import Edit, Refused
from kubectl_npcheck.manifests.editing.style import Style
from kubectl_npcheck.pyyaml import CollectionNode


def document_after(style: Style, document: Document, value: dict[str, Any]) -> Edit:
    """The edit of the file's text that puts a mapping in as the next document.

    Raises Refused for JSON outside of a YAML stream: it holds one value.
    """
    text, end = document.source.text, document.end
    root = style.written.root
    flow = isinstance(root, CollectionNode) and bool(root.flow_style)
    if flow and not text.startswith("---", document.start):
        raise Refused("a JSON text takes no second document: use a file of its own", document.line)
    eol = style.eol(style.end(root))
    if flow:
        lines = [inline(value, habits(style, [root], value))]
    else:
        look = layout(style, [root], value)
        lines = value_lines(value, -look.indent, look)
    body = eol.join(["---", *lines])
    if end == len(text) and not text.endswith(("\n", "\r")):
        return Edit(end, end, eol + body)
    if end < len(text) and not text.startswith("---", end):
        body += eol + "..."  # what follows begins without a marker
    return Edit(end, end, body + eol)
