"""What the tests of `fix --live` share: a policy of the small cluster, and what became of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from tests.cli.small_cluster import IMPLICIT, SCHEMA, Cluster
from tests.cluster.api import NETWORKING, Plain, Request
from tests.command import Result

WEB = f"{NETWORKING}/namespaces/shop/networkpolicies/web"
OPEN: list[Plain] = [{}]


def backups(cluster: Cluster) -> list[Path]:
    return sorted(cluster.directory.glob("npcheck-backup-*"))


def spec(cluster: Cluster, name: str = "web", namespace: str = "shop") -> Plain:
    found: Plain = cluster.api.policy(namespace, name)["spec"]
    return found


def patches(cluster: Cluster, dry: bool = False) -> list[str]:
    """The names of what was patched, or tried out."""
    return [
        request.path.rpartition("/")[2]
        for request in cluster.api.requests
        if request.method == "PATCH" and (request.query.get("dryRun") == "All") is dry
    ]


def data(cluster: Cluster, *arguments: str) -> dict[str, Any]:
    done = cluster.fix("-o", "json", *arguments)
    found: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(found, json.loads(SCHEMA.read_text(encoding="utf-8")))
    return found


def outcomes(cluster: Cluster, *arguments: str) -> dict[str, str]:
    return {c["name"]: c["live"]["outcome"] for c in data(cluster, *arguments)["changes"]}


def two(cluster: Cluster) -> None:
    for name in ("web", "zoo"):
        selector = {"matchLabels": {"app": name}}
        cluster.api.add_policy("shop", name, {**IMPLICIT, "podSelector": selector})


def touching(cluster: Cluster, name: str, dry: bool = False) -> None:
    """Somebody changes a policy right before it is written, or tried out."""
    left = [name]

    def fault_of(request: Request) -> None:
        is_dry = request.query.get("dryRun") == "All"
        if left and request.path.endswith(f"/{left[0]}") and is_dry is dry:
            cluster.api.touch("shop", left.pop())

    cluster.api.fault_of = fault_of  # type: ignore[method-assign]


def sticky(cluster: Cluster, name: str, stored: Plain, manifest: Plain) -> None:
    fields: Plain = {f"f:{key}": {} for key in manifest}
    entry = {"manager": "kubectl", "operation": "Apply", "time": "2026-11-02T09:14:00Z"}
    managed = [{**entry, "fieldsV1": {"f:spec": fields}}]
    cluster.api.add_policy("shop", name, stored, managedFields=managed)


def applied(cluster: Cluster) -> str:
    two(cluster)
    assert cluster.fix("--apply").code == 1
    return backups(cluster)[0].name


def undo(cluster: Cluster, *arguments: str) -> Result:
    return cluster.fix("--undo", *arguments)
