"""The Kubernetes objects in a document: itself, or the items of a List, a Template and the like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kubectl_npcheck.origin import Path

Plain = dict[str, Any]

_LISTS: dict[str, Path] = {
    "Template": ("objects",),
    "SyncSet": ("spec", "resources"),
    "SelectorSyncSet": ("spec", "resources"),
    "ManifestWork": ("spec", "workload", "manifests"),
}
_DEPTH = 8


def objects_of(value: object) -> Iterator[tuple[Plain, Path]]:
    """Each object of a document's plain data with its path in the document.

    A List's items may leave out their kind and apiVersion, as an API server's answers do; they
    are then those that the List names. Lists in Lists are followed to a fixed depth. A bare list
    of objects, as `jq .items` leaves it, is read like a List; kubectl would not take it.
    """
    if isinstance(value, dict):
        yield from _objects(value, (), _DEPTH)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict) and "apiVersion" in item:
                yield from _objects(item, (index,), _DEPTH)


def _objects(value: Plain, path: Path, depth: int) -> Iterator[tuple[Plain, Path]]:
    kind = value.get("kind")
    if not isinstance(kind, str):
        return
    where = _LISTS.get(kind)
    if where is None and kind.endswith("List"):
        where = ("items",)
    if where is None:
        yield value, path
        return
    items: object = value
    for field in where:
        items = items.get(field) if isinstance(items, dict) else None
    if not isinstance(items, list) or not depth:
        return
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            continue
        if kind.endswith("List") and kind != "List" and "kind" not in item:
            item = {"apiVersion": value.get("apiVersion"), "kind": kind[:-4], **item}
        yield from _objects(item, (*path, *where, index), depth - 1)
