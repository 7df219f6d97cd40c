"""The names of a cluster's namespaces, for somebody who waits at a prompt."""

from __future__ import annotations

import threading

from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.context import Flags, resolve
from kubectl_npcheck.errors import ClusterError


def namespace_names(flags: Flags, seconds: float) -> list[str]:
    """All names, sorted; [] where the cluster does not give them within the seconds.

    A thread of its own, because no timeout bounds a credential plugin or a slow name server.
    """
    found: list[str] = []
    asking = threading.Thread(target=_ask, args=(flags, seconds, found), daemon=True)
    asking.start()
    asking.join(seconds)
    return sorted(found)


def _ask(flags: Flags, seconds: float, found: list[str]) -> None:
    try:
        client = Client(resolve(flags), seconds, pause=_give_up)
        items = client.get("/api/v1/namespaces").get("items")
    except ClusterError:
        return
    listed = items if type(items) is list else []
    metas = [item.get("metadata") for item in listed if type(item) is dict]
    names = [meta.get("name") for meta in metas if type(meta) is dict]
    found.extend(name for name in names if type(name) is str)


def _give_up(pause: float) -> None:
    raise ClusterError("no second attempt")
