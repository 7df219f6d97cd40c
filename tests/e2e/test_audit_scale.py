"""A whole audit beside `kubectl get -o json`: time and memory. `make bench-cluster` goes higher."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.population import Size, populate
from tests.bench.timing import Command, in_turns
from tests.e2e.auditing import BIN
from tests.e2e.binaries import Binaries
from tests.e2e.server import ControlPlane

SIZE = Size(1_000, 2_000, 50)
PEAK = 250_000_000


@pytest.fixture(scope="module")
def filled(binaries: Binaries) -> Iterator[ControlPlane]:
    """A control plane of its own, with policies and pods."""
    directory = Path(tempfile.mkdtemp(prefix="npcheck-e2e-", dir="/tmp"))
    running = ControlPlane(binaries, directory)
    populate(directory / "admin-token.kubeconfig", SIZE)
    yield running
    running.stop()
    shutil.rmtree(directory, ignore_errors=True)


def test_at_most_half_of_kubectls_time(
    filled: ControlPlane, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(filled.kubeconfig))
    read = ["get", "networkpolicies,pods", "-A", "-o", "json"]
    got = in_turns(
        {
            "kubectl": Command([str(filled.binaries.kubectl), *read], tmp_path),
            "audit": Command([str(BIN / "npcheck"), "audit", "-A", "-o", "json"], tmp_path),
        },
        3,
    )
    assert got["audit"].codes == (1,)
    assert got["audit"].peak <= PEAK
    assert got["audit"].seconds <= 0.5 * got["kubectl"].seconds


def test_everything_is_there(filled: ControlPlane, monkeypatch: pytest.MonkeyPatch) -> None:
    from kubectl_npcheck import audit

    monkeypatch.setenv("KUBECONFIG", str(filled.kubeconfig))
    report = audit(all_namespaces=True)
    listed = filled.kubectl("get", "networkpolicies", "-A", "-o", "json")
    wanted = {
        (item["metadata"]["namespace"], item["metadata"]["name"])
        for item in json.loads(listed.stdout)["items"]
    }
    assert len(report.policies) == SIZE.policies
    assert {(entry.namespace, entry.name) for entry in report.policies} == wanted
