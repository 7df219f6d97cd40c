"""An HTTP proxy that knows CONNECT only."""

from __future__ import annotations

import contextlib
import select
import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import ThreadingMixIn
from typing import Any

from tests.serving import served, url_of


class Proxy(ThreadingMixIn, HTTPServer):
    """The proxy; `used` counts the tunnels that it made. Closing it waits for them to end."""

    used = 0

    @property
    def url(self) -> str:
        """What kubeconfig's `proxy-url` says."""
        return url_of(self)


class _Tunnel(BaseHTTPRequestHandler):
    server: Proxy

    def do_CONNECT(self) -> None:
        """Answer, then pass on what either side sends until one of them closes."""
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as upstream:
            self.server.used += 1
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                _pass_on(self.connection, upstream)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _pass_on(client: socket.socket, upstream: socket.socket) -> None:
    other = {client: upstream, upstream: client}
    while True:
        for readable in select.select(other, [], [])[0]:
            if not (content := readable.recv(65536)):
                return
            other[readable].sendall(content)


def running() -> contextlib.AbstractContextManager[Proxy]:
    """A proxy on a free port of this machine, for a `with` block."""
    return served(Proxy(("127.0.0.1", 0), _Tunnel))
