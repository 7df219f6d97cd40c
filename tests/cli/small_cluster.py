"""A cluster on loopback for the tests of `audit`, and the command that audits it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kubectl_npcheck.cluster import client as client_module
from tests.cluster.api import Api, kubeconfig, serving
from tests.command import Result, run

SCHEMA = Path(__file__).parents[2] / "docs" / "report.schema.json"
PODS = "/api/v1/pods"
DEPLOYMENTS = "/apis/apps/v1/deployments"
IMPLICIT = {
    "podSelector": {"matchLabels": {"app": "web"}},
    "policyTypes": ["Ingress"],
    "ingress": [{"ports": [{"protocol": "TCP", "port": 80}]}],
}
DENY = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
EDIT = [{"manager": "kubectl-edit", "operation": "Update", "time": "2026-11-20T14:03:11Z"}]
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"

NOBODY = {"podSelector": {"matchLabels": {"app": "batch"}}, "policyTypes": ["Ingress", "Egress"]}


class Cluster:
    """A cluster on loopback, and the command that audits it."""

    def __init__(self, api: Api, directory: Path) -> None:
        self.api = api
        self.directory = directory
        self.config = kubeconfig(directory, api.url)
        api.add_namespace("shop", "edge")

    def audit(self, *arguments: str) -> Result:
        return run("audit", "--kubeconfig", str(self.config), *arguments, cwd=self.directory)

    def fix(self, *arguments: str) -> Result:
        return run(
            "fix", "--live", "--kubeconfig", str(self.config), *arguments, cwd=self.directory
        )

    def report(self, *arguments: str) -> dict[str, Any]:
        """The JSON report, checked against its schema."""
        done = self.audit("-o", "json", *arguments)
        found: dict[str, Any] = json.loads(done.stdout)
        jsonschema.validate(found, json.loads(SCHEMA.read_text(encoding="utf-8")))
        return found

    def rules(self, *arguments: str) -> list[str]:
        """`severity rule namespace/name` of the findings."""
        return [
            f"{item['severity']} {item['rule']} {item['namespace']}/{item['name']}"
            for item in self.report(*arguments)["findings"]
        ]

    def add_pod(self, namespace: str, name: str, labels: dict[str, str], **spec: Any) -> None:
        self.api.add(PODS, namespace, name, metadata={"labels": labels}, spec=spec)

    def add_deployment(self, namespace: str, name: str, labels: dict[str, str]) -> None:
        template = {"metadata": {"labels": labels}, "spec": {}}
        self.api.add(DEPLOYMENTS, namespace, name, spec={"template": template})


@pytest.fixture(name="cluster")
def small_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    monkeypatch.setattr(client_module, "FIRST_PAUSE", 0.0)
    with serving(Api()) as api:
        yield Cluster(api, tmp_path)
