"""An HTTP proxy that knows CONNECT only.

Nothing of it outlives its `with`: a thread that still waits for connections on a closed socket can
take those of whoever is given the same file descriptor next.
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import ThreadingMixIn
from typing import Any


class Proxy(ThreadingMixIn, HTTPServer):
    """The proxy; `used` counts the tunnels that it made. Closing it waits for them to end."""

    used = 0

    @property
    def url(self) -> str:
        """What kubeconfig's `proxy-url` says."""
        return f"http://127.0.0.1:{self.server_address[1]}"


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


@contextlib.contextmanager
def running() -> Iterator[Proxy]:
    """A proxy on a free port of this machine."""
    with Proxy(("127.0.0.1", 0), _Tunnel) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()
