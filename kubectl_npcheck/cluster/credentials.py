"""Who we are to the API server: a kubeconfig's user → request headers and a client certificate.

Knows the ways to authenticate; must not know TLS, nor what is asked. The old auth providers are
run by the `kubernetes` package, and only then is it imported: it costs half a second and 45 MB.
Source: client-go `rest/config.go`, `transport`.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from kubectl_npcheck.cluster.context import Context
from kubectl_npcheck.cluster.exec_plugin import exec_status
from kubectl_npcheck.errors import ClusterError

TOKEN_SECONDS = 60.0
"""How long a token file's content counts; the kubelet writes it anew long before it expires."""


class Certificate(NamedTuple):
    """A client certificate and its key, as PEM."""

    certificate: bytes
    key: bytes


class Credentials:
    """The headers of each request, renewed where they expire, and the client certificate.

    timeout: seconds for a credential plugin that may not ask the user; None waits for ever
    """

    def __init__(
        self,
        context: Context,
        now: Callable[[], float] = time.monotonic,
        timeout: float | None = None,
    ) -> None:
        self._context = context
        self._timeout = timeout
        self._now = now
        self._fixed = impersonation(context.user)
        self._token_file = _text(context.user, "tokenFile")
        self._read_at = 0.0
        self._authorization = ""
        self.certificate: Certificate | None = None
        self._start()

    def headers(self) -> list[tuple[str, str]]:
        """Authorization and impersonation headers; a token file is read again in time."""
        if self._token_file and self._now() - self._read_at > TOKEN_SECONDS:
            self._read_token_file()
        if not self._authorization:
            return self._fixed
        return [("Authorization", self._authorization), *self._fixed]

    def renew(self) -> bool:
        """After a 401: read the token file, or run the plugin, again. False if nothing can be."""
        if self._token_file:
            before = self._authorization
            self._read_token_file()
            return self._authorization != before
        if "exec" in self._context.user and not _text(self._context.user, "token"):
            before = self._authorization
            self._run_plugin()
            return self._authorization != before
        return False

    def _start(self) -> None:
        user = self._context.user
        self.certificate = _certificate(self._context)
        if self._token_file:
            self._read_token_file()
        elif _text(user, "token"):
            self._authorization = f"Bearer {_text(user, 'token')}"
        elif "exec" in user and user["exec"] is not None:
            self._run_plugin()
        elif _text(user, "username"):
            pair = f"{_text(user, 'username')}:{_text(user, 'password')}"
            self._authorization = f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"
        elif user.get("auth-provider"):
            self._authorization = _provided(self._context)

    def _read_token_file(self) -> None:
        token = _pem(self._token_file, "token file").decode("utf-8", "replace").strip()
        if not token:
            raise ClusterError(f"token file {self._token_file} is empty")
        self._authorization = f"Bearer {token}"
        self._read_at = self._now()

    def _run_plugin(self) -> None:
        status = exec_status(self._context, self._timeout)
        token = status.get("token")
        if type(token) is str and token:
            self._authorization = f"Bearer {token}"
        given, key = status.get("clientCertificateData"), status.get("clientKeyData")
        if type(given) is str and type(key) is str:
            self.certificate = Certificate(given.encode(), key.encode())
        elif not token:
            command = _command(self._context)
            raise ClusterError(
                f"credential plugin {command}: gave neither a token nor a certificate"
            )


def impersonation(user: dict[str, Any]) -> list[tuple[str, str]]:
    """The Impersonate-* headers of a kubeconfig's user, one a group; [] where it names nobody."""
    name = _text(user, "as")
    if not name:
        return []
    headers = [("Impersonate-User", name)]
    if _text(user, "as-uid"):
        headers.append(("Impersonate-Uid", _text(user, "as-uid")))
    headers += [("Impersonate-Group", group) for group in _texts(user.get("as-groups"))]
    extra = user.get("as-user-extra")
    for key, values in extra.items() if type(extra) is dict else ():
        from urllib.parse import quote

        field = f"Impersonate-Extra-{quote(str(key), safe='')}"
        headers += [(field, value) for value in _texts(values)]
    return headers


def _certificate(context: Context) -> Certificate | None:
    user = context.user
    certificate = _either(user, "client-certificate", "client certificate")
    key = _either(user, "client-key", "client key")
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        lacking = "client-certificate" if certificate is None else "client-key"
        raise ClusterError(f'user "{context.user_name}" of the kubeconfig has no {lacking}')
    return Certificate(certificate, key)


def _either(fields: dict[str, Any], name: str, what: str) -> bytes | None:
    """The PEM of `NAME-data` (base64), or else of the file that NAME names."""
    inline = _text(fields, f"{name}-data")
    if inline:
        return decoded(inline, f"{name}-data")
    path = _text(fields, name)
    return _pem(path, what) if path else None


def decoded(text: str, field: str) -> bytes:
    """A base64 field of a kubeconfig. ClusterError where it is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError as error:
        raise ClusterError(f"kubeconfig: {field} is not base64") from error


def _pem(path: str, what: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise ClusterError(f"cannot read {what} {path}: {error.strerror}") from error


def _command(context: Context) -> str:
    plugin = context.user.get("exec")
    return str(plugin.get("command")) if type(plugin) is dict else ""


def _provided(context: Context) -> str:
    """The header of an old auth provider (oidc, gcp), as the `kubernetes` package makes it."""
    from kubectl_npcheck.cluster.extra import kubernetes_config

    config = kubernetes_config()
    provider = context.user["auth-provider"]
    name = provider.get("name") if type(provider) is dict else ""
    whole = {
        "current-context": "chosen",
        "contexts": [{"name": "chosen", "context": {"cluster": "chosen", "user": "chosen"}}],
        "clusters": [{"name": "chosen", "cluster": {"server": context.server}}],
        "users": [{"name": "chosen", "user": {"auth-provider": provider}}],
    }
    try:
        loader = config.kube_config.KubeConfigLoader(whole)
        loader._load_authentication()
        token = getattr(loader, "token", "")
    except Exception as error:
        said = " ".join(str(error).split())
        raise ClusterError(f'auth provider "{name}" of the kubeconfig: {said}') from error
    if not token:
        raise ClusterError(
            f'auth provider "{name}" of the kubeconfig gave no token; use an exec plugin instead'
        )
    return str(token)


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if type(value) is str else ""


def _texts(value: object) -> list[str]:
    return [item for item in value if type(item) is str] if type(value) is list else []
