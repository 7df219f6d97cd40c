"""The zipapp on each CPython that this machine has, against a real API server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.hook_repository import execute
from tests.e2e.manifests import silent
from tests.e2e.server import ControlPlane, Namespace
from tests.zipapp.interpreters import Interpreter, built, interpreters

FOUND = [found for found in interpreters() if not found.left_out]


@pytest.mark.parametrize("interpreter", FOUND, ids=lambda found: found.version)
def test_audit(
    server: ControlPlane, namespace: Namespace, tmp_path: Path, interpreter: Interpreter
) -> None:
    created = namespace.kubectl("apply", "-f", "-", stdin=silent(namespace=namespace.name))
    assert created.code == 0, created
    audit = [interpreter.path, "-I", str(built()), "audit", "-n", namespace.name]
    for user in ("admin", "admin-token"):
        env = {
            "KUBECONFIG": str(server.directory / f"{user}.kubeconfig"),
            "SHIV_ROOT": str(tmp_path / "root"),
        }
        audited = execute(audit, tmp_path, env)
        assert (audited.code, audited.stderr) == (1, ""), audited
        assert f"error egress-implicit {namespace.name}/web" in audited.stdout
