"""Runs the credential plugin of a kubeconfig's user: a command that prints an ExecCredential.

Knows the protocol of `client.authentication.k8s.io`; must not know what becomes of the answer. Not
by the `kubernetes` package: that decides by stdout whether a plugin may ask questions, and where
several clusters are asked at once none may. Source: client-go `plugin/pkg/client/auth/exec`.
"""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Mapping
from typing import Any

from kubectl_npcheck.cluster.context import Context
from kubectl_npcheck.errors import ClusterError

NEVER, ALWAYS = "Never", "Always"
EXTENSION = "client.authentication.k8s.io/exec"
TOLD = ("server", "tls-server-name", "insecure-skip-tls-verify", "proxy-url", "disable-compression")
"""What a plugin is told of the cluster, besides its authority and the extension meant for it."""


def exec_status(context: Context, timeout: float | None = None) -> dict[str, Any]:
    """The `status` that the plugin of the context's user prints. ClusterError where it fails.

    timeout: seconds for one that may not ask: where several clusters are asked at once, a plugin
    that waits for a browser must not hold up the others; one alone is waited for
    """
    plugin = context.user["exec"]
    if type(plugin) is not dict or not plugin.get("command"):
        raise ClusterError(f'user "{context.user_name}" of the kubeconfig: exec names no command')
    name = str(plugin["command"])
    try:
        limit = None if context.interactive else timeout
        return _status(_output(context, plugin, name, limit), plugin.get("apiVersion"))
    except FileNotFoundError as error:
        hint = str(plugin.get("installHint") or "").strip().splitlines()
        said = f"; {hint[0]}" if hint else ""
        raise ClusterError(f"credential plugin {name} is not installed{said}") from error
    except OSError as error:
        raise ClusterError(f"credential plugin {name}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        said = " ".join(str(error).split())
        raise ClusterError(f"credential plugin {name}: {said}") from error


def _output(context: Context, plugin: Mapping[str, Any], name: str, timeout: float | None) -> str:
    """What the plugin prints. ValueError, with its own last words, where it fails."""
    import subprocess

    asks = _may_ask(plugin.get("interactiveMode"), context.interactive)
    arguments = [str(item) for item in plugin.get("args") or ()]
    given = {str(item["name"]): str(item["value"]) for item in plugin.get("env") or ()}
    try:
        done = subprocess.run(
            [_command(name, context.user_file), *arguments],
            env={**os.environ, **given, "KUBERNETES_EXEC_INFO": _info(context, plugin, asks)},
            stdin=None if asks else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if asks else subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            shell=os.name == "nt",  # finds .cmd and .bat as well
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ValueError(f"did not end within {timeout:g} s (--request-timeout)") from error
    if done.returncode:
        said = (done.stderr or "").strip()
        raise ValueError(f"process returned {done.returncode}" + (f". {said}" if said else ""))
    return done.stdout


def _may_ask(mode: object, interactive: bool) -> bool:
    """Whether the plugin gets standard input: only a terminal's, and only one plugin at a time."""
    terminal = interactive and sys.stdin is not None and sys.stdin.isatty()
    if mode == ALWAYS and not terminal:
        if interactive:
            raise ValueError("needs a terminal to ask on (interactiveMode: Always)")
        raise ValueError("wants to ask (interactiveMode: Always): audit this context by itself")
    return terminal and mode != NEVER


def _command(name: str, user_file: str) -> str:
    """A command with a directory is relative to the kubeconfig, any other one is looked for."""
    if os.sep not in name or os.path.isabs(name) or not user_file:
        return name
    return os.path.join(os.path.dirname(os.path.abspath(user_file)), name)


def _info(context: Context, plugin: Mapping[str, Any], asks: bool) -> str:
    import json

    spec: dict[str, Any] = {"interactive": asks}
    if plugin.get("provideClusterInfo") is True:
        spec["cluster"] = _cluster(context.cluster)
    version = plugin.get("apiVersion")
    return json.dumps({"apiVersion": version, "kind": "ExecCredential", "spec": spec})


def _cluster(cluster: Mapping[str, Any]) -> dict[str, Any]:
    told = {key: cluster[key] for key in TOLD if cluster.get(key)}
    authority, file = (
        cluster.get("certificate-authority-data"),
        cluster.get("certificate-authority"),
    )
    if not authority and file:
        with open(file, "rb") as stream:
            authority = base64.b64encode(stream.read()).decode("ascii")
    if authority:
        told["certificate-authority-data"] = authority
    for item in cluster.get("extensions") or ():
        if item["name"] == EXTENSION:
            told["config"] = item["extension"]
    return told


def _status(output: str, version: object) -> dict[str, Any]:
    """The status in the plugin's answer. ValueError for an answer that is none."""
    import json

    try:
        answer = json.loads(output)
    except ValueError as error:
        raise ValueError(f"failed to decode process output: {error}") from error
    if type(answer) is not dict or answer.get("kind") != "ExecCredential":
        raise ValueError("its answer is no ExecCredential")
    if answer.get("apiVersion") != version:
        raise ValueError(f"its answer is {answer.get('apiVersion')}, not {version}")
    status = answer.get("status")
    return status if type(status) is dict else {}
