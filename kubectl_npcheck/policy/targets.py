"""Which objects a kustomize patch aims at: by kind, name and labels, as kustomize matches them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from kubectl_npcheck.origin import Layer, Target
from kubectl_npcheck.policy.model import NetworkPolicy

if TYPE_CHECKING:
    import re


class Identity:
    """A policy's name, namespace and labels on its way through the layers of a kustomization.

    A patch may name an object by any name that it has had so far (kustomize: previous ids).
    """

    __slots__ = ("annotations", "labels", "name", "names", "namespace", "namespaces")

    def __init__(
        self,
        name: str,
        namespace: str | None,
        labels: dict[str, str],
        annotations: dict[str, str],
    ) -> None:
        self.name = name
        self.namespace = namespace
        self.labels = labels
        self.annotations = annotations
        self.names = {name}
        self.namespaces = {namespace}

    @classmethod
    def of(cls, policy: NetworkPolicy) -> Identity:
        """The identity that a policy's document gives."""
        return cls(policy.name, policy.namespace, policy.labels, policy.annotations)

    def apply(self, layer: Layer) -> None:
        """Go through one layer."""
        if layer.namespace:
            self.namespace = layer.namespace
            self.namespaces.add(layer.namespace)
        if layer.prefix or layer.suffix:
            self.name = f"{layer.prefix}{self.name}{layer.suffix}"
            self.names.add(self.name)
        if layer.labels:
            self.labels = {**self.labels, **layer.labels}

    def targeted(self, targets: Iterable[Target]) -> bool:
        """Whether any of the targets is this policy."""
        return any(self._is(target) for target in targets)

    def _is(self, target: Target) -> bool:
        if not _fits(target.kind, "NetworkPolicy", target.exact):
            return False
        if not _fits(target.group, "networking.k8s.io", target.exact):
            return False
        if not _fits(target.version, "v1", target.exact):
            return False
        if not any(_fits(target.name, name, target.exact) for name in self.names):
            return False
        if not any(_fits(target.namespace, name or "", target.exact) for name in self.namespaces):
            return False
        return selected(target.labels, self.labels) and selected(
            target.annotations, self.annotations
        )


def _fits(pattern: str | None, value: str, exact: bool) -> bool:
    if not pattern or pattern == value:
        return True
    return not exact and _whole(pattern).match(value) is not None


@lru_cache(maxsize=256)
def _whole(pattern: str) -> re.Pattern[str]:
    """The pattern as kustomize anchors it; one that Python cannot read matches everything."""
    import re

    try:
        return re.compile(rf"(?:{pattern})\Z")
    except re.error:
        return re.compile("")


def selected(selector: str | None, labels: dict[str, str]) -> bool:
    """Whether labels match a selector as kubectl writes it; one that is not understood does."""
    if not selector:
        return True
    import re

    for term in re.split(r",(?![^(]*\))", selector):
        found = re.fullmatch(r"(!?)\s*([^\s=!()]+)\s*(?:(==?|!=)\s*(\S*))?", term.strip())
        if found is not None:
            negated, key, operator, value = found.groups()
            held = labels.get(key)
            if operator is None:
                holds = (held is None) == bool(negated)
            else:
                holds = (held == (value or "")) == (operator != "!=")
        else:
            found = re.fullmatch(r"([^\s=!()]+)\s+(in|notin)\s+\((.*)\)", term.strip())
            if found is None:
                continue
            values = {value.strip() for value in found[3].split(",")}
            holds = (labels.get(found[1]) in values) == (found[2] == "in")
        if not holds:
            return False
    return True
