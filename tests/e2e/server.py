"""One real control plane for a session of tests, and kubectl and HTTP for talking to it.

Knows processes, kubeconfigs and the API's paths; must not know npcheck.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import select
import ssl
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.e2e.binaries import Binaries

READY_WITHIN = 180.0
STOPPED_WITHIN = 30.0
IDLE = 30.0
"""How long a connection may lie idle before it is made anew; the server closes it after 90 s."""
POLICIES = "/apis/networking.k8s.io/v1/namespaces/{}/networkpolicies"


class ControlPlaneError(Exception):
    """The control plane did not start; the text ends with the last lines of its log."""


class Result(NamedTuple):
    """How a program ended."""

    code: int
    stdout: str
    stderr: str


class Answer(NamedTuple):
    """What the API server answered: status, the decoded body, its Warning headers."""

    status: int
    body: dict[str, Any]
    warnings: list[str]


class ControlPlane:
    """A running API server; `stop` ends it, and so does the end of this process."""

    def __init__(self, binaries: Binaries, directory: Path, flags: Sequence[str] = ()) -> None:
        self.binaries = binaries
        self.directory = directory
        self.log = directory / "apiserver.log"
        self.kubeconfig = directory / "admin.kubeconfig"
        self._http: http.client.HTTPSConnection | None = None
        self._token = ""
        self._used = 0.0
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [binaries.controlplane, "-data", directory, "--", *flags],
                stdin=subprocess.PIPE,  # the server ends when this closes, however we end
                stdout=subprocess.PIPE,
                stderr=log,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    @property
    def minor(self) -> int:
        """34 of v1.34.4."""
        return int(self.binaries.version.split(".")[1])

    def _wait(self) -> None:
        assert self._process.stdout is not None
        until = time.monotonic() + READY_WITHIN
        while (left := until - time.monotonic()) > 0:
            if select.select([self._process.stdout], [], [], left)[0]:
                if self._process.stdout.readline().startswith(b"READY"):
                    return
                raise ControlPlaneError(f"the control plane ended early; {self.last_words()}")
        raise ControlPlaneError(f"not ready within {READY_WITHIN:.0f} s; {self.last_words()}")

    def last_words(self) -> str:
        """The end of the log, and where it lies."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        return "\n".join([f"the log is {self.log}:", *lines])

    def stop(self) -> None:
        """End the server cleanly; kill it if it does not end."""
        self._disconnect()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def kubectl(
        self,
        *arguments: str,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Result:
        """Run kubectl as the user `admin`."""
        done = subprocess.run(
            [self.binaries.kubectl, *arguments],
            env={**os.environ, "KUBECONFIG": str(self.kubeconfig), **(env or {})},
            cwd=cwd,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def request(self, method: str, path: str, body: object = None) -> Answer:
        """One request as `admin-token`, over a connection that is kept."""
        connection = self._connection()
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": kind}
        content = None if body is None else json.dumps(body)
        try:
            connection.request(method, path, content, headers)
            response = connection.getresponse()
            text = response.read()
        except BaseException:
            self._disconnect()  # the next request must not suffer from this one
            raise
        self._used = time.monotonic()
        warnings = response.headers.get_all("Warning") or []
        return Answer(response.status, json.loads(text), warnings)

    def _connection(self) -> http.client.HTTPSConnection:
        """The connection that is kept, unless the server may have given it up meanwhile."""
        if self._http is not None and time.monotonic() - self._used > IDLE:
            self._disconnect()
        if self._http is None:
            self._http = self._connect()
        return self._http

    def _disconnect(self) -> None:
        if self._http is not None:
            self._http.close()
            self._http = None

    def _connect(self) -> http.client.HTTPSConnection:
        config = yaml.safe_load((self.directory / "admin-token.kubeconfig").read_text("utf-8"))
        host, port = config["clusters"][0]["cluster"]["server"].removeprefix("https://").split(":")
        self._token = config["users"][0]["user"]["token"]
        trust = ssl.create_default_context(cafile=str(self.directory / "pki" / "ca.crt"))
        return http.client.HTTPSConnection(host, int(port), timeout=60, context=trust)


class Namespace:
    """A namespace of one test."""

    def __init__(self, server: ControlPlane, name: str) -> None:
        self.server = server
        self.name = name
        answer = server.request(
            "POST",
            "/api/v1/namespaces",
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}},
        )
        assert answer.status == 201, answer

    def kubectl(self, *arguments: str, stdin: str = "", **options: Any) -> Result:
        """Run kubectl in this namespace."""
        return self.server.kubectl("-n", self.name, *arguments, stdin=stdin, **options)

    def create(self, policy: object, query: str = "") -> Answer:
        """POST one NetworkPolicy, as plain data; query e.g. `dryRun=All&fieldValidation=Strict`."""
        return self.server.request("POST", POLICIES.format(self.name) + f"?{query}", policy)

    def stored(self, name: str) -> dict[str, Any]:
        """One NetworkPolicy as the server has it."""
        answer = self.server.request("GET", POLICIES.format(self.name) + f"/{name}")
        assert answer.status == 200, answer
        return answer.body

    def remove(self) -> None:
        """Delete the policies; without controllers a namespace itself is never quite gone."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            self.server.request("DELETE", POLICIES.format(self.name))
