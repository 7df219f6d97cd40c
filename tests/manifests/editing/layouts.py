"""Texts of one policy as people and programs write it: what the tests of edits are tried on.

Written without the code under test: a small emitter of its own, and `json`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from kubectl_npcheck.origin import Path

Plain = dict[str, Any]


class Raw(NamedTuple):
    """What stands after a key, character by character, and the value that it has.

    A line break in the text is followed by the indentation of the key.
    """

    text: str
    value: Any


class Layout(NamedTuple):
    """How a text is laid out.

    kind:    block, flow (a spec in braces on one line), spread (in braces, a line each) or json
    lists:   columns from a key to the dashes below it
    dash:    columns from a dash to its item; 0: on a line of its own
    quote:   of keys and texts
    types:   whether lists of scalars are written in brackets
    remarks: comments above keys and at the ends of lines
    holder:  "" or List, Template: what the policy is an item of
    beside:  documents before and after
    """

    kind: str = "block"
    indent: int = 2
    lists: int = 0
    dash: int = 2
    quote: str = ""
    types: bool = False
    remarks: bool = False
    eol: str = "\n"
    final: bool = True
    encoding: str = "utf-8"
    holder: str = ""
    beside: bool = False
    gaps: bool = False
    unit: str | int | None = None
    separators: tuple[str, str] = (", ", ": ")


LAYOUTS = {
    "plain": Layout(),
    "lists indented": Layout(lists=2),
    "three": Layout(indent=3, lists=0),
    "four": Layout(indent=4, lists=2),
    "four, lists indented": Layout(indent=4, lists=4),
    "eight": Layout(indent=8, lists=4),
    "wide dashes": Layout(indent=4, lists=0, dash=4),
    "dash alone": Layout(lists=2, dash=0),
    "types in brackets": Layout(types=True),
    "remarks": Layout(remarks=True),
    "remarks, lists indented": Layout(lists=2, remarks=True, types=True),
    "remarks, CRLF": Layout(remarks=True, eol="\r\n"),
    "CRLF": Layout(eol="\r\n"),
    "CR": Layout(eol="\r"),
    "no final newline": Layout(final=False),
    "CRLF, no final newline": Layout(final=False, eol="\r\n", lists=2),
    "BOM": Layout(encoding="utf-8-sig"),
    "UTF-16 LE": Layout(encoding="utf-16-le", eol="\r\n"),
    "UTF-16 BE": Layout(encoding="utf-16-be"),
    "double quotes": Layout(quote='"'),
    "single quotes": Layout(quote="'"),
    "blank lines": Layout(gaps=True),
    "among documents": Layout(beside=True),
    "among documents, no final newline": Layout(beside=True, final=False, remarks=True),
    "in a List": Layout(holder="List"),
    "in a List, indented": Layout(holder="List", lists=2, remarks=True),
    "in a Template": Layout(holder="Template", indent=4, lists=2),
    "in a List, CRLF, four": Layout(holder="List", eol="\r\n", indent=4, lists=4),
    "flow": Layout(kind="flow"),
    "flow, CRLF, no final newline": Layout(kind="flow", eol="\r\n", final=False),
    "flow in a List": Layout(kind="flow", holder="List", lists=2),
    "spread": Layout(kind="spread"),
    "spread, remarks": Layout(kind="spread", remarks=True),
    "spread, remarks, CRLF": Layout(kind="spread", remarks=True, eol="\r\n"),
    "JSON, two": Layout(kind="json", unit=2),
    "JSON, four": Layout(kind="json", unit=4),
    "JSON, tabs": Layout(kind="json", unit="\t"),
    "JSON, CRLF": Layout(kind="json", unit=2, eol="\r\n"),
    "JSON, one line": Layout(kind="json"),
    "JSON, compact": Layout(kind="json", separators=(",", ":"), final=False),
    "JSON List": Layout(kind="json", unit=2, holder="List"),
    "JSON List, tabs, UTF-16": Layout(
        kind="json", unit="\t", holder="List", encoding="utf-16-le", eol="\r\n"
    ),
    "JSON List, one line": Layout(kind="json", holder="List"),
}


def policy(spec: Plain) -> Plain:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "web", "labels": {"example.org/team": "größe"}},
        "spec": spec,
    }


OTHER: Plain = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "other"},
    "data": {"a": "1"},
}


def written(value: Plain, layout: Layout) -> tuple[bytes, int, Path]:
    """The bytes of a file with the policy, the policy's document, and its path in there."""
    prefix: Path = ()
    root = value
    if layout.holder:
        field = "objects" if layout.holder == "Template" else "items"
        root = {"apiVersion": "v1", "kind": layout.holder, field: [OTHER, value, OTHER]}
        prefix = (field, 1)
    lines = _document(root, layout)
    number = 0
    if layout.beside:
        lines = ["---", *_document(OTHER, layout), "--- # second", *lines]
        lines += ["# the end of it", "...", "---", *_document(OTHER, layout)]
        number = 1
    text = layout.eol.join(lines) + (layout.eol if layout.final else "")
    if layout.encoding.startswith("utf-16"):
        text = "\ufeff" + text
    return text.encode(layout.encoding), number, prefix


def meant(value: Any) -> Any:
    """The plain data of a value with raw parts."""
    if isinstance(value, Raw):
        return value.value
    if isinstance(value, dict):
        return {key: meant(item) for key, item in value.items()}
    if isinstance(value, list):
        return [meant(item) for item in value]
    return value


def _document(root: Plain, layout: Layout) -> list[str]:
    if layout.kind == "json":
        text = json.dumps(
            meant(root), indent=layout.unit, separators=_separators(layout), ensure_ascii=False
        )
        return text.split("\n")
    head = ["# a file", *([""] if layout.gaps else [])] if layout.remarks else []
    return head + _mapping(root, 0, layout)


def _separators(layout: Layout) -> tuple[str, str] | None:
    return None if layout.unit is not None else layout.separators


def _mapping(value: Plain, column: int, layout: Layout) -> list[str]:
    lines: list[str] = []
    margin = " " * column
    for key, item in value.items():
        if layout.gaps and lines and "podSelector" in value:
            lines.append("")
        if layout.remarks and key in ("ingress", "egress", "policyTypes", "spec"):
            lines.append(f"{margin}# about {key}\t- with a tab")
        lines += _pair(key, item, column, layout)
    return lines


def _pair(key: str, item: Any, column: int, layout: Layout) -> list[str]:
    margin = " " * column
    head = margin + _scalar(key, layout) + ":"
    remark = "  # the value" if layout.remarks and key in ("podSelector", "ingress") else ""
    if isinstance(item, Raw):
        first, *more = (head + item.text).split("\n")
        return [first, *(margin + line for line in more)]
    if key == "spec" and layout.kind == "flow":
        return [f"{head} {_flow(item, layout)}{remark}"]
    if key == "spec" and layout.kind == "spread":
        return [*_spread(head, item, margin + "  ", layout), margin + "}"]
    if isinstance(item, dict) and item:
        return [head + remark, *_mapping(item, column + layout.indent, layout)]
    if isinstance(item, list) and item and not (layout.types and isinstance(item[0], str)):
        return [head + remark, *_sequence(item, column + layout.lists, layout)]
    return [f"{head} {_flow(item, layout)}{remark}"]


def _spread(head: str, item: Plain, margin: str, layout: Layout) -> list[str]:
    lines = [head + " {"]
    for index, (name, inner) in enumerate(item.items()):
        comma = "," if index < len(item) - 1 else ""
        remark = f" # about {name}" if layout.remarks else ""
        lines.append(f"{margin}{_scalar(name, layout)}: {_flow(inner, layout)}{comma}{remark}")
    return lines


def _sequence(items: Sequence[Any], column: int, layout: Layout) -> list[str]:
    lines: list[str] = []
    margin = " " * column
    for item in items:
        if not isinstance(item, dict) or not item:
            remark = "  # an item" if layout.remarks else ""
            lines.append(f"{margin}-{' ' * ((layout.dash or 2) - 1)}{_flow(item, layout)}{remark}")
        elif not layout.dash:
            lines += [margin + "-", *_mapping(item, column + 2, layout)]
        else:
            below = _mapping(item, column + layout.dash, layout)
            lines.append(margin + "-" + below[0][column + 1 :])
            lines += below[1:]
    return lines


def _flow(value: Any, layout: Layout) -> str:
    if isinstance(value, Raw):
        value = value.value
    if isinstance(value, dict):
        pairs = (f"{_scalar(key, layout)}: {_flow(item, layout)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item, layout) for item in value) + "]"
    return _scalar(value, layout)


def _scalar(value: Any, layout: Layout) -> str:
    if isinstance(value, str):
        quote = layout.quote or ("" if value.replace("/", "").replace(".", "").isalpha() else '"')
        return quote + value + quote
    return json.dumps(value)
