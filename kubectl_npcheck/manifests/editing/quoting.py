"""A scalar as YAML or JSON text: unquoted where every reader reads it back the same."""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.manifests.scalars import plain_scalar

_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./")


def scalar_text(value: Any, quote: str = "") -> str:
    """The text of a str, int, float, bool or None; `quote` is `"`, `'` or "" (as needed).

    Text in doubt is double-quoted with JSON's escapes, which are YAML's too.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if not quote and is_plain(value):
        return value
    if quote == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return _double_quoted(value)


def is_plain(text: str) -> bool:
    """Whether a text needs no quotes: a word, a name, a path, or an IPv4 address or range."""
    if not text or not _SAFE.issuperset(text) or plain_scalar(text) != text:
        return False
    if text[0].isalpha():
        return True
    address, _, length = text.partition("/")
    octets = address.split(".")
    return (
        len(octets) == 4
        and all(octet.isdigit() for octet in octets)
        and (not length or length.isdigit())
    )


def _double_quoted(text: str) -> str:
    import json

    quoted = json.dumps(text, ensure_ascii=False)
    if quoted.isprintable():
        return quoted
    return "".join(_escaped(char) for char in quoted)


def _escaped(char: str) -> str:
    """An escape that YAML and JSON share; YAML takes all characters past U+FFFF as they are."""
    return char if char.isprintable() or ord(char) > 0xFFFF else f"\\u{ord(char):04x}"
