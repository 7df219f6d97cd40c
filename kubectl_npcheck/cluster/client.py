"""Requests to one API server: raw JSON in and out, with timeouts, retries and plain errors.

Knows HTTP and the API's `Status`; must not know which objects there are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from kubectl_npcheck import __version__
from kubectl_npcheck.cluster import extra
from kubectl_npcheck.cluster.context import Context
from kubectl_npcheck.cluster.credentials import Credentials
from kubectl_npcheck.cluster.failures import ServerError, UnreachableError, said_of, unreachable
from kubectl_npcheck.cluster.transport import pool
from kubectl_npcheck.errors import ClusterError

ATTEMPTS = 5
FIRST_PAUSE = 0.25
PATIENCE = 60.0
"""Seconds that the pauses between the attempts of one request may take together."""

CONNECT_SECONDS = 15.0
RETRIED = frozenset({429, 500, 502, 503, 504})
UNDONE = frozenset({429})
"""Answers after which nothing has surely been written."""

AGENT = f"kubectl-npcheck/{__version__}"


class Client:
    """One API server. Safe for several threads.

    timeout: seconds for the answer to one request; None waits for ever
    """

    def __init__(
        self,
        context: Context,
        timeout: float | None = 60.0,
        environment: Mapping[str, str] | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.context = context
        self._urllib3 = extra.urllib3()
        self._timeout = timeout
        self._pause = pause
        plain = context.cluster.get("disable-compression") is True
        self._coding = "identity" if plain else "gzip"
        self._credentials = Credentials(context, timeout=timeout)
        self._pool = pool(context, self._credentials.certificate, environment)

    def get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The object at a path of the API. ServerError for an answer that is none."""
        return self._object("GET", path, query, None)

    def post(
        self, path: str, body: Mapping[str, Any], query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The answer to an object that is posted."""
        return self._object("POST", path, query, body)

    def patch(
        self,
        path: str,
        body: object,
        content_type: str,
        query: Mapping[str, str] | None = None,
        once: bool = False,
    ) -> dict[str, Any]:
        """The answer to a patch of the object at a path.

        once: it is not sent again where it may have been carried out: after a lost answer, or one
        of 500 and more, the caller has to find out
        """
        return self._object("PATCH", path, query, body, content_type, once)

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def _object(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: object,
        content_type: str = "application/json",
        once: bool = False,
    ) -> dict[str, Any]:
        import json

        content = None if body is None else json.dumps(body).encode()
        request = _Request(method, self._url(path, query), content, content_type)
        answer = self._answer(request, UNDONE if once else RETRIED)
        try:
            found = json.loads(answer.data)
        except (ValueError, RecursionError) as error:
            if answer.status >= 400:
                raise ServerError(answer.status, "", said_of(answer.data), path) from error
            raise ServerError(
                answer.status, "", "the answer is not JSON: is this a Kubernetes API server?", path
            ) from error
        if answer.status >= 400:
            raise _refusal(answer.status, found, path)
        if type(found) is not dict:
            raise ServerError(answer.status, "", "the answer is not an object", path)
        return found

    def _url(self, path: str, query: Mapping[str, str] | None) -> str:
        from urllib.parse import urlencode

        url = f"{self.context.server}{path}"
        return f"{url}?{urlencode(query)}" if query else url

    def _answer(self, request: _Request, retried: frozenset[int]) -> Any:
        """The response, after as many attempts as its failures are worth."""
        left = PATIENCE
        renewed = False
        attempt = 0
        while True:
            attempt += 1
            wait: float = FIRST_PAUSE * 2 ** (attempt - 1)
            try:
                response = self._send(request)
            except UnreachableError as error:
                if not error.passing or attempt == ATTEMPTS or retried is UNDONE:
                    raise
            else:
                if response.status == 401 and not renewed:
                    renewed = True
                    if self._credentials.renew():
                        continue
                wait = max(wait, _retry_after(response))
                if response.status not in retried or attempt == ATTEMPTS or wait > left:
                    return response
            left -= wait
            self._pause(wait)

    def _send(self, request: _Request) -> Any:
        headers = self._urllib3.HTTPHeaderDict(
            {"Accept": "application/json", "Accept-Encoding": self._coding, "User-Agent": AGENT}
        )
        for name, value in self._credentials.headers():
            headers.add(name, value)
        if request.body is not None:
            headers["Content-Type"] = request.content_type
        timeout = self._urllib3.Timeout(
            connect=CONNECT_SECONDS
            if self._timeout is None
            else min(self._timeout, CONNECT_SECONDS),
            read=self._timeout,
        )
        try:
            return self._pool.request(
                request.method,
                request.url,
                body=request.body,
                headers=headers,
                timeout=timeout,
                retries=False,
                redirect=False,
            )
        except (self._urllib3.exceptions.HTTPError, OSError) as error:
            raise unreachable(error, self.context.server, self._timeout) from error
        except UnicodeError as error:
            raise ClusterError(f"server {self.context.server}: not a host name") from error


class _Request(NamedTuple):
    method: str
    url: str
    body: bytes | None
    content_type: str


def _retry_after(response: Any) -> float:
    """Seconds of the header Retry-After, 0 without it; API servers send whole seconds."""
    text = response.headers.get("Retry-After")
    return float(text) if text and text.isdecimal() else 0.0


def _refusal(status: int, found: object, path: str) -> ServerError:
    fields = found if type(found) is dict else {}
    message = fields.get("message")
    reason = fields.get("reason")
    return ServerError(
        status,
        reason if type(reason) is str else "",
        message if type(message) is str and message else f"HTTP {status}",
        path,
        fields,
    )
