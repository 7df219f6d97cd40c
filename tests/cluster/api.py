"""A small API server on loopback: lists with paging, and every way of failing.

Knows HTTP and the API's envelope; must not know npcheck.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.serving import served, url_of

Plain = dict[str, Any]

NETWORKING = "/apis/networking.k8s.io/v1"
POLICIES = f"{NETWORKING}/networkpolicies"


class Fault(NamedTuple):
    """What one request meets instead of an answer.

    kind: "status", "reset" (the connection breaks), "hang", "cut" (half of the body), "text",
          "lost" (carried out, and then the connection breaks)
    """

    kind: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""


class Request(NamedTuple):
    """One request that came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: list[tuple[str, str]]
    body: Plain

    def header(self, name: str) -> list[str]:
        """The values of a header, in their order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


class Api:
    """The server's content and its mishaps; `objects` and `faults` may change while it runs.

    objects:   by path of the cluster-wide list
    faults:    by path, what the next requests of it meet, one each
    forbidden: paths (of lists, or of posts) that RBAC does not allow; a `*` at the end stands
               for anything
    answers:   by path, what other requests get
    admission: makes of a policy that is to be stored what is stored; a text refuses it
    """

    def __init__(self) -> None:
        self.objects: dict[str, list[Plain]] = {}
        self.faults: dict[str, list[Fault]] = {}
        self.forbidden: list[str] = []
        self.answers: dict[str, Plain] = {
            "/version": {"major": "1", "minor": "34", "gitVersion": "v1.34.4"},
            "/apis": {"kind": "APIGroupList", "groups": []},
        }
        self.created: dict[str, Any] = {}
        self.admission: Callable[[Plain], Plain | str] = lambda policy: policy
        self.version = 100
        self.user = "jane"
        self.requests: list[Request] = []
        self.url = ""

    def add(self, path: str, namespace: str | None, name: str, **fields: Any) -> None:
        """Put an object into a list."""
        meta: Plain = {"name": name, **fields.pop("metadata", {})}
        if namespace is not None:
            meta["namespace"] = namespace
        self.objects.setdefault(path, []).append({"metadata": meta, **fields})

    def add_policy(self, namespace: str, name: str, spec: Plain, **meta: Any) -> None:
        """Put a policy into its list."""
        self.version += 1
        served = {"uid": f"uid-{self.version}", "resourceVersion": str(self.version)}
        self.add(POLICIES, namespace, name, spec=spec, metadata={**served, **meta})

    def policy(self, namespace: str, name: str) -> Plain:
        """A policy as it is stored."""
        for item in self.objects[POLICIES]:
            meta = item["metadata"]
            if (meta["namespace"], meta["name"]) == (namespace, name):
                return item
        raise KeyError(name)

    def touch(self, namespace: str, name: str, **spec: Any) -> None:
        """Change a policy, as somebody else."""
        self.version += 1
        found = self.policy(namespace, name)
        found["metadata"]["resourceVersion"] = str(self.version)
        found["spec"] = {**found["spec"], **spec}

    def add_namespace(self, *names: str) -> None:
        """Put namespaces into their list."""
        for name in names:
            self.add("/api/v1/namespaces", None, name)

    def asked(self, path: str) -> list[Request]:
        """The requests of a path."""
        return [request for request in self.requests if request.path == path]

    def fault_of(self, request: Request) -> Fault | None:
        """What the request meets instead of an answer."""
        faults = self.faults.get(request.path)
        return faults.pop(0) if faults else None

    def forbids(self, path: str) -> bool:
        """Whether RBAC forbids a path."""
        return any(
            path.startswith(rule[:-1]) if rule.endswith("*") else path == rule
            for rule in self.forbidden
        )

    def answer(self, request: Request) -> tuple[int, Plain]:
        """Status and body."""
        path = request.path
        if self.forbids(path):
            verb = {"GET": "list", "PATCH": "patch"}.get(request.method, "create")
            message = f'{path} is forbidden: User "{self.user}" cannot {verb} resource'
            return failure(403, "Forbidden", message)
        if request.method == "POST":
            return self._post(request)
        if request.method == "PATCH":
            return self._patch(request)
        if path in self.answers:
            return 200, self.answers[path]
        return self._list(path, request.query)

    def _post(self, request: Request) -> tuple[int, Plain]:
        if request.path.endswith("/selfsubjectreviews"):
            return 201, {"status": {"userInfo": {"username": self.user}}}
        found = self.created.get(request.path)
        if found is not None:
            status, body = found
            return status, body
        stored = json.loads(json.dumps(request.body))
        stored["spec"].setdefault("policyTypes", ["Ingress"])
        return 201, stored

    def _patch(self, request: Request) -> tuple[int, Plain]:
        """A merge patch of one policy, guarded by the resourceVersion in it."""
        status, found = self._list(request.path, {})
        if status != 200:
            return status, found
        wanted = request.body["metadata"].get("resourceVersion")
        if wanted not in (None, found["metadata"]["resourceVersion"]):
            said = "the object has been modified; please apply your changes to the latest version"
            return failure(409, "Conflict", said)
        made = self.admission(merged(json.loads(json.dumps(found)), request.body))
        if isinstance(made, str):
            return failure(422, "Invalid", made)
        if not made["metadata"].get("annotations"):
            made["metadata"].pop("annotations", None)
        if request.query.get("dryRun") != "All":
            self.version += 1
            made["metadata"]["resourceVersion"] = str(self.version)
            stored = self.objects[POLICIES]
            stored[stored.index(found)] = made
        return 200, made

    def _list(self, path: str, query: dict[str, str]) -> tuple[int, Plain]:
        wide, namespace, name = _wide(path)
        items = self.objects.get(wide, [])
        if namespace is not None:
            items = [item for item in items if item["metadata"].get("namespace") == namespace]
        if name is not None:
            items = [item for item in items if item["metadata"]["name"] == name]
            if not items:
                return failure(404, "NotFound", f"{name} not found")
            if wide == POLICIES:
                items[0].update(apiVersion="networking.k8s.io/v1", kind="NetworkPolicy")
            return 200, items[0]
        start = int(query.get("continue", "0"))
        limit = int(query.get("limit", "0")) or len(items)
        meta = {"resourceVersion": "7"}
        if start + limit < len(items):
            meta["continue"] = str(start + limit)
        return 200, {"kind": "List", "metadata": meta, "items": items[start : start + limit]}


def _wide(path: str) -> tuple[str, str | None, str | None]:
    """The cluster-wide list of a path, its namespace, and the name of a single namespace."""
    head, found, rest = path.partition("/namespaces/")
    if not found:
        return path, None, None
    namespace, slash, plural = rest.partition("/")
    if not slash:
        return f"{head}/namespaces", None, namespace
    plural, _, name = plural.partition("/")
    return f"{head}/{plural}", namespace, name or None


def merged(held: Any, patch: Any) -> Any:
    """RFC 7386."""
    if not isinstance(patch, dict):
        return patch
    made = dict(held) if isinstance(held, dict) else {}
    for key, value in patch.items():
        if value is None:
            made.pop(key, None)
        else:
            made[key] = merged(made.get(key), value)
    return made


def failure(status: int, reason: str, message: str) -> tuple[int, Plain]:
    """A `Status` of the API."""
    return status, {"kind": "Status", "status": "Failure", "reason": reason, "message": message}


@contextlib.contextmanager
def serving(api: Api) -> Iterator[Api]:
    """Serve on a free port until the end of the block."""
    released = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # it would cost 40 ms a request

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def do_PATCH(self) -> None:
            self._serve()

        def log_message(self, format: str, *args: object) -> None:
            return

        def _serve(self) -> None:
            url = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            query = {key: values[-1] for key, values in parse_qs(url.query).items()}
            request = Request(self.command, url.path, query, list(self.headers.items()), body)
            api.requests.append(request)
            fault = api.fault_of(request)
            if fault is None:
                status, plain = api.answer(request)
                self._send(status, json.dumps(plain).encode())
            elif fault.kind in ("reset", "lost"):
                if fault.kind == "lost":
                    api.answer(request)
                self.connection.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
                )
                self.close_connection = True
                self.connection.close()
            elif fault.kind == "hang":
                released.wait(10)
                self.close_connection = True
            elif fault.kind == "cut":
                content = json.dumps(api.answer(request)[1]).encode()
                self._send(200, content[: len(content) // 2], declared=len(content))
                self.close_connection = True
            elif fault.kind == "text":
                self._send(fault.status, fault.text.encode())
            else:
                _, plain = failure(fault.status, "Mishap", fault.text or "something went wrong")
                self._send(fault.status, json.dumps(plain).encode(), fault.headers)

        def _send(
            self,
            status: int,
            content: bytes,
            headers: tuple[tuple[str, str], ...] = (),
            declared: int | None = None,
        ) -> None:
            self.send_response(status)
            if declared is None and "gzip" in self.headers.get("Accept-Encoding", ""):
                content = gzip.compress(content)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(declared or len(content)))
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            if not isinstance(sys.exc_info()[1], ConnectionError):  # a client that was ended
                super().handle_error(request, client_address)

    with served(Server(("127.0.0.1", 0), Handler)) as server:
        api.url = url_of(server)
        try:
            yield api
        finally:
            released.set()


def kubeconfig(
    directory: Path, server: str, namespace: str = "shop", user: Plain | None = None
) -> Path:
    """A kubeconfig with one context, `test`."""
    path = directory / "config"
    content = {
        "current-context": "test",
        "contexts": [
            {
                "name": "test",
                "context": {"cluster": "kind", "user": "jane", "namespace": namespace},
            }
        ],
        "clusters": [{"name": "kind", "cluster": {"server": server}}],
        "users": [{"name": "jane", "user": {"token": "secret"} if user is None else user}],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
