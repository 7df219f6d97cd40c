"""The files for CI systems: sound by their public schemas, and their scripts by running them."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_npcheck import __version__
from tests.ci_systems import ACTION, COMPONENT, ROOT, WORKFLOWS, Action, component, loaded, run_job

no_schemas = importlib.util.find_spec("check_jsonschema") is None
needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")

# Writes down its arguments, one a line, and the report that it is asked for.
RECORDER = """\
#!/bin/sh
printf '%s\\n' "$@" >"$(dirname "$0")/arguments"
while [ $# -gt 0 ]; do
  if [ "$1" = --report ]; then echo '{}' >"$2"; fi
  shift
done
exit CODE
"""


def schema_errors(schema: str, path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", path],
        capture_output=True,
        text=True,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.skipif(no_schemas, reason="check-jsonschema is in the extra dev only")
def test_the_files_follow_their_schemas(tmp_path: Path) -> None:
    assert schema_errors("github-actions", ACTION) == ""
    for workflow in WORKFLOWS:
        assert schema_errors("github-workflows", workflow) == ""
    pipeline = tmp_path / "pipeline.json"
    pipeline.write_text(json.dumps(component({})), encoding="utf-8")
    assert schema_errors("gitlab-ci", pipeline) == ""
    header = tmp_path / "header.yaml"
    header.write_text(COMPONENT.read_text(encoding="utf-8").split("\n---\n")[0], encoding="utf-8")
    assert schema_errors("gitlab-ci", header) == ""


@pytest.mark.skipif(no_schemas, reason="check-jsonschema is in the extra dev only")
def test_a_schema_finds_a_mistake(tmp_path: Path) -> None:
    wrong = tmp_path / "test.yml"
    wrong.write_text("on: push\njobs: {a: {runs-on: x, steps: 1}}\n", encoding="utf-8")
    assert "steps" in schema_errors("github-workflows", wrong)


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every step of the action and of the workflows, with the file that it is in."""
    for step in loaded(ACTION)["runs"]["steps"]:
        yield ACTION.name, step
    for workflow in WORKFLOWS:
        for job in loaded(workflow)["jobs"].values():
            for step in job["steps"]:
                yield workflow.name, step


def test_no_script_has_an_expression_in_it() -> None:
    """An input, or the name of a branch, would be run there."""
    assert [name for name, step in steps() if "${{" in step.get("run", "")] == []


def test_every_action_is_pinned() -> None:
    uses = [step["uses"] for _, step in steps() if "uses" in step]
    assert uses
    loose = [name for name in uses if not re.fullmatch(r"\./|\S+@(v\d[\d.]*|release/v1)", name)]
    assert loose == []


def test_a_checkout_keeps_no_token() -> None:
    for _, step in steps():
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_little_and_ends(workflow: Path) -> None:
    found = loaded(workflow)
    assert found["permissions"] == {"contents": "read"}
    assert all(int(job["timeout-minutes"]) <= 120 for job in found["jobs"].values())


def test_the_workflows_call_targets_that_there_are() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    called = [
        target
        for _, step in steps()
        for target in re.findall(r"(?m)^make ([a-z0-9-]+)", step.get("run", ""))
    ]
    assert set(called) == {"test", "e2e", "dist", "release-check"}
    for target in called:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_workflows_try_every_python_that_is_promised() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    promised = re.findall(r"Python :: (3\.\d+)", project)
    listed = [
        step["with"]["python-version"].split()
        for _, step in steps()
        if "\n" in step.get("with", {}).get("python-version", "")
    ]
    assert listed
    assert all(versions == promised for versions in listed)


def test_the_component_installs_this_version() -> None:
    default = component({})["npcheck"]["variables"]["NPCHECK_PACKAGE"]
    assert default == f"kubectl-npcheck=={__version__}"


class Recorder:
    """A program in the place of npcheck, and what it was called with."""

    def __init__(self, directory: Path, code: int) -> None:
        self.directory = directory / "npcheck"
        program = self.directory / "bin" / "npcheck"
        program.parent.mkdir(parents=True)
        program.write_text(RECORDER.replace("CODE", str(code)), encoding="utf-8")
        program.chmod(0o755)

    def arguments(self) -> list[str]:
        return (self.directory / "bin" / "arguments").read_text(encoding="utf-8").splitlines()


@needs_bash
def test_the_action_passes_its_inputs_on(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, 1)
    inputs = {
        "paths": "k8s/web app\n$(touch hacked)\n",
        "args": "--alone  * -n x",
        "fail-on": "note",
    }
    action = Action(tmp_path, tmp_path, inputs)
    done = action.run("lint")
    assert (done.code, done.stderr) == (0, "")
    sarif = str(tmp_path / "npcheck.sarif")
    assert recorder.arguments() == [
        *("lint", "--output", "github", "--report", sarif),
        *("--alone", "*", "-n", "x", "--fail-on", "note", "--", "k8s/web app", "$(touch hacked)"),
    ]
    assert done.outputs == {"exit-code": "1", "sarif": sarif}
    assert not (tmp_path / "hacked").exists()
    assert action.run("Tell the result").code == 1


@needs_bash
def test_the_action_without_inputs_checks_everything(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, 0)
    action = Action(tmp_path, tmp_path, {})
    assert action.run("lint").outputs["exit-code"] == "0"
    assert recorder.arguments()[5:] == ["--fail-on", "warning", "--", "."]
    assert action.run("Tell the result").code == 0


@needs_bash
def test_the_action_can_only_tell(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, 0)
    Action(tmp_path, tmp_path, {"fail-on": "never", "paths": ""}).run("lint")
    assert recorder.arguments()[5:] == ["--exit-zero", "--", "."]


@needs_bash
def test_the_action_names_no_sarif_where_there_is_none(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, 2)
    program = recorder.directory / "bin" / "npcheck"
    program.write_text("#!/bin/sh\nexit 2\n", encoding="utf-8")
    action = Action(tmp_path, tmp_path, {})
    assert action.run("lint").outputs == {"exit-code": "2", "sarif": ""}
    assert action.run("Tell the result").code == 2


@needs_bash
def test_the_component_passes_its_inputs_on(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, 1)
    job = component({"paths": "k8s base*", "args": "--alone", "fail-on": "error"})["npcheck"]
    (tmp_path / "base1").touch()
    done = run_job(job, tmp_path, recorder.directory)
    assert (done.returncode, done.stderr) == (1, "")
    assert recorder.arguments() == [
        *("lint", "--report", "npcheck.xml", "--fail-on", "error", "--alone", "--", "k8s", "base*"),
    ]
    assert (tmp_path / job["artifacts"]["reports"]["junit"]).exists()


@needs_bash
def test_the_scripts_are_sound() -> None:
    for name, step in steps():
        if "run" in step:
            subprocess.run(["bash", "-n", "-c", step["run"]], check=True, text=True), name
    for line in component({})["npcheck"]["before_script"]:
        assert shlex.split(line)


README = (ROOT / "README.md").read_text(encoding="utf-8")


def shown(words: str) -> Any:
    """The one YAML block of README.md with these words in it."""
    (block,) = [
        text for text in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if words in text
    ]
    return yaml.safe_load(block)


def test_the_readme_shows_inputs_that_there_are() -> None:
    *_, step = shown("OWNER/npcheck@")
    assert set(step["with"]) <= set(loaded(ACTION)["inputs"])
    (included,) = shown("include:")["include"]
    assert included["component"].startswith("$CI_SERVER_FQDN/GROUP/npcheck/npcheck@")
    job = component(included["inputs"])["npcheck"]
    assert job["variables"]["NPCHECK_PATHS"] == "k8s"
