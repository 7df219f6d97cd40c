"""Recognises template text (Helm, Go, Jinja, ERB) that is not YAML before it is rendered."""

from __future__ import annotations

import re
from functools import lru_cache

_OPENINGS = (("{{", "}}"), ("{%", "%}"), ("<%", "%>"))


def template_reason(text: str) -> str | None:
    """Why a document that cannot be read is a template and no broken manifest; None if it is not.

    Only for texts that `parse` refused: a marker within quotes or in a comment proves nothing.
    """
    for opening, closing in _OPENINGS:
        if opening in text and closing in text and _unquoted(text, opening):
            return f"template text ({opening} … {closing}): render it first"
    return None


def _unquoted(text: str, opening: str) -> bool:
    for line in text.split("\n"):
        if opening not in line or line.lstrip().startswith("#"):
            continue
        if opening in _quoted().sub("", line):
            return True
    return False


@lru_cache(maxsize=1)
def _quoted() -> re.Pattern[str]:
    """A whole quoted scalar: `"{{ tpl "a" . }}"` is none, its quotes belong to the template."""
    return re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*')(?=\s*(?:$|[#,\]}:]))""")
