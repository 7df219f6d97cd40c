"""Paged lists: every object of one resource, or an error, never a part that looks whole.

Knows `limit`, `continue` and what a 410 means; must not know what the objects are.
Source: Kubernetes API concepts, "Retrieving large results sets in chunks".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.failures import ServerError

Take = Callable[[dict[str, Any]], None]


class Resource(NamedTuple):
    """A list of the API, e.g. `/apis/apps/v1` and `deployments`."""

    api: str
    plural: str
    kind: str
    namespaced: bool = True

    def path(self, namespace: str | None = None) -> str:
        """The path of the list, of one namespace or of the whole cluster."""
        if namespace is None or not self.namespaced:
            return f"{self.api}/{self.plural}"
        from urllib.parse import quote

        return f"{self.api}/namespaces/{quote(namespace, safe='')}/{self.plural}"


def read_list(
    client: Client,
    resource: Resource,
    namespace: str | None,
    chunk: int,
    take: Take,
    restart: Callable[[], None],
) -> int:
    """Hand each object of the list to `take`, in the server's order; how many there were.

    Objects of a list do not carry apiVersion and kind; they are added. A continue token that has
    expired restarts the list once, after `restart` was called; then as one single answer, which
    cannot expire. ServerError or UnreachableError where the list cannot be read to its end.
    """
    path = resource.path(namespace)
    try:
        return _pages(client, resource, path, chunk, take)
    except ServerError as error:
        if not error.expired:
            raise
        restart()
        return _pages(client, resource, path, 0, take)


def _pages(client: Client, resource: Resource, path: str, chunk: int, take: Take) -> int:
    query = {"limit": str(chunk)} if chunk else {}
    version = _version_of(resource)
    count = 0
    while True:
        page = client.get(path, query)
        items = page.get("items")
        if items is None and str(page.get("kind", "")).endswith("List"):
            items = []  # Go writes an empty slice as null
        if type(items) is not list:
            raise ServerError(200, "", "the answer is not a list", path)
        for item in items:
            if type(item) is dict:
                item["kind"] = resource.kind
                item["apiVersion"] = version
                take(item)
        count += len(items)
        meta = page.get("metadata")
        token = meta.get("continue") if type(meta) is dict else None
        if not token or type(token) is not str:
            return count
        query["continue"] = token
        del page, items


def _version_of(resource: Resource) -> str:
    return resource.api.removeprefix("/apis/").removeprefix("/api/")
