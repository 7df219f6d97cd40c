"""The ways to authenticate that the `kubernetes` package goes, of which the zipapp has a part."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.serving import served, url_of
from tests.zipapp.conftest import Zipapp


class Server(ThreadingHTTPServer):
    """An API server that lets nobody in, and an identity provider that gives a new token."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: set[str] = set()
        self.url = url_of(self)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.path == "/.well-known/openid-configuration":
            self.answer(200, {"token_endpoint": f"{self.server.url}/token"})
        else:
            self.server.seen.add(self.headers.get("Authorization") or "")
            self.answer(403, {"kind": "Status", "reason": "Forbidden", "message": "no"})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/token":
            tokens = {"access_token": "a", "token_type": "Bearer", "refresh_token": "r"}
            self.answer(200, {**tokens, "id_token": token("renewed", 4102444800)})
        else:
            self.do_GET()

    def answer(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def token(name: str, expires: int) -> str:
    """An unsigned JSON web token."""
    parts = [{"alg": "none"}, {"sub": name, "exp": expires}]
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
    return ".".join([*(text.rstrip("=") for text in coded), "signature"])


@pytest.fixture
def server() -> Iterator[Server]:
    with served(Server()) as running:
        yield running


def authorization(zipapp: Zipapp, server: Server, user: dict[str, Any], **env: str) -> set[str]:
    """What audit, as this user, sends to the API server."""
    config = {
        "current-context": "c",
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {"server": server.url}}],
        "users": [{"name": "u", "user": user}],
    }
    (zipapp.home / "config").write_text(yaml.safe_dump(config), "utf-8")
    audited = zipapp("audit", KUBECONFIG=str(zipapp.home / "config"), **env)
    assert audited.code == 4, audited
    assert "Traceback" not in audited.stderr
    return server.seen


def script(directory: Path, said: object) -> str:
    """A program that prints an object as JSON."""
    path = directory / "plugin"
    path.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(said)}\nEND\n", "utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_credential_plugin(fresh: Zipapp, server: Server) -> None:
    api = "client.authentication.k8s.io/v1beta1"
    said = {"apiVersion": api, "kind": "ExecCredential", "status": {"token": "from-the-plugin"}}
    plugin = {"apiVersion": api, "command": script(fresh.home, said)}
    assert authorization(fresh, server, {"exec": plugin}) == {"Bearer from-the-plugin"}


def test_gcp(fresh: Zipapp, server: Server) -> None:
    said = {"credential": {"access_token": "from-gcloud", "token_expiry": "2099-01-01T00:00:00Z"}}
    config = {
        "cmd-path": script(fresh.home, said),
        "cmd-args": "",
        "token-key": "{.credential.access_token}",
        "expiry-key": "{.credential.token_expiry}",
    }
    user = {"auth-provider": {"name": "gcp", "config": config}}
    assert authorization(fresh, server, user) == {"Bearer from-gcloud"}


def test_openid_connect_whose_token_is_renewed(fresh: Zipapp, server: Server) -> None:
    config = {
        "idp-issuer-url": server.url,
        "client-id": "id",
        "client-secret": "secret",
        "id-token": token("expired", 1),
        "refresh-token": "r",
    }
    user = {"auth-provider": {"name": "oidc", "config": config}}
    sent = authorization(fresh, server, user, OAUTHLIB_INSECURE_TRANSPORT="1")
    assert sent == {f"Bearer {token('renewed', 4102444800)}"}


def test_a_socks_proxy(fresh: Zipapp, server: Server) -> None:
    config = {
        "current-context": "c",
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": ""}}],
        "clusters": [
            {"name": "c", "cluster": {"server": server.url, "proxy-url": "socks5://127.0.0.1:1"}}
        ],
    }
    (fresh.home / "config").write_text(yaml.safe_dump(config), "utf-8")
    audited = fresh("audit", KUBECONFIG=str(fresh.home / "config"))
    assert audited.code == 4
    assert "PySocks" not in audited.stderr
    assert "refused the connection" in audited.stderr
    assert server.seen == set(), "it went past the proxy"
