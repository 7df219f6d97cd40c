"""Where an object comes from. Rooms hand origins on; only `manifests` looks inside `document`."""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.record import Record

Path = tuple["str | int", ...]
"""A field path as parts: ``("spec", "egress", 0, "ports")``."""


class Change(Record):
    """Who last wrote a live object, with which operation of the API, and when (RFC 3339)."""

    manager: str
    operation: str
    time: str


class Origin:
    """One object's place: which file and document, and where in the document.

    file:      display path, as given or found below it, `/`-separated; None for live objects
    parts:     components of the real path, file name last; () for stdin, rendered and live input
    document:  the room `manifests` knows what this is; everybody else hands it on
    prefix:    path of the object in its document: () or e.g. ("items", 3)
    line:      1-based line at which the object begins; 0 where there is none
    context:   True if the object is only reasoned with and not reported on
    changed:   the last change of a live object, where its managedFields tell
    rendered:  the template that a rendered object comes from, "" where that is not known
    """

    __slots__ = ("changed", "context", "document", "file", "line", "parts", "prefix", "rendered")

    def __init__(
        self,
        file: str | None,
        parts: tuple[str, ...] = (),
        document: Any = None,
        prefix: Path = (),
        line: int = 0,
        context: bool = False,
        changed: Change | None = None,
        rendered: str = "",
    ) -> None:
        self.file = file
        self.parts = parts
        self.document = document
        self.prefix = prefix
        self.line = line
        self.context = context
        self.changed = changed
        self.rendered = rendered

    def __repr__(self) -> str:
        return f"Origin({self.file}:{self.line} {path_text(self.prefix)})"


def path_text(path: Path) -> str:
    """The path as Kubernetes writes it: ``spec.egress[0].ports[1]``; a label key goes in brackets.

    >>> path_text(("spec", "podSelector", "matchLabels", "a.b/c"))
    'spec.podSelector.matchLabels[a.b/c]'
    """
    text = ""
    for part in path:
        if isinstance(part, int) or "." in part or "/" in part:
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


class Target(Record):
    """What a patch or replacement of a kustomization aims at; None matches anything.

    kind, name, namespace, group and version are patterns that match as a whole, or plain names
    if `exact`; labels and annotations are selectors as kubectl writes them (``a=b,!c``).
    """

    kind: str | None = None
    name: str | None = None
    namespace: str | None = None
    group: str | None = None
    version: str | None = None
    labels: str | None = None
    annotations: str | None = None
    exact: bool = False


class Layer(Record):
    """What one kustomization does to the objects below it.

    labels go to an object's metadata, selector_labels to selectors and pod templates, and
    template_labels to pod templates only.
    """

    name: str
    namespace: str | None = None
    prefix: str = ""
    suffix: str = ""
    labels: dict[str, str] = {}  # noqa: RUF012 (a NamedTuple's default; never changed)
    selector_labels: dict[str, str] = {}  # noqa: RUF012
    template_labels: dict[str, str] = {}  # noqa: RUF012
    targets: tuple[Target, ...] = ()


class Member(Record):
    """A file of a closure, by the components of its real path, and its layers, inner first."""

    parts: tuple[str, ...]
    layers: tuple[Layer, ...]


class Closure(Record):
    """A kustomization with all that it includes. missing: what of it could not be followed."""

    name: str
    members: tuple[Member, ...]
    missing: tuple[str, ...] = ()
