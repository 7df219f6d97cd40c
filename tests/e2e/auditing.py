"""Runs `kubectl npcheck audit`, through the real kubectl, against the control plane of the tests."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.hook_repository import ROOT, execute
from tests.e2e.server import ControlPlane, Result

BIN = Path(sys.executable).parent


class Auditor:
    """kubectl with the plugin on PATH."""

    def __init__(self, server: ControlPlane, directory: Path) -> None:
        self.server = server
        self.directory = directory
        plugins = directory / "plugins"
        plugins.mkdir()
        (plugins / "kubectl-npcheck").symlink_to(BIN / "kubectl-npcheck")
        kubectl = server.binaries.kubectl.parent
        self.path = os.pathsep.join([str(plugins), str(kubectl), "/usr/bin", "/bin"])

    def __call__(
        self, *arguments: str, kubeconfig: Path | None = None, env: Mapping[str, str] | None = None
    ) -> Result:
        """`kubectl npcheck ARGUMENTS`, as admin unless another kubeconfig is given."""
        variables = {
            "PATH": self.path,
            "KUBECONFIG": str(kubeconfig or self.server.kubeconfig),
            **(env or {}),
        }
        kubectl = str(self.server.binaries.kubectl)
        return execute([kubectl, "npcheck", *arguments], self.directory, variables)

    def report(self, *arguments: str, **options: Any) -> dict[str, Any]:
        """The JSON report of `audit`."""
        done = self("audit", "-o", "json", *arguments, **options)
        assert done.stdout, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def rules(self, *arguments: str, **options: Any) -> list[str]:
        """`severity rule name` of the findings."""
        return [
            f"{item['severity']} {item['rule']} {item['name']}"
            for item in self.report(*arguments, **options)["findings"]
        ]


def account(namespace: str) -> dict[str, Any]:
    """The ServiceAccount without which no pod is accepted: no controller makes it here."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "default", "namespace": namespace},
    }


def pod(namespace: str, name: str, **labels: str) -> dict[str, Any]:
    """A pod that nothing runs."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {"containers": [{"name": "main", "image": "example/image"}]},
    }


def listed(*objects: Mapping[str, Any]) -> str:
    """Objects for `kubectl apply -f -`."""
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})


OUTAGE = ("edge", "identity", "messaging", "notifications")


@pytest.fixture
def outage(server: ControlPlane, tmp_path: Path) -> Iterator[Path]:
    """The example's manifests, applied."""
    directory = tmp_path / "outage"
    shutil.copytree(ROOT / "examples" / "outage", directory)
    apply_outage(server, directory)
    yield directory
    for namespace in OUTAGE:
        server.kubectl("-n", namespace, "delete", "networkpolicies,deployments,services", "--all")


def apply_outage(server: ControlPlane, directory: Path) -> None:
    """Apply the example's manifests."""
    done = server.kubectl("apply", "-f", str(directory))
    assert done.code == 0, done
