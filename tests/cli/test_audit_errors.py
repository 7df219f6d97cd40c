"""`audit` where something fails: a clear line, the right exit code, nothing that looks whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.cli.small_cluster import (
    IMPLICIT,
    NOBODY,
    SCHEMA,
    Cluster,
)
from tests.cluster.api import NETWORKING, Fault


def test_a_list_that_fails_is_no_empty_list(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "batch", NOBODY)
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.api.faults["/api/v1/namespaces/shop/pods"] = [Fault("status", 500, text="boom")] * 9
    done = cluster.audit("-o", "json")
    assert done.code == 4
    found = json.loads(done.stdout)
    assert [item["file"] for item in found["errors"]] == ["pods of namespace shop"]
    assert any(item["rule"] == "egress-implicit" for item in found["findings"])
    assert not any(item["rule"] == "selects-nothing" for item in found["findings"])
    assert "error: pods of namespace shop: the API server answered 500" in done.stderr


def test_an_api_that_is_not_served_has_no_objects(cluster: Cluster) -> None:
    cluster.api.faults["/apis/batch/v1/namespaces/shop/cronjobs"] = [Fault("status", 404)]
    assert cluster.audit().code == 0
    cluster.api.faults[f"{NETWORKING}/namespaces/shop/networkpolicies"] = [Fault("status", 404)]
    assert cluster.audit().code == 4, "this is no Kubernetes"


def test_policies_that_cannot_be_read_are_not_clean(cluster: Cluster) -> None:
    path = f"{NETWORKING}/namespaces/shop/networkpolicies"
    cluster.api.faults[path] = [Fault("status", 500)] * 9
    done = cluster.audit()
    assert done.code == 4
    assert "no NetworkPolicy could be judged\n" in done.stdout
    assert "the result is incomplete" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("-l", "a b"), 2, "error: -l a b:"),
        (("--request-timeout", "soon"), 2, 'error: --request-timeout "soon"'),
        (("-n", "a/b"), 2, 'error: -n "a/b": not the name of a namespace'),
        (("-n", ""), 2, 'error: -n "": not the name of a namespace'),
        (("--chunk-size", "-1"), 2, "error: invalid value"),
        (("--context", "prod"), 4, 'error: context "prod" does not exist'),
        (("-o", "nope"), 2, "error: unknown output format"),
    ],
)
def test_wrong_usage(cluster: Cluster, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = cluster.audit(*arguments)
    assert (done.code, done.stdout) == (code, "")
    assert done.stderr.startswith(said)


def test_wrong_credentials(cluster: Cluster) -> None:
    cluster.api.faults["/version"] = [Fault("status", 401)]
    done = cluster.audit()
    assert (done.code, done.stdout) == (4, "")
    assert done.stderr.startswith("error: the API server does not accept the credentials")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("seconds", ["0.2s", "200ms", "0h0m0.2s"])
def test_a_server_that_never_answers(cluster: Cluster, seconds: str) -> None:
    cluster.api.faults["/version"] = [Fault("hang")]
    done = cluster.audit("--request-timeout", seconds)
    assert done.code == 4
    assert "did not answer within 0.2 s" in done.stderr


def test_an_interrupted_run_ends_at_once(cluster: Cluster) -> None:
    cluster.api.faults["/api/v1/namespaces/shop/pods"] = [Fault("hang")]
    command = [sys.executable, "-m", "kubectl_npcheck", "audit", "--request-timeout", "0"]
    process = subprocess.Popen(
        [*command, "--kubeconfig", str(cluster.config)],
        cwd=cluster.directory,
        env={**os.environ, "PYTHONPATH": str(SCHEMA.parents[1])},
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + 20
    while not cluster.api.asked("/api/v1/namespaces/shop/pods") and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said.strip()) == (130, b"error: interrupted")


def test_nothing_but_reads_reviews_and_dry_runs(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.audit("-A")
    writes = [request for request in cluster.api.requests if request.method != "GET"]
    assert {request.path.rpartition("/")[2] for request in writes} == {
        "selfsubjectreviews",
        "networkpolicies",
    }
    assert all(
        request.query.get("dryRun") == "All"
        for request in writes
        if request.path.endswith("networkpolicies")
    )
