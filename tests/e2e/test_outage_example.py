"""The example of the README on a real API server, before and after its repair."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from tests.command import run
from tests.e2e.hook_repository import ROOT
from tests.e2e.server import ControlPlane


def stored(server: ControlPlane) -> dict[str, dict[str, Any]]:
    """The specs of all policies of the example, by namespace/name."""
    answer = server.request("GET", "/apis/networking.k8s.io/v1/networkpolicies")
    assert answer.status == 200
    return {
        f"{item['metadata']['namespace']}/{item['metadata']['name']}": item["spec"]
        for item in answer.body["items"]
        if not item["metadata"]["namespace"].startswith("test-")
    }


def apply(server: ControlPlane, directory: Path) -> None:
    """Apply all manifests: the file of the namespaces sorts first."""
    done = server.kubectl("apply", "--validate=strict", "-f", str(directory))
    assert (done.code, done.stderr) == (0, "")


def test_the_outage_and_its_repair(server: ControlPlane, tmp_path: Path) -> None:
    example = tmp_path / "outage"
    shutil.copytree(ROOT / "examples" / "outage", example)
    linted = run("lint", "-o", "json", str(example))
    silent = {
        f"{finding['namespace']}/{finding['name']}"
        for finding in json.loads(linted.stdout)["findings"]
        if finding["rule"] == "egress-implicit"
    }
    apply(server, example)
    before = stored(server)
    assert len(before) == 4
    assert {name for name in before if "Egress" not in before[name]["policyTypes"]} == silent
    assert len(silent) == 2

    assert run("fix", str(example)).code == 1
    assert run("lint", str(example)).code == 0
    apply(server, example)
    after = stored(server)
    assert {name for name in after if after[name] != before[name]} == silent
    for name in silent:
        assert after[name] == {
            **before[name],
            "policyTypes": ["Ingress", "Egress"],
            "egress": [{}],
        }
    diff = server.kubectl("diff", "-f", str(example))
    changed = re.findall(r"^diff .*NetworkPolicy.*$", diff.stdout, re.MULTILINE)
    assert changed == []
