"""Workloads of the context that wait until the policies of the run are known.

Which of them a policy may ask for is `asked`'s, which is loaded where there are any.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from kubectl_npcheck.manifests.source import Source
from kubectl_npcheck.manifests.split import Chunk
from kubectl_npcheck.origin import Closure
from kubectl_npcheck.policy.members import Object
from kubectl_npcheck.policy.model import NetworkPolicy

if TYPE_CHECKING:
    from kubectl_npcheck.load.asked import Asked


class Deferred:
    """A workload of the context that is not parsed yet; `objects` is what it gave, once it is."""

    __slots__ = ("chunk", "objects", "shown", "source")

    def __init__(self, source: Source, chunk: Chunk, shown: str | None) -> None:
        self.source = source
        self.chunk = chunk
        self.shown = shown
        self.objects: list[Object] | None = None


Found = Object | Deferred


def settled(
    gathered: Sequence[Sequence[Found]],
    closures: Sequence[Closure],
    parse: Callable[[Deferred], list[Object]],
) -> list[list[Object]]:
    """The same with the deferred workloads parsed that the policies of all may ask for.

    Those that nobody asks for are left out.
    """
    asked: Asked | None = None
    found: list[list[Object]] = []
    for items in gathered:
        objects: list[Object] = []
        for item in items:
            if not isinstance(item, Deferred):
                objects.append(item)
                continue
            if asked is None:
                asked = _asked(gathered, closures)
            if asked.wants(item.source):
                if item.objects is None:
                    item.objects = parse(item)
                objects += item.objects
        found.append(objects)
    return found


def _asked(gathered: Sequence[Sequence[Found]], closures: Sequence[Closure]) -> Asked:
    from kubectl_npcheck.load.asked import Asked

    policies = [i for found in gathered for i in found if isinstance(i, NetworkPolicy)]
    return Asked(policies, closures)
