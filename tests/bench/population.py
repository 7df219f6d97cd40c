"""Fills an API server with namespaces, policies and pods that look like those of a real cluster.

Knows the API and raw HTTP; must not know npcheck.
"""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import yaml

THREADS = 8
NAMESPACES = "/api/v1/namespaces"
POLICIES = "/apis/networking.k8s.io/v1/namespaces/{}/networkpolicies"
Plain = dict[str, Any]


class Size(NamedTuple):
    """How much to make."""

    policies: int
    pods: int
    namespaces: int


def populate(kubeconfig: Path, size: Size) -> None:
    """Make everything; the kubeconfig's user has a token and may do all."""
    api = _Api(kubeconfig)
    names = [f"team-{number:03}" for number in range(size.namespaces)]
    api.post_all((NAMESPACES, {"metadata": {"name": name}}) for name in names)
    api.post_all(
        (f"{NAMESPACES}/{name}/serviceaccounts", {"metadata": {"name": "default"}})
        for name in names
    )
    api.post_all(_policies(names, size.policies))
    api.post_all(_pods(names, size.pods))


def _policies(names: list[str], count: int) -> Iterator[tuple[str, Plain]]:
    """Half of them state their egress, a tenth of the namespaces has a default-deny."""
    for number in range(count):
        namespace = names[number % len(names)]
        index = number // len(names)
        app = {"app": f"app-{index}"}
        spec: Plain = {
            "podSelector": {"matchLabels": app},
            "policyTypes": ["Ingress"],
            "ingress": [
                {
                    "from": [
                        {"podSelector": {"matchLabels": {"app": f"app-{index + 1}"}}},
                        {"namespaceSelector": {"matchLabels": {"team": "ingress"}}},
                    ],
                    "ports": [{"port": 8080}, {"port": 9090, "protocol": "TCP"}],
                }
            ],
        }
        if index == 0 and number % 10 == 0:
            spec = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
        elif index % 2:
            spec["policyTypes"] = ["Ingress", "Egress"]
            spec["egress"] = [
                {
                    "to": [{"namespaceSelector": {}}],
                    "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53}],
                },
                {"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}], "ports": [{"port": 5432}]},
            ]
        yield (
            POLICIES.format(namespace),
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": {"name": f"policy-{index}", "labels": app},
                "spec": spec,
            },
        )


def _pods(names: list[str], count: int) -> Iterator[tuple[str, Plain]]:
    for number in range(count):
        namespace = names[number % len(names)]
        index = number // len(names)
        labels = {
            "app": f"app-{index % 50}",
            "app.kubernetes.io/name": f"app-{index % 50}",
            "app.kubernetes.io/managed-by": "Helm",
            "pod-template-hash": f"{index % 50:010}",
        }
        container = {
            "name": "main",
            "image": "registry.example/app:1.2.3",
            "ports": [{"name": "http", "containerPort": 8080}, {"containerPort": 9090}],
            "env": [{"name": f"SETTING_{key}", "value": "x" * 20} for key in range(8)],
            "resources": {
                "requests": {"cpu": "100m", "memory": "128Mi"},
                "limits": {"memory": "256Mi"},
            },
            "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8080}},
        }
        yield (
            f"{NAMESPACES}/{namespace}/pods",
            {
                "metadata": {"name": f"app-{index % 50}-{index:05}", "labels": labels},
                "spec": {"containers": [container]},
            },
        )


class _Api:
    """Posts objects on several connections."""

    def __init__(self, kubeconfig: Path) -> None:
        config = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
        server = config["clusters"][0]["cluster"]["server"].removeprefix("https://")
        self._host, port = server.split(":")
        self._port = int(port)
        self._token = config["users"][0]["user"]["token"]
        self._local = threading.local()
        self._open: list[http.client.HTTPSConnection] = []

    def post_all(self, items: Iterable[tuple[str, Plain]]) -> None:
        with ThreadPoolExecutor(THREADS) as threads:
            for _ in threads.map(self._post, items):
                pass
        while self._open:
            self._open.pop().close()

    def _post(self, item: tuple[str, Plain]) -> None:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            context = ssl._create_unverified_context()
            connection = http.client.HTTPSConnection(
                self._host, self._port, timeout=60, context=context
            )
            self._local.connection = connection
            self._open.append(connection)
        path, body = item
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        connection.request("POST", path, json.dumps(body), headers)
        response = connection.getresponse()
        text = response.read()
        if response.status not in (201, 409):
            raise AssertionError(f"{path}: {response.status} {text[:300]!r}")
