"""What goes wrong with an API server, as one line that says what to do.

Knows urllib3's errors by their names; must not know what was asked.
"""

from __future__ import annotations

import ssl
from typing import Any

from kubectl_npcheck.errors import ClusterError


class ServerError(ClusterError):
    """The API server refused, or its answer cannot be used.

    status: HTTP status; reason: the API's own word (`Forbidden`, `Expired`); body: its `Status`
    """

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        path: str = "",
        body: dict[str, Any] | None = None,
    ) -> None:
        self.status = status
        self.reason = reason
        self.message = " ".join(message.split())
        self.path = path
        self.body = body or {}
        super().__init__(self._line())

    def _line(self) -> str:
        if self.status == 401:
            return (
                "the API server does not accept the credentials (401 Unauthorized): the token or"
                " certificate of the kubeconfig's user is wrong or has expired; log in again"
            )
        where = f" ({self.path})" if self.path else ""
        return f"the API server answered {self.status}{where}: {self.message}"

    @property
    def forbidden(self) -> bool:
        """True if RBAC does not allow it."""
        return self.status == 403

    @property
    def expired(self) -> bool:
        """True if a continue token is too old."""
        return self.status == 410


class UnreachableError(ClusterError):
    """No answer came.

    passing: another attempt may help
    sent:    the request may have been carried out all the same
    """

    def __init__(self, message: str, passing: bool, sent: bool = False) -> None:
        self.passing = passing
        self.sent = sent or passing
        super().__init__(message)


def unreachable(error: Exception, server: str, timeout: float | None) -> UnreachableError:
    """The line for an error of urllib3 or of a socket."""
    chain = _chain(error)
    names = {type(item).__name__ for item in chain}
    for item in chain:
        if isinstance(item, ssl.SSLCertVerificationError):
            return UnreachableError(_certificate(item, server), False)
    if "ReadTimeoutError" in names:
        seconds = f" within {timeout:g} s" if timeout else ""
        return UnreachableError(
            f"{server} did not answer{seconds}; --request-timeout sets how long to wait",
            False,
            sent=True,
        )
    if "ConnectTimeoutError" in names:
        return UnreachableError(f"{server} cannot be reached: connecting timed out", False)
    if "NameResolutionError" in names or "gaierror" in names:
        return UnreachableError(f"{server}: the host name is not known", False)
    if "ConnectionRefusedError" in names:
        said = f"{server} refused the connection: is it the right host and port?"
        return UnreachableError(said, False)
    proxied = " through the proxy" if "ProxyError" in names else ""
    if names & {"IncompleteRead", "ProtocolError", "DecodeError", "RemoteDisconnected"} or any(
        isinstance(item, ConnectionError) for item in chain
    ):
        return UnreachableError(f"{server} broke off the connection{proxied}", True)
    for item in chain:
        if isinstance(item, ssl.SSLError):
            reason = (item.reason or str(item)).replace("_", " ").lower()
            return UnreachableError(f"{server}: TLS failed: {reason}", False)
    said = " ".join(str(chain[-1]).split())
    return UnreachableError(f"{server} cannot be reached{proxied}: {said}", False)


def said_of(content: bytes) -> str:
    """The beginning of an answer that is not JSON, as one line."""
    text = " ".join(content[:300].decode("utf-8", "replace").split())
    return text or "no text"


def _certificate(error: ssl.SSLCertVerificationError, server: str) -> str:
    reason = error.verify_message or str(error)
    if "self-signed" in reason or "self signed" in reason or "unable to get" in reason:
        said = "it is signed by an authority that the kubeconfig does not name"
    elif "expired" in reason:
        said = "it has expired"
    else:
        said = reason[:1].lower() + reason[1:].rstrip(".")
    return f"{server}: its certificate is not trusted: {said} (certificate-authority)"


def _chain(error: BaseException) -> list[BaseException]:
    """The error, what urllib3 wraps in it, and what caused them; the innermost is last."""
    found: list[BaseException] = []
    pending: list[object] = [error]
    while pending:
        item = pending.pop(0)
        if not isinstance(item, BaseException) or any(item is held for held in found):
            continue
        found.append(item)
        pending += [
            getattr(item, "reason", None),
            getattr(item, "original_error", None),
            *getattr(item, "args", ()),
            item.__cause__,
            item.__context__,
        ]
    return found
