"""A proxy in front of the real API server that breaks things."""

from __future__ import annotations

import threading
from urllib.parse import urlencode

from tests.cluster.api import Api, Plain, Request, failure
from tests.e2e.server import ControlPlane


class Front(Api):
    """Hands requests on to the real server, unless a fault is due.

    expired: paths whose next continue token the server is said to have forgotten
    """

    def __init__(self, server: ControlPlane) -> None:
        super().__init__()
        self.server = server
        self.expired: list[str] = []
        self._one_at_a_time = threading.Lock()

    def answer(self, request: Request) -> tuple[int, Plain]:
        if "continue" in request.query and request.path in self.expired:
            self.expired.remove(request.path)
            return failure(410, "Expired", "The provided continue parameter is too old")
        path = request.path + ("?" + urlencode(request.query) if request.query else "")
        with self._one_at_a_time:
            done = self.server.request(request.method, path, request.body or None)
        return done.status, done.body
