"""Where an object comes from. Rooms hand origins on; only `manifests` looks inside `document`."""

from __future__ import annotations

from typing import Any

Path = tuple["str | int", ...]
"""A field path as parts: ``("spec", "egress", 0, "ports")``."""


class Origin:
    """One object's place: which file and document, and where in the document.

    file:      display path, as given or found below it, `/`-separated; None for live objects
    parts:     components of the real path, file name last; () for stdin, rendered and live input
    document:  the room `manifests` knows what this is; everybody else hands it on
    prefix:    path of the object in its document: () or e.g. ("items", 3)
    line:      1-based line at which the object begins; 0 where there is none
    context:   True if the object is only reasoned with and not reported on
    """

    __slots__ = ("context", "document", "file", "line", "parts", "prefix")

    def __init__(
        self,
        file: str | None,
        parts: tuple[str, ...] = (),
        document: Any = None,
        prefix: Path = (),
        line: int = 0,
        context: bool = False,
    ) -> None:
        self.file = file
        self.parts = parts
        self.document = document
        self.prefix = prefix
        self.line = line
        self.context = context

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
