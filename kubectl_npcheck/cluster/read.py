"""Reads what an audit looks at: several lists side by side, and what could not be seen.

Knows scopes and permissions; must not know what the objects mean.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.failures import ServerError
from kubectl_npcheck.cluster.lists import Resource, read_list
from kubectl_npcheck.cluster.parallel import each
from kubectl_npcheck.cluster.resources import POLICIES
from kubectl_npcheck.errors import ClusterError

Build = Callable[[Resource, dict[str, Any]], Any]
"""Makes something of a raw object, which is dropped then; None is dropped too."""

Progress = Callable[[str, int], None]
EVERY = 500
WORKERS = 4


class Listing(NamedTuple):
    """What came of one list.

    built:     what the objects became, in the server's order; [] where the list failed
    namespace: of the list, None for the whole cluster
    forbidden: the server's words, where RBAC does not allow the list
    error:     why the list could not be read to its end
    """

    resource: Resource
    namespace: str | None
    built: list[Any]
    forbidden: str = ""
    error: ClusterError | None = None


def read(
    client: Client,
    wanted: Sequence[tuple[Resource, str | None]],
    build: Build,
    chunk: int = 500,
    progress: Progress | None = None,
) -> list[Listing]:
    """Read the lists, some at a time; the answers are in the order in which they were asked for."""
    counter = _Counter(progress)

    def one(item: tuple[Resource, str | None]) -> Listing:
        return _listing(client, item[0], item[1], build, chunk, counter)

    return each(one, wanted, WORKERS)


def _listing(
    client: Client,
    resource: Resource,
    namespace: str | None,
    build: Build,
    chunk: int,
    counter: _Counter,
) -> Listing:
    built: list[Any] = []

    def take(item: dict[str, Any]) -> None:
        made = build(resource, item)
        if made is not None:
            built.append(made)
        counter.add(resource.plural)

    try:
        read_list(client, resource, namespace, chunk, take, built.clear)
    except ServerError as error:
        if error.forbidden:
            return Listing(resource, namespace, [], forbidden=error.message)
        if error.status == 404 and resource is not POLICIES:
            return Listing(resource, namespace, [])  # an API that this cluster does not serve
        return Listing(resource, namespace, [], error=error)
    except ClusterError as error:
        return Listing(resource, namespace, [], error=error)
    return Listing(resource, namespace, built)


class _Counter:
    """Tells how many objects were read, now and then."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def add(self, plural: str) -> None:
        if self._progress is None:
            return
        with self._lock:
            count = self._counts[plural] = self._counts.get(plural, 0) + 1
            if count % EVERY == 0 or count == 1:
                self._progress(plural, count)
