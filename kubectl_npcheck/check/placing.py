"""From a rule's field path to a region of a file. Each document is composed once, if it must be."""

from __future__ import annotations

from collections.abc import Collection

from kubectl_npcheck.check.verdicts import Verdict
from kubectl_npcheck.findings import Location
from kubectl_npcheck.origin import Origin, Path
from kubectl_npcheck.record import Record


class Placed(Record):
    """A verdict with its place; None for objects without a file."""

    verdict: Verdict
    location: Location | None


def placed(verdicts: list[Verdict], only: Collection[int] | None = None) -> list[Placed]:
    """Each verdict with its place, document by document.

    only: by `id`, the documents in which places are looked for; None for all
    """
    by_document: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        by_document.setdefault(id(verdict.origin.document), []).append(verdict)
    found: list[Placed] = []
    for document, group in by_document.items():
        wanted = only is None or document in only
        for verdict in group:
            where = place(verdict.origin, verdict.problem.path) if wanted else None
            found.append(Placed(verdict, where))
    return found


def place(origin: Origin, path: Path) -> Location | None:
    """Where a field of an object stands; its nearest parent where it is not written."""
    if origin.file is None:
        return None
    if origin.document is None:
        line = origin.line or 1
        return Location(origin.file, line, 1, line, 1)
    from kubectl_npcheck.manifests.positions import locate

    return Location(origin.file, *locate(origin.document, origin.prefix + path))
