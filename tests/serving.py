"""A server of a test, in a thread of its own, for as long as a `with` block lasts.

Nothing of it outlives the block: a thread that still waits for connections on a closed socket can
take those of whoever is given the same file descriptor next.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from socketserver import TCPServer
from typing import TypeVar

POLL_SECONDS = 0.02
"""How long the end of a block waits at most: many tests have a server each."""

Server = TypeVar("Server", bound=TCPServer)


@contextlib.contextmanager
def served(server: Server) -> Iterator[Server]:
    """Serve until the end of the block, then stop, wait for the thread and close the socket."""
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def url_of(server: TCPServer) -> str:
    """Where it is reached."""
    host, port = server.server_address[:2]
    return f"http://{host!s}:{port}"
