"""The action and the GitLab component as their runners take them: inputs filled in, scripts run.

Knows the two formats as far as our files use them; must not know what npcheck says.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent
ACTION = ROOT / "action.yml"
COMPONENT = ROOT / "templates" / "npcheck.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EXPRESSION = re.compile(r"\$\{\{ (\S+) \}\}")


class Step(NamedTuple):
    """How a step of the action ended, and what it set."""

    code: int
    stdout: str
    stderr: str
    outputs: dict[str, str]


def loaded(path: Path) -> dict[str, Any]:
    """A YAML file; `on` stays a string."""
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return found


class Action:
    """The composite action.

    temp: the runner's scratch directory; inputs: what the user gives; checkout: where the action is
    """

    def __init__(
        self, temp: Path, workspace: Path, inputs: Mapping[str, str], checkout: Path = ROOT
    ) -> None:
        action = loaded(ACTION)
        known = action["inputs"]
        assert set(inputs) <= set(known)
        self.temp = temp
        self.workspace = workspace
        self.checkout = checkout
        self.steps = action["runs"]["steps"]
        self.known = {f"inputs.{name}": known[name].get("default", "") for name in known}
        self.known.update((f"inputs.{name}", value) for name, value in inputs.items())

    def run(self, name: str) -> Step:
        """Run the step of that id or name, as the runner does; its outputs are known then."""
        (step,) = [step for step in self.steps if name in (step.get("id"), step.get("name"))]
        outputs = self.temp / "outputs"
        outputs.write_text("", encoding="utf-8")
        script = self.temp / "script.sh"
        script.write_text(step["run"], encoding="utf-8")
        given = {key: self._filled(value) for key, value in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],
            cwd=self.workspace,
            env={
                **os.environ,
                "RUNNER_TEMP": str(self.temp),
                "GITHUB_ACTION_PATH": str(self.checkout),
                "GITHUB_OUTPUT": str(outputs),
                **given,
            },
            capture_output=True,
            text=True,
        )
        lines = outputs.read_text(encoding="utf-8").splitlines()
        found = dict(line.split("=", 1) for line in lines)
        self.known.update((f"steps.{name}.outputs.{key}", value) for key, value in found.items())
        return Step(done.returncode, done.stdout, done.stderr, found)

    def _filled(self, text: str) -> str:
        return EXPRESSION.sub(lambda found: self.known[found[1]], text)


def component(inputs: Mapping[str, str]) -> dict[str, Any]:
    """The pipeline that GitLab makes of the component with these inputs."""
    header, _, body = COMPONENT.read_text(encoding="utf-8").partition("\n---\n")
    known = yaml.load(header, Loader=yaml.BaseLoader)["spec"]["inputs"]
    assert set(inputs) <= set(known)
    values = {name: known[name]["default"] for name in known} | dict(inputs)
    filled = re.sub(r"\$\[\[ inputs\.(\S+) \]\]", lambda found: values[found[1]], body)
    pipeline: dict[str, Any] = yaml.load(filled, Loader=yaml.BaseLoader)
    return pipeline


def run_job(
    job: Mapping[str, Any], workspace: Path, venv: Path
) -> subprocess.CompletedProcess[str]:
    """Run the job's script in one shell, as GitLab's runner does, with npcheck from the venv."""
    script = "\n".join(job["script"]).replace("/tmp/npcheck", str(venv))
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=workspace,
        env={**os.environ, **job["variables"]},
        capture_output=True,
        text=True,
    )
