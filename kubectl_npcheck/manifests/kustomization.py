"""One kustomization.yaml: its fields, and the layer that they amount to. Follows nothing."""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.manifests.document import plain_values
from kubectl_npcheck.manifests.patches import Opener, patch_targets, replacement_targets
from kubectl_npcheck.origin import Layer

Plain = dict[str, Any]


class Kustomization:
    """One kustomization, read. directory is a real path, name the directory as displayed."""

    __slots__ = ("component", "directory", "fields", "name")

    def __init__(self, directory: str, name: str, fields: Plain) -> None:
        self.directory = directory
        self.name = name
        self.fields = fields
        self.component = fields.get("kind") == "Component"

    def texts(self, field: str) -> list[str]:
        """The strings of a list field."""
        value = self.fields.get(field)
        return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def layer_of(found: Kustomization, opened: Opener, missing: list[str]) -> Layer:
    """What a kustomization does to the objects below it; gaps are appended to `missing`."""
    fields = found.fields
    common = _texts(fields.get("commonLabels"))
    labels, selectors, templates = dict(common), dict(common), dict[str, str]()
    targets = list(replacement_targets(fields, opened))
    for item in _mappings(fields.get("labels")):
        pairs = _texts(item.get("pairs"))
        labels.update(pairs)
        if item.get("includeSelectors") is True:
            selectors.update(pairs)
        if item.get("includeTemplates") is True:
            templates.update(pairs)
    patched, unread = patch_targets(fields, opened)
    targets += patched
    for path in unread:
        missing.append(f"{found.name} names the patch {path}, which cannot be read")
    namespace = fields.get("namespace")
    return Layer(
        found.name,
        namespace if isinstance(namespace, str) and namespace else None,
        _text(fields.get("namePrefix")),
        _text(fields.get("nameSuffix")),
        labels,
        selectors,
        templates,
        tuple(targets),
    )


def remote(entry: str) -> bool:
    """Whether a resource is fetched from elsewhere: a URL or a git address."""
    if "://" in entry or entry.startswith(("git@", "git::", "github.com/", "gitlab.com/")):
        return True
    host = entry.partition("/")[0].strip(".")
    return "?ref=" in entry or ("//" in entry and "." in host)


def read_fields(content: bytes, name: str) -> Plain:
    """The fields of a kustomization file. Raises DocumentError."""
    values = plain_values(content, name)
    return values[0] if values and isinstance(values[0], dict) else {}


def is_kustomization(fields: Plain) -> bool:
    """False for what another API calls so (Flux)."""
    version = fields.get("apiVersion")
    return not isinstance(version, str) or version.startswith("kustomize.config.k8s.io/")


def _mappings(value: object) -> list[Plain]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {str(key): _text(text) for key, text in value.items()}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
