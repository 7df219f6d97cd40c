"""What a scalar means, as kubectl reads it. Knows no nodes and no documents.

kubectl reads YAML through Go's sigs.k8s.io/yaml (a fork of yaml.v2) and turns it to JSON: YAML 1.1
booleans and octals, timestamps and sexagesimals as text, whole floats as integers. The readings
were compared with `kubectl patch --local -o json` of 1.32.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_NAN = float("nan")
_INF = float("inf")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF"), False),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), _NAN),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), _INF),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -_INF),
}
_BASES = {"0x": 16, "0X": 16, "0o": 8, "0O": 8, "0b": 2, "0B": 2}
_STANDARD = "tag:yaml.org,2002:"


TRUE, FALSE = (
    frozenset([word for word, value in _WORDS.items() if value is wanted])
    for wanted in (True, False)
)
"""The words that a plain scalar is true with, and false."""


class PlainScalars(dict[str, Any]):
    """Readings of plain scalars, computed once each: `PlainScalars()["0x1F"] == 31`."""

    limit = 20_000

    def __missing__(self, text: str) -> Any:
        value = plain_scalar(text)
        if len(text) < 100:
            if len(self) >= self.limit:
                self.clear()
            self[text] = value
        return value


def plain_scalar(text: str) -> Any:
    """The value of an unquoted scalar: str, int, float, bool or None."""
    if text in _WORDS:
        return _WORDS[text]
    lead = text[0]
    if lead in "+-.0123456789":
        return _number(text)
    return text


def tagged_scalar(tag: str, text: str, plain: bool) -> Any:
    """The value of a scalar with an explicit tag; unknown tags read as text.

    Raises ValueError where the text is not of the tag's type.
    """
    kind = tag.removeprefix(_STANDARD)
    if kind == tag or kind in ("str", "timestamp", "value"):
        return text
    if kind == "binary":
        from base64 import b64decode

        return b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    value = plain_scalar(text) if text else None
    wanted: dict[str, tuple[type, ...]] = {
        "int": (int,),
        "float": (int, float),
        "bool": (bool,),
        "null": (type(None),),
    }
    types = wanted.get(kind)
    if types is None:
        return text
    if not isinstance(value, types) or (isinstance(value, bool) and kind != "bool"):
        raise ValueError(f"cannot read `{text}` as !!{kind}")
    return value


def key_text(value: Any) -> str | None:
    """A mapping key as JSON has it; None if it cannot be one (null, a collection)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value) if _fits(value) else f"{float(value):g}"
    if isinstance(value, float):
        special = {_INF: ".inf", -_INF: "-.inf"}
        return ".nan" if value != value else special.get(value) or f"{value:g}"
    return None


def _number(text: str) -> Any:
    digits = text.replace("_", "")
    sign = -1 if digits[:1] == "-" else 1
    body = digits[1:] if digits[:1] in ("+", "-") else digits
    if body.isdigit() and body.isascii() and len(body) < 300:
        octal = body[0] == "0" and body != "0" and not body.strip("01234567")
        value = sign * int(body, 8 if octal else 10)
        return value if not octal or _fits(value) else sign * int(body)
    base = _BASES.get(body[:2])
    if base:
        return _based(sign, body[2:], base, text)
    if digits.strip("+-.0123456789eE") or not _float_form().match(digits):
        return text
    number = float(digits)
    if number in (_INF, -_INF):
        return text
    return int(number) if number.is_integer() and abs(number) < 1e21 else number


def _based(sign: int, digits: str, base: int, text: str) -> Any:
    if digits.isalnum() and digits.isascii() and len(digits) < 100:
        try:
            value = sign * int(digits, base)
        except ValueError:
            return text
        return value if _fits(value) else text
    return text


def _fits(value: int) -> bool:
    return -(2**63) <= value < 2**64


@lru_cache(maxsize=1)
def _float_form() -> re.Pattern[str]:
    return re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
