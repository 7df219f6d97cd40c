"""What can be asked of a document's text, by path. Says what is wanted, not how it is written."""

from __future__ import annotations

from typing import Any, NamedTuple

from kubectl_npcheck.origin import Path


class Put(NamedTuple):
    """In the mapping at `path`, `key` gets the value, whatever it had.

    A new key goes after the last one of `after` that exists, else to the end of the mapping.
    What does not exist on the path is made. In a sequence, `key` is the index of an item.
    """

    path: Path
    key: str | int
    value: Any
    after: tuple[str, ...] = ()


class Append(NamedTuple):
    """The sequence at `path` gets a further item, unless it has an equal one."""

    path: Path
    value: Any


class Insert(NamedTuple):
    """The sequence that has the item at `path` gets one after it, unless it has an equal one."""

    path: Path
    value: Any


class Remove(NamedTuple):
    """The key or item at `path` goes, with its value and its line."""

    path: Path


class Rename(NamedTuple):
    """The key at `path` gets another name; its value stays."""

    path: Path
    key: str


Operation = Put | Append | Insert | Remove | Rename
