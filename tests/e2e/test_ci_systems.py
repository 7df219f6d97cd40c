"""The action as a runner runs it, from its own checkout, and the workflows by actionlint."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.ci_systems import ROOT, WORKFLOWS, Action
from tests.e2e.binaries import program
from tests.e2e.hook_repository import execute, snapshot


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runner's scratch directory after the action has installed npcheck."""
    temp = tmp_path_factory.mktemp("runner")
    checkout = tmp_path_factory.mktemp("action")
    snapshot(checkout)
    action = Action(temp, temp, {}, checkout)
    action.known["steps.python.outputs.python-path"] = sys.executable
    done = action.run("Install npcheck")
    assert done.code == 0, done
    return temp


def test_the_action_annotates_and_writes_sarif(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    action = Action(installed, tmp_path, {"paths": "examples/outage", "fail-on": "error"})
    done = action.run("lint")
    assert (done.code, done.stderr) == (0, "")
    assert "::error file=examples/outage/api-gateway.yaml,line=49," in done.stdout
    assert done.outputs["exit-code"] == "1"
    report = json.loads(Path(done.outputs["sarif"]).read_text(encoding="utf-8"))
    places = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in report["runs"][0]["results"]
    }
    assert places == {
        "examples/outage/api-gateway.yaml",
        "examples/outage/notification-service.yaml",
    }
    assert action.run("Tell the result").code == 1


def test_the_action_passes_where_nothing_is_wrong(installed: Path, tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / "outage" / "kafka.yaml", tmp_path)
    action = Action(installed, tmp_path, {})
    assert action.run("lint").outputs["exit-code"] == "0"
    assert action.run("Tell the result").code == 0


def test_the_workflows_are_sound() -> None:
    done = execute([str(program("actionlint")), "-no-color", *map(str, WORKFLOWS)], ROOT)
    assert (done.code, done.stdout, done.stderr) == (0, "", "")
