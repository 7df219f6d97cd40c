"""What the patches and replacements of a kustomization aim at. Knows their fields only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kubectl_npcheck.origin import Target

Plain = dict[str, Any]
Opener = Callable[[str], "list[Any] | None"]
"""The documents of a file that a kustomization names; None if it cannot be read."""


def patch_targets(fields: Plain, opened: Opener) -> tuple[list[Target], list[str]]:
    """The targets of all patches of a kustomization, and the patch files that cannot be read."""
    targets: list[Target] = []
    unread: list[str] = []
    for item in (*_mappings(fields, "patches"), *_mappings(fields, "patchesJson6902")):
        values = _values(item, opened, unread)
        target = item.get("target")
        if isinstance(target, dict):
            targets.append(_target(target))
        else:
            targets += [_identity(value) for value in values if isinstance(value, dict)]
    for entry in fields.get("patchesStrategicMerge") or ():
        if not isinstance(entry, str):
            continue
        found = _inline(entry) if "\n" in entry or ": " in entry else opened(entry)
        if found is None:
            unread.append(entry)
            continue
        targets += [_identity(value) for value in found if isinstance(value, dict)]
    for item in _mappings(fields, "labels"):
        targets += _label_fields(item)
    return targets, unread


def replacement_targets(fields: Plain, opened: Opener) -> list[Target]:
    """What the replacements of a kustomization write to."""
    targets: list[Target] = []
    for item in _mappings(fields, "replacements"):
        path = item.get("path")
        sources = [item]
        if isinstance(path, str):
            sources = [value for value in opened(path) or () if isinstance(value, dict)]
        for source in sources:
            for target in _mappings(source, "targets"):
                select = target.get("select")
                if isinstance(select, dict):
                    targets.append(_target(select))
    return targets


def _values(item: Plain, opened: Opener, unread: list[str]) -> list[Any]:
    path, inline = item.get("path"), item.get("patch")
    if isinstance(path, str):
        found = opened(path)
        if found is None:
            unread.append(path)
            return []
        return found
    return (_inline(inline) or []) if isinstance(inline, str) else []


def _inline(text: str) -> list[Any] | None:
    from kubectl_npcheck.manifests.document import plain_values
    from kubectl_npcheck.manifests.source import DocumentError

    try:
        return plain_values(text, "patch")
    except DocumentError:
        return None


def _target(select: Plain) -> Target:
    """A `target` or `select`: patterns that match as a whole."""
    return Target(
        kind=_text(select, "kind"),
        name=_text(select, "name"),
        namespace=_text(select, "namespace"),
        group=_text(select, "group"),
        version=_text(select, "version"),
        labels=_text(select, "labelSelector"),
        annotations=_text(select, "annotationSelector"),
    )


def _identity(patch: Plain) -> Target:
    """A strategic merge patch names its target by its own kind and name."""
    meta = patch.get("metadata")
    meta = meta if isinstance(meta, dict) else {}
    # no kind or no name: kustomize refuses it, so nothing is targeted
    return Target(
        kind=_text(patch, "kind") or "-",
        name=_text(meta, "name") or "-",
        namespace=_text(meta, "namespace"),
        exact=True,
    )


def _label_fields(item: Plain) -> list[Target]:
    """`labels` with `fields` of their own may reach into selectors."""
    return [
        Target(kind=_text(field, "kind"), group=_text(field, "group"))
        for field in _mappings(item, "fields")
        if "elector" in (_text(field, "path") or "")
    ]


def _mappings(fields: Plain, name: str) -> list[Plain]:
    value = fields.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(fields: Plain, name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) and value else None
