"""Proxies as Go reads them, and certificates that cannot be used."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from kubectl_npcheck.cluster.context import Context
from kubectl_npcheck.cluster.credentials import Certificate, Credentials
from kubectl_npcheck.cluster.transport import pool, proxy_for
from kubectl_npcheck.errors import ClusterError


def context(
    server: str = "https://api.example:6443", cluster: dict[str, Any] | None = None
) -> Context:
    return Context("c", "c", "u", {"server": server, **(cluster or {})}, {}, "", "default")


@pytest.mark.parametrize(
    ("server", "environment", "proxy"),
    [
        ("https://api.example:6443", {}, None),
        ("https://api.example:6443", {"HTTPS_PROXY": "http://p:3128"}, "http://p:3128"),
        ("https://api.example:6443", {"https_proxy": "p:3128"}, "http://p:3128"),
        ("https://api.example:6443", {"HTTP_PROXY": "http://p:3128"}, None),
        ("http://api.example", {"HTTP_PROXY": "http://p:3128"}, "http://p:3128"),
        ("https://localhost:6443", {"HTTPS_PROXY": "http://p:3128"}, None),
        ("https://127.0.0.1:6443", {"HTTPS_PROXY": "http://p:3128"}, None),
        ("https://[::1]:6443", {"HTTPS_PROXY": "http://p:3128"}, None),
    ],
)
def test_proxy_of_the_environment(
    server: str, environment: dict[str, str], proxy: str | None
) -> None:
    assert proxy_for(context(server), environment) == proxy


@pytest.mark.parametrize(
    ("listed", "taken"),
    [
        ("", True),
        ("*", False),
        ("api.example", False),
        ("example", False),
        (".example", False),
        ("*.example", False),
        ("i.example", True),
        ("API.EXAMPLE", False),
        ("other, api.example", False),
        ("api.example:6443", False),
        ("api.example:443", True),
        ("10.0.0.0/8", True),
    ],
)
def test_no_proxy(listed: str, taken: bool) -> None:
    environment = {"HTTPS_PROXY": "http://p", "NO_PROXY": listed}
    assert (proxy_for(context(), environment) is not None) is taken


@pytest.mark.parametrize(
    ("listed", "taken"), [("10.0.0.0/8", False), ("10.1.2.3", False), ("11.0.0.0/8", True)]
)
def test_no_proxy_by_address(listed: str, taken: bool) -> None:
    environment = {"HTTPS_PROXY": "http://p", "NO_PROXY": listed}
    assert (proxy_for(context("https://10.1.2.3"), environment) is not None) is taken


def test_the_proxy_of_the_kubeconfig_counts_always() -> None:
    named = context("https://localhost", {"proxy-url": "http://own:1"})
    assert proxy_for(named, {"HTTPS_PROXY": "http://p", "NO_PROXY": "*"}) == "http://own:1"


@pytest.mark.parametrize(
    ("cluster", "said"),
    [
        ({"certificate-authority-data": "%%%"}, "certificate-authority-data is not base64"),
        (
            {"certificate-authority-data": base64.b64encode(b"no pem").decode()},
            "certificate-authority-data of the kubeconfig holds no certificate",
        ),
        ({"certificate-authority": "/nowhere/ca"}, "cannot read certificate authority /nowhere/ca"),
        ({"proxy-url": "ftp://u:secret@p:1"}, 'proxy "ftp://p:1": only http, https and socks5'),
        ({"proxy-url": "socks5://u:secret@p:1"}, "proxy socks5://p:1: SOCKS needs the package"),
    ],
)
def test_clusters_that_cannot_be_used(
    cluster: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)  # as without PySocks
    with pytest.raises(ClusterError, match=said):
        pool(context(cluster=cluster), None, {})


def test_a_server_that_is_no_address() -> None:
    with pytest.raises(ClusterError, match=r'server "api:6443" of the kubeconfig is not an http'):
        pool(context("api:6443"), None, {})


def test_a_client_certificate_that_is_none() -> None:
    with pytest.raises(ClusterError, match="client certificate of the kubeconfig"):
        pool(context(cluster={"insecure-skip-tls-verify": True}), Certificate(b"x", b"y"), {})


@pytest.mark.parametrize(
    ("user", "said"),
    [
        ({"client-certificate-data": "Zg=="}, 'user "u" of the kubeconfig has no client-key'),
        (
            {"client-certificate": "/nowhere/c"},
            "cannot read client certificate /nowhere/c: No such",
        ),
        ({"client-key-data": "!"}, "client-key-data is not base64"),
        ({"tokenFile": "/nowhere/t"}, "cannot read token file /nowhere/t: No such file"),
        ({"exec": {}}, "exec names no command"),
        (
            {"auth-provider": {"name": "azure"}},
            'auth provider "azure" .* gave no token; use an exec',
        ),
    ],
)
def test_users_that_cannot_be_used(user: dict[str, Any], said: str) -> None:
    with pytest.raises(ClusterError, match=said):
        Credentials(context()._replace(user=user))
