"""Recognises template text: Helm, Go, Jinja and ERB, and ytt and SOPS, which read as YAML."""

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


def unrendered_reason(text: str, start: int, end: int) -> str | None:
    """Why a document that reads as YAML is no manifest yet; None if it is one.

    ytt keeps its code in comments, so that the values that it fills in read as null. SOPS
    encrypts values in place. Judged as it stands, either would be another policy.
    """
    if text.find("#@", start, end) >= 0 and _ytt().search(text, start, end):
        return "template text (#@ of ytt): render it first"
    if text.find("ENC[AES256_GCM,", start, end) >= 0:
        return "encrypted with SOPS: decrypt it first"
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


@lru_cache(maxsize=1)
def _ytt() -> re.Pattern[str]:
    """ytt's code: `#@ …` and `#@overlay/…` on a line of its own, or where a value would stand."""
    return re.compile(r"^[ \t]*(?:[^\s#][^\n#]*[:-][ \t]+|-[ \t]+)?#@(?:[ \t]+\S|[a-z]+/)", re.M)
