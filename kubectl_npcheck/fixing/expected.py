"""Operations on plain data: what a document must hold once its text is edited. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kubectl_npcheck.findings import Operation
from kubectl_npcheck.origin import Path


def expected(value: Any, operation: Operation, prefix: Path) -> Any:
    """The plain data with one operation made; what is passed in stays as it is.

    Raises KeyError or IndexError where the operation has no place.
    """
    path = prefix + operation.path
    if operation.do == "set":
        return _at(value, path[:-1], lambda held: _set(held, path[-1], operation.value))
    if operation.do == "insert":
        return _at(value, path[:-1], lambda held: _insert(held, path[-1], operation.value))
    if operation.do == "rename":
        return _at(value, path[:-1], lambda held: _renamed(held, path[-1], operation.value))
    return _at(value, path[:-1], lambda held: {k: v for k, v in held.items() if k != path[-1]})


def _at(value: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(value)
    part, rest = path[0], path[1:]
    if isinstance(value, list) and isinstance(part, int):
        return [*value[:part], _at(value[part], rest, change), *value[part + 1 :]]
    held = {} if value is None else value
    return {**held, part: _at(held.get(part), rest, change)}


def _set(held: Any, key: str | int, new: Any) -> Any:
    if isinstance(held, list) and isinstance(key, int):
        return [*held[:key], new, *held[key + 1 :]]
    return {**(held or {}), key: new}


def _insert(held: Any, index: str | int, new: Any) -> Any:
    assert isinstance(index, int)
    return [*held[: index + 1], new, *held[index + 1 :]]


def _renamed(held: Any, key: str | int, new: str) -> Any:
    return {new if name == key else name: value for name, value in held.items()}
