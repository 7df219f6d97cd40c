"""examples/outage: two policies are found, and `make demo` stands or falls with that."""

from __future__ import annotations

import json
import shutil
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


def test_it_is_repaired_to_the_end(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "outage", tmp_path, dirs_exist_ok=True)
    assert run("fix", cwd=tmp_path).code == 1
    assert run("lint", cwd=tmp_path).code == 0
    assert run("fix", cwd=tmp_path).code == 0


@pytest.mark.parametrize(
    ("codes", "demo"),
    [("1110", 0), ("0110", 1), ("2110", 1), ("1010", 1), ("1100", 1), ("1111", 1), ("1150", 1)],
)
def test_the_demo_fails_unless_all_goes_as_told(codes: str, demo: int, tmp_path: Path) -> None:
    """codes: the exit codes of lint, fix --diff, fix and lint, one digit each."""
    command = tmp_path / ".venv" / "bin" / "kubectl-npcheck"
    command.parent.mkdir(parents=True)
    left = tmp_path / "codes"
    left.write_text("\n".join(codes) + "\n", encoding="utf-8")
    script = (
        f"#!/bin/sh\necho findings\ncode=$(head -n 1 '{left}')\n"
        f"tail -n +2 '{left}' > '{left}.rest'\nmv '{left}.rest' '{left}'\nexit \"$code\"\n"
    )
    command.write_text(script, encoding="utf-8")
    command.chmod(0o755)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    demo_script = ROOT / "packaging" / "demo.sh"
    done = subprocess.run(
        ["/bin/sh", str(demo_script)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == demo
    assert "findings\n" in done.stdout
