"""Reads `metadata`: names, labels and annotations, with the API server's checks.

Knows `meta/v1` ObjectMeta; must not know what kind of object it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable

from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.parsing import schema
from kubectl_npcheck.policy.parsing.defects import Defects, scalar_text
from kubectl_npcheck.policy.parsing.names import label_key, label_value, namespace_name, object_name
from kubectl_npcheck.record import Record

ANNOTATION_BYTES = 256 * 1024
_WRITTEN = frozenset({"name", "generateName", "namespace", "labels", "annotations"})
_TEXTS = {"selfLink": "string", "uid": "types.UID", "resourceVersion": "string"}
_NUMBERS = ("generation", "deletionGracePeriodSeconds")
_LISTS = {
    "finalizers": "[]string",
    "ownerReferences": "[]v1.OwnerReference",
    "managedFields": "[]v1.ManagedFieldsEntry",
}
_STANDARD_FINALIZERS = ("kubernetes", "orphan", "foregroundDeletion")
_UNQUALIFIED = "name is neither a standard finalizer name nor is it fully qualified"


class Metadata(Record):
    """name is "" where there is none, and ends in `*` where the API server generates it."""

    name: str
    namespace: str | None
    labels: dict[str, str]
    annotations: dict[str, str]
    generated: bool


def parse_metadata(value: object, defects: Defects) -> Metadata:
    """Read the `metadata` of a namespaced object, whatever it is."""
    if type(value) is not dict:
        if value is not None:
            defects.mismatch(value, ("metadata",), "NetworkPolicy", "v1.ObjectMeta")
        else:
            _require_name(defects)
        return Metadata("", None, {}, {}, False)
    if not value.keys() <= schema.METADATA:
        schema.unknown_fields(value, ("metadata",), schema.METADATA, defects)
    if not value.keys() <= _WRITTEN:
        _check_rest(value, defects)
    name = _text(value, "name", object_name, defects)
    prefix = ""
    if "generateName" in value:
        prefix = _text(value, "generateName", _generate_name, defects)
    generated = bool(prefix and not name)
    if generated:
        name = f"{prefix}*"
    elif not name:
        _require_name(defects)
    namespace = _text(value, "namespace", namespace_name, defects)
    labels = value.get("labels")
    annotations = value.get("annotations")
    return Metadata(
        name,
        namespace or None,
        {} if labels is None else _strings(labels, "labels", defects),
        {} if annotations is None else _strings(annotations, "annotations", defects),
        generated,
    )


def _check_rest(meta: dict[str, object], defects: Defects) -> None:
    """The types of what a server or a controller writes; what is in it is not ours to judge."""
    for field, wanted in _TEXTS.items():
        value = meta.get(field)
        if value is not None and type(value) is not str:
            defects.mismatch(value, ("metadata", field), "ObjectMeta", wanted)
    for field in _NUMBERS:
        value = meta.get(field)
        if type(value) is float and value.is_integer():
            value = int(value)
        if value is not None and (type(value) is not int or value.bit_length() > 63):
            defects.mismatch(value, ("metadata", field), "ObjectMeta", "int64")
    for field, wanted in _LISTS.items():
        value = meta.get(field)
        if value is not None and type(value) is not list:
            defects.mismatch(value, ("metadata", field), "ObjectMeta", wanted)
        elif value is not None and field != "finalizers":
            for index, item in enumerate(value):
                if item is not None and type(item) is not dict:
                    defects.mismatch(item, ("metadata", field, index), "ObjectMeta", wanted[2:])
    _check_finalizers(meta.get("finalizers"), defects)


def _check_finalizers(value: object, defects: Defects) -> None:
    field: Path = ("metadata", "finalizers")
    for index, text in enumerate(value if type(value) is list else ()):
        path = (*field, index)
        if text is None:
            text = ""
        if type(text) is not str:
            defects.mismatch(text, path, "ObjectMeta", "string")
            continue
        for complaint in label_key(text):
            defects.invalid(path, text, complaint, field)
        if "/" not in text and text not in _STANDARD_FINALIZERS:
            defects.invalid(path, text, _UNQUALIFIED)


def _require_name(defects: Defects) -> None:
    defects.refuse(("metadata", "name"), "Required value: name or generateName is required")


def _generate_name(text: str) -> tuple[str, ...]:
    return object_name(text, True)


def _text(
    meta: dict[str, object],
    field: str,
    complaints: Callable[[str], tuple[str, ...]],
    defects: Defects,
) -> str:
    value = meta.get(field)
    if value is None:
        return ""
    path = ("metadata", field)
    if type(value) is not str:
        defects.mismatch(value, path, "ObjectMeta", "string")
        return scalar_text(value)
    if value:
        for complaint in complaints(value):
            defects.invalid(path, value, complaint)
    return value


def _strings(value: object, field: str, defects: Defects) -> dict[str, str]:
    """Labels or annotations, with what is wrong about them."""
    path: Path = ("metadata", field)
    if type(value) is not dict:
        defects.mismatch(value, path, "ObjectMeta", "map[string]string")
        return {}
    found: dict[str, str] = {}
    are_labels = field == "labels"
    size = 0
    for key, text in value.items():
        if type(key) is not str:
            key = scalar_text(key)
        if text is None:
            text = ""
        elif type(text) is not str:
            defects.mismatch(text, (*path, key), "ObjectMeta", "string", path)
            text = scalar_text(text)
        elif are_labels:
            for complaint in label_value(text):
                defects.invalid((*path, key), text, complaint, path)
        for complaint in label_key(key if are_labels else key.lower()):
            defects.invalid((*path, key), key, complaint, path)
        size += len(key) + len(text)
        found[key] = text
    if not are_labels and size > ANNOTATION_BYTES:
        defects.refuse(path, f"Too long: may not be more than {ANNOTATION_BYTES} bytes")
    return found
