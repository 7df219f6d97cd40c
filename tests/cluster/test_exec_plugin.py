"""Credential plugins: what they are told, who may ask the user, what is no answer."""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kubectl_npcheck.cluster.context import Context
from kubectl_npcheck.cluster.exec_plugin import exec_status
from kubectl_npcheck.errors import ClusterError

VERSION = "client.authentication.k8s.io/v1"
ECHO = (
    'printf \'{"apiVersion": "%s", "kind": "ExecCredential", "status": {"token": %s}}\''
    f' {VERSION} "$(printf %s "$KUBERNETES_EXEC_INFO" | base64 | tr -d "\\n" | sed \'s/.*/"&"/\')"\n'
)
READ = f"""read -r line || line=nothing
printf '{{"apiVersion": "{VERSION}", "kind": "ExecCredential", "status": {{"token": "%s"}}}}' "$line"
"""


def context(
    directory: Path, script: str, interactive: bool = True, cluster: Any = None, **plugin: object
) -> Context:
    file = directory / "login"
    file.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
    file.chmod(0o755)
    user = {"exec": {"apiVersion": VERSION, "command": "./login", **plugin}}
    config = str(directory / "config")
    return Context("c", "k", "u", cluster or {}, user, config, "default", interactive)


def told(made: Context) -> dict[str, Any]:
    """What the plugin finds in KUBERNETES_EXEC_INFO."""
    found: dict[str, Any] = json.loads(base64.b64decode(exec_status(made)["token"]))
    return found


class Terminal:
    """Standard input that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal())


@pytest.fixture
def typed() -> Iterator[None]:
    """A line that waits on the standard input of this process."""
    reading, writing = os.pipe()
    os.write(writing, b"typed\n")
    before = os.dup(0)
    os.dup2(reading, 0)
    yield
    os.dup2(before, 0)
    for descriptor in (reading, writing, before):
        os.close(descriptor)


# who may ask


@pytest.mark.parametrize(
    ("interactive", "mode", "asks"),
    [
        (True, None, True),
        (True, "IfAvailable", True),
        (True, "Always", True),
        (True, "Never", False),
        (False, None, False),
        (False, "IfAvailable", False),
    ],
)
def test_on_a_terminal(
    tmp_path: Path, terminal: None, interactive: bool, mode: str | None, asks: bool
) -> None:
    made = context(tmp_path, ECHO, interactive, interactiveMode=mode)
    assert told(made)["spec"] == {"interactive": asks}


@pytest.mark.parametrize(("interactive", "line"), [(True, "typed"), (False, "nothing")])
def test_a_terminal_is_handed_on_to_one_alone(
    tmp_path: Path, terminal: None, typed: None, interactive: bool, line: str
) -> None:
    assert exec_status(context(tmp_path, READ, interactive)) == {"token": line}


@pytest.mark.parametrize("mode", [None, "IfAvailable", "Never"])
def test_without_a_terminal_standard_input_is_empty(
    tmp_path: Path, typed: None, mode: str | None
) -> None:
    assert exec_status(context(tmp_path, READ, interactiveMode=mode)) == {"token": "nothing"}


@pytest.mark.parametrize(
    ("interactive", "said"),
    [
        (True, r"needs a terminal to ask on \(interactiveMode: Always\)"),
        (False, r"wants to ask \(interactiveMode: Always\): audit this context by itself"),
    ],
)
def test_one_that_must_ask_and_cannot(tmp_path: Path, interactive: bool, said: str) -> None:
    with pytest.raises(ClusterError, match=said):
        exec_status(context(tmp_path, READ, interactive, interactiveMode="Always"))


# what it is told


def test_of_the_cluster_it_is_told_only_if_it_asks(tmp_path: Path) -> None:
    authority = tmp_path / "ca.crt"
    authority.write_bytes(b"PEM")
    cluster = {
        "server": "https://x",
        "tls-server-name": "y",
        "certificate-authority": str(authority),
        "extensions": [
            {"name": "other", "extension": 1},
            {"name": "client.authentication.k8s.io/exec", "extension": {"audience": "z"}},
        ],
    }
    assert told(context(tmp_path, ECHO, cluster=cluster))["spec"] == {"interactive": False}
    found = told(context(tmp_path, ECHO, cluster=cluster, provideClusterInfo=True))
    assert found["apiVersion"] == VERSION
    assert found["spec"]["cluster"] == {
        "server": "https://x",
        "tls-server-name": "y",
        "certificate-authority-data": base64.b64encode(b"PEM").decode(),
        "config": {"audience": "z"},
    }


def test_arguments_and_variables(tmp_path: Path) -> None:
    script = READ.replace("read -r line || line=nothing", 'line="$1-$WHO"')
    made = context(tmp_path, script, args=["a b"], env=[{"name": "WHO", "value": "me"}])
    assert exec_status(made) == {"token": "a b-me"}


# what is no answer


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo '[]'", "its answer is no ExecCredential"),
        ("echo '{}'", "its answer is no ExecCredential"),
        (
            'echo \'{"kind": "ExecCredential", "apiVersion": "v0"}\'',
            f"its answer is v0, not {VERSION}",
        ),
        ("exit 4", "process returned 4$"),
    ],
)
def test_an_answer_that_is_none(tmp_path: Path, script: str, said: str) -> None:
    with pytest.raises(ClusterError, match=rf"credential plugin \./login: {said}"):
        exec_status(context(tmp_path, script))


def test_one_of_several_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match=r"\./login: did not end within 0\.1 s \(--request"):
        exec_status(context(tmp_path, "exec sleep 20\n", interactive=False), 0.1)


def test_one_alone_is_waited_for(tmp_path: Path) -> None:
    assert exec_status(context(tmp_path, f"sleep 0.3\n{READ}"), 0.01) == {"token": "nothing"}


def test_a_plugin_without_a_command(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="exec names no command"):
        exec_status(context(tmp_path, "", command=""))
