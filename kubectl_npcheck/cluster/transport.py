"""TLS and proxies: a context → one pool of connections.

Knows kubeconfig's cluster fields and the proxy variables; must not know what is asked, nor as whom.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kubectl_npcheck.cluster import extra
from kubectl_npcheck.cluster.context import Context
from kubectl_npcheck.cluster.credentials import Certificate, decoded
from kubectl_npcheck.errors import ClusterError

if TYPE_CHECKING:
    import ssl

CONNECTIONS = 8


def pool(
    context: Context,
    certificate: Certificate | None,
    environment: Mapping[str, str] | None = None,
) -> Any:
    """An urllib3 pool for the context's server. ClusterError for what cannot be used."""
    urllib3 = extra.urllib3()
    url = urllib3.util.parse_url(context.server)
    if url.scheme not in ("http", "https") or not url.host:
        raise ClusterError(f'server "{context.server}" of the kubeconfig is not an http(s) address')
    arguments: dict[str, Any] = {"maxsize": CONNECTIONS, "block": True, "retries": False}
    if url.scheme == "https":
        arguments["ssl_context"] = _tls(context, certificate)
        name = context.cluster.get("tls-server-name")
        if name:
            arguments["server_hostname"] = str(name)
    proxy = proxy_for(context, os.environ if environment is None else environment)
    if proxy is None:
        return urllib3.PoolManager(**arguments)
    return _proxied(urllib3, proxy, arguments)


def proxy_for(context: Context, environment: Mapping[str, str]) -> str | None:
    """The proxy to take: `proxy-url`, or else HTTPS_PROXY less NO_PROXY, as Go reads them."""
    named = context.cluster.get("proxy-url")
    if named:
        return str(named)
    from urllib.parse import urlsplit

    url = urlsplit(context.server)
    variable = f"{url.scheme}_proxy"
    found = environment.get(variable.upper()) or environment.get(variable)
    host = (url.hostname or "").lower()
    if not found or host == "localhost" or _loopback(host):
        return None
    listed = environment.get("NO_PROXY") or environment.get("no_proxy") or ""
    port = url.port or (443 if url.scheme == "https" else 80)
    if any(_bypasses(part.strip().lower(), host, port) for part in listed.split(",")):
        return None
    return found if "://" in found else f"http://{found}"


def _bypasses(part: str, host: str, port: int) -> bool:
    """Whether an item of NO_PROXY stands for the host (Go, golang.org/x/net/http/httpproxy)."""
    if not part:
        return False
    if part == "*":
        return True
    import ipaddress

    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(part, strict=False)
    except ValueError:
        name, colon, number = part.rpartition(":")
    if colon and number.isdecimal() and ":" not in name:
        if int(number) != port:
            return False
        part = name
    part = part.removeprefix("*")
    return (
        host.endswith(part) if part.startswith(".") else host == part or host.endswith(f".{part}")
    )


def _loopback(host: str) -> bool:
    import ipaddress

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _proxied(urllib3: Any, proxy: str, arguments: dict[str, Any]) -> Any:
    scheme = proxy.partition("://")[0].lower()
    if scheme.startswith("socks"):
        from importlib.util import find_spec

        if find_spec("socks") is None:
            raise ClusterError(f"proxy {_shown(proxy)}: SOCKS needs the package PySocks")
        from urllib3.contrib.socks import SOCKSProxyManager

        if scheme == "socks5":  # Go lets the proxy look the name up
            proxy = f"socks5h{proxy[len(scheme) :]}"
        return SOCKSProxyManager(proxy, **arguments)
    if scheme not in ("http", "https"):
        raise ClusterError(f'proxy "{_shown(proxy)}": only http, https and socks5 are known')
    url = urllib3.util.parse_url(proxy)
    headers = urllib3.make_headers(proxy_basic_auth=url.auth) if url.auth else None
    return urllib3.ProxyManager(proxy, proxy_headers=headers, **arguments)


def _shown(proxy: str) -> str:
    """The proxy's address without a password."""
    scheme, separator, rest = proxy.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


def _insecure(context: Context) -> bool:
    return context.cluster.get("insecure-skip-tls-verify") is True


def _tls(context: Context, certificate: Certificate | None) -> ssl.SSLContext:
    import ssl

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    if _insecure(context):
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    else:
        _trust(tls, context)
    if certificate is not None:
        _present(tls, certificate)
    return tls


def _trust(tls: ssl.SSLContext, context: Context) -> None:
    """The authority of the kubeconfig, inline or in a file; without one, the system's."""
    import ssl

    inline = context.cluster.get("certificate-authority-data")
    path = context.cluster.get("certificate-authority")
    try:
        if inline:
            pem = decoded(str(inline), "certificate-authority-data").decode("ascii", "replace")
            tls.load_verify_locations(cadata=pem)
        elif path:
            tls.load_verify_locations(cafile=str(path))
        else:
            tls.load_default_certs()
    except ssl.SSLError as error:
        what = "certificate-authority-data" if inline else f"certificate authority {path}"
        raise ClusterError(f"{what} of the kubeconfig holds no certificate") from error
    except OSError as error:
        raise ClusterError(f"cannot read certificate authority {path}: {error.strerror}") from error


def _present(tls: ssl.SSLContext, certificate: Certificate) -> None:
    """Load the client certificate. `ssl` reads files only: one stands there for a moment."""
    import ssl
    import tempfile

    with tempfile.TemporaryDirectory(prefix="npcheck-") as directory:
        path = os.path.join(directory, "client.pem")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(certificate.certificate + b"\n" + certificate.key)
        try:
            tls.load_cert_chain(path)
        except ssl.SSLError as error:
            raise ClusterError(f"client certificate of the kubeconfig: {error.reason}") from error
