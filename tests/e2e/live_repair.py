"""What the tests of `fix --live` on a real API server share: policies, specs, backups."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster.api import NETWORKING, Plain
from tests.e2e.auditing import Auditor
from tests.e2e.server import ControlPlane, Namespace


@pytest.fixture
def auditor(server: ControlPlane, tmp_path: Path) -> Auditor:
    return Auditor(server, tmp_path)


def applied(namespace: Namespace, text: str, *options: str) -> None:
    done = namespace.kubectl("apply", *options, "-f", "-", stdin=text)
    assert done.code == 0, done


def backup(auditor: Auditor) -> str:
    """The only backup that was written."""
    (found,) = auditor.directory.glob("npcheck-backup-*.yaml")
    return found.name


def no_backup(auditor: Auditor) -> bool:
    return not list(auditor.directory.glob("npcheck-backup-*"))


def policies(server: ControlPlane, *namespaces: str) -> dict[str, Plain]:
    """Spec and annotations of all policies, by namespace and name."""
    found = {}
    for name in namespaces:
        answer = server.request("GET", f"{NETWORKING}/namespaces/{name}/networkpolicies")
        for item in answer.body["items"]:
            meta = item["metadata"]
            found[f"{name}/{meta['name']}"] = {
                "spec": item["spec"],
                "annotations": meta.get("annotations"),
            }
    return found


def specs(server: ControlPlane, *namespaces: str) -> dict[str, Plain]:
    return {name: item["spec"] for name, item in policies(server, *namespaces).items()}
