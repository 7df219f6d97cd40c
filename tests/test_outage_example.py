"""examples/outage: two policies are found, and `make demo` stands or falls with that."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.command import run

ROOT = Path(__file__).resolve().parent.parent


def test_the_two_silent_policies_are_found_and_nothing_else() -> None:
    result = run("lint", "-o", "json", "examples/outage", cwd=ROOT)
    assert result.code == 1
    report = json.loads(result.stdout)
    assert [report["errors"], report["skipped"]] == [[], []]
    assert len(report["policies"]) == 4
    assert [(f["rule"], f["severity"], f["namespace"], f["name"]) for f in report["findings"]] == [
        ("egress-implicit", "error", "edge", "api-gateway-ingress"),
        ("egress-implicit", "error", "notifications", "notification-service-ingress"),
    ]


@pytest.mark.parametrize(("lint", "demo"), [(1, 0), (0, 1), (2, 1), (3, 1), (5, 1)])
def test_the_demo_fails_unless_lint_finds_something(lint: int, demo: int, tmp_path: Path) -> None:
    command = tmp_path / ".venv" / "bin" / "kubectl-npcheck"
    command.parent.mkdir(parents=True)
    command.write_text(f"#!/bin/sh\necho findings\nexit {lint}\n", encoding="utf-8")
    command.chmod(0o755)
    script = ROOT / "packaging" / "demo.sh"
    done = subprocess.run(
        ["/bin/sh", str(script)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == demo
    assert "findings\n" in done.stdout
