"""The manifest of the pre-commit hooks, without pre-commit: its form, and each hook's real entry."""

from __future__ import annotations

import shlex
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command import Result, run

README = Path(__file__).parents[1] / "README.md"
MANIFEST = Path(__file__).parents[1] / ".pre-commit-hooks.yaml"
HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
}

SILENT = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes:
    - Ingress
  ingress:
    - from:
        - podSelector: {}
"""
STATED = (
    SILENT.replace("    - Ingress\n", "    - Ingress\n    - Egress\n") + "  egress:\n    - {}\n"
)


def entry(hook: dict[str, Any], directory: Path, *files: str) -> Result:
    """Run a hook's entry as pre-commit does: from the root, with the files if it wants them."""
    _, *arguments = shlex.split(hook["entry"])
    if hook.get("pass_filenames", True):
        arguments += files
    return run(*arguments, cwd=directory)


def test_there_are_these_hooks() -> None:
    assert list(HOOKS) == ["npcheck", "npcheck-fix", "npcheck-repo"]


def test_the_readme_names_hooks_that_there_are() -> None:
    blocks = README.read_text(encoding="utf-8").split("```yaml\n")[1:]
    (shown,) = [block.partition("```")[0] for block in blocks if block.startswith("repos:")]
    (repository,) = yaml.safe_load(shown)["repos"]
    assert {hook["id"] for hook in repository["hooks"]} <= set(HOOKS)


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_form(hook: dict[str, Any]) -> None:
    scripts = {script.name for script in distribution("kubectl-npcheck").entry_points}
    assert shlex.split(hook["entry"])[0] in scripts
    assert hook["language"] == "python"
    assert hook["require_serial"] is True, "a process reads the files that another one writes"
    assert "stages" not in hook, "the user's to choose"
    assert "args" not in hook, "the user's: they would replace ours"
    assert hook["name"]
    assert hook["description"]
    if hook.get("pass_filenames", True):
        assert hook["types_or"] == ["yaml", "json"]
    else:
        assert hook["always_run"] is True, "a deletion is no changed file"


@pytest.mark.parametrize("name", ["npcheck", "npcheck-repo"])
def test_a_silent_policy_fails(name: str, tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(SILENT, encoding="utf-8")
    result = entry(HOOKS[name], tmp_path, "web.yaml")
    assert result.code == 1
    assert "web.yaml:10:3: error egress-implicit shop/web" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("name", HOOKS)
def test_a_stated_policy_passes(name: str, tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(STATED, encoding="utf-8")
    result = entry(HOOKS[name], tmp_path, "web.yaml")
    assert (result.code, result.stderr) == (0, "")
    assert (tmp_path / "web.yaml").read_text(encoding="utf-8") == STATED


def test_fix_writes_the_file_and_fails(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(SILENT, encoding="utf-8")
    result = entry(HOOKS["npcheck-fix"], tmp_path, "web.yaml")
    assert (result.code, result.stderr) == (1, "")
    assert (tmp_path / "web.yaml").read_text(encoding="utf-8") == STATED
    assert entry(HOOKS["npcheck-fix"], tmp_path, "web.yaml").code == 0
