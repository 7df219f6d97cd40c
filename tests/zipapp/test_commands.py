"""Every command, from the zipapp, on every CPython that this machine has."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.zipapp.conftest import Zipapp
from tests.zipapp.interpreters import ROOT, Interpreter, execute

OUTAGE = ROOT / "examples" / "outage"

CLOSED_PORT = """apiVersion: v1
kind: Config
current-context: closed
contexts: [{name: closed, context: {cluster: closed, user: plugin}}]
clusters: [{name: closed, cluster: {server: "https://127.0.0.1:1"}}]
users:
- name: plugin
  user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./token, interactiveMode: Never}}
"""
PLUGIN = """#!/bin/sh
touch "$(dirname "$0")/asked"
echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "t"}}'
"""


def test_lint(unpacked_once: Zipapp) -> None:
    linted = unpacked_once("lint", str(OUTAGE))
    assert (linted.code, linted.stderr) == (1, "")
    assert linted.stdout.count("error egress-implicit") == 2


def test_its_yaml_is_compiled(unpacked_once: Zipapp, interpreter: Interpreter) -> None:
    unpacked_once("version")
    [name] = unpacked_once.unpacked()
    site_packages = str(unpacked_once.root / name / "site-packages")
    code = "import sys; sys.path.insert(0, sys.argv[1]); import yaml; print(yaml.__with_libyaml__)"
    asked = execute([interpreter.path, "-I", "-c", code, site_packages], unpacked_once.cwd)
    assert asked.stdout == "True\n"


def test_html(unpacked_once: Zipapp, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert unpacked_once("lint", str(OUTAGE), "--report", str(page)).code == 1
    assert "egress-implicit" in page.read_text("utf-8")


def test_fix(unpacked_once: Zipapp, tmp_path: Path) -> None:
    shutil.copytree(OUTAGE, tmp_path / "outage")
    assert unpacked_once("fix", str(tmp_path / "outage")).code == 1
    assert unpacked_once("fix", str(tmp_path / "outage")).code == 0


def test_audit_of_a_closed_port(unpacked_once: Zipapp, tmp_path: Path) -> None:
    """It ends with exit 4 only after it loaded the client and ran the credential plugin."""
    (tmp_path / "config").write_text(CLOSED_PORT, "utf-8")
    (tmp_path / "token").write_text(PLUGIN, "utf-8")
    (tmp_path / "token").chmod(0o755)
    audited = unpacked_once("audit", KUBECONFIG=str(tmp_path / "config"))
    assert audited.code == 4
    assert audited.stdout == ""
    assert audited.stderr.startswith("error: https://127.0.0.1:1 refused the connection")
    assert audited.stderr.count("\n") == 1
    assert (tmp_path / "asked").exists()
