"""JSON that a YAML parser does not read: surrogate pairs, control characters, very long keys."""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.manifests.compose import MAX_DEPTH, TooDeepError
from kubectl_npcheck.origin import Path

_BLANKS = " \t\r\n"

_Repeated = dict[int, tuple[dict[str, Any], list[str]]]
"""Mappings by id, each with its duplicate keys; they are kept so that no id is used twice."""


class JSONError(Exception):
    """Not JSON; `index` is the offset of the fault."""

    def __init__(self, message: str, index: int) -> None:
        super().__init__(message)
        self.message = message
        self.index = index


def begins_json(text: str) -> bool:
    """Whether a text looks like JSON from its first character."""
    return text.lstrip(_BLANKS)[:1] in ("{", "[")


def has_surrogates(text: str) -> bool:
    """Whether a text has escaped surrogates; YAML does not combine two of them to a character."""
    return "\\ud" in text or "\\uD" in text


def without_surrogates(text: str) -> str:
    """The same text, character by character, with another escape for each surrogate."""
    import re

    return re.sub(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}", r"\\u0041", text)


def read_json(text: str) -> tuple[Any, tuple[Path, ...]]:
    """Plain data of a JSON text, and the paths of its duplicate keys.

    Raises JSONError, TooDeepError.
    """
    import json

    repeated: _Repeated = {}

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for key, item in pairs:
            if key in value:
                repeated.setdefault(id(value), (value, []))[1].append(key)
            value[key] = item
        return value

    try:
        value = json.loads(
            text, object_pairs_hook=mapping, parse_float=_number, parse_constant=_refuse
        )
    except json.JSONDecodeError as error:
        raise JSONError(f"not valid JSON: {error.msg.lower()}", error.pos) from None
    except ValueError as error:
        raise JSONError(str(error), 0) from None
    except RecursionError:
        raise TooDeepError from None
    duplicates: list[Path] = []
    value = _settle(value, (), repeated, duplicates)
    return value, tuple(duplicates)


def _number(text: str) -> float | int:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 1e21 else number


def _refuse(name: str) -> Any:
    raise ValueError(f"not valid JSON: {name}")


def _settle(value: Any, path: Path, repeated: _Repeated, duplicates: list[Path]) -> Any:
    """Unpaired surrogates replaced, as Go does; paths of duplicate keys collected."""
    if len(path) > MAX_DEPTH:
        raise TooDeepError
    if isinstance(value, str):
        return value if value.isascii() else _whole(value)
    if isinstance(value, list):
        return [_settle(v, (*path, i), repeated, duplicates) for i, v in enumerate(value)]
    if isinstance(value, dict):
        for key in repeated[id(value)][1] if id(value) in repeated else ():
            duplicates.append((*path, key))
        return {_whole(k): _settle(v, (*path, k), repeated, duplicates) for k, v in value.items()}
    return value


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
