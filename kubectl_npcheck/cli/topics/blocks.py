"""The parts that a topic is made of, and how a terminal shows them.

Texts may say `code` and **important**; nothing else is markup.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

MARGIN = "  "


class Paragraph(NamedTuple):
    """Running text."""

    text: str


class Bullets(NamedTuple):
    """Points that belong together."""

    items: tuple[str, ...]


class Table(NamedTuple):
    """Terms and what they mean; the head names the two columns."""

    head: tuple[str, str]
    rows: tuple[tuple[str, str], ...]


class Code(NamedTuple):
    """Lines to be taken as they are, in a language."""

    language: str
    text: str


Block = Paragraph | Bullets | Table | Code


def shown(blocks: Sequence[Block], width: int) -> str:
    """The blocks as text of at most that many columns, code apart."""
    return "\n".join(_block(block, width) for block in blocks)


def _block(block: Block, width: int) -> str:
    match block:
        case Paragraph(text):
            return _wrapped(text, width, "", "")
        case Bullets(items):
            return "".join(_wrapped(item, width, "- ", MARGIN) for item in items)
        case Table(_, rows):
            terms = [term.replace("`", "") for term, _ in rows]
            column = max(map(len, terms)) + 2
            return "".join(
                _wrapped(meaning, width, MARGIN + term.ljust(column), MARGIN + " " * column)
                for term, (_, meaning) in zip(terms, rows, strict=True)
            )
        case Code(_, text):
            return textwrap.indent(text, MARGIN)


def _wrapped(text: str, width: int, first: str, others: str) -> str:
    plain = " ".join(text.replace("**", "").split())
    return (
        textwrap.fill(
            plain,
            width,
            initial_indent=first,
            subsequent_indent=others,
            break_long_words=False,
            break_on_hyphens=False,
        )
        + "\n"
    )
