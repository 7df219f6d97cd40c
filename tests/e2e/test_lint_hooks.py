"""The hooks that look, run by the real pre-commit in repositories that commit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.e2e.hook_repository import Hooks, Repository, execute, must
from tests.e2e.manifests import TEMPLATE, default_deny, silent, stated

FINDING = re.compile(r"^(\S+): error egress-implicit ", re.MULTILINE)


def test_a_bad_policy_blocks_the_commit_and_is_shown(hooks: Hooks, tmp_path: Path) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck")
    repository.write("k8s/web.yaml", silent())
    refused = repository.commit()
    assert refused.code == 1
    assert repository.commits() == 1
    shown = refused.stdout + refused.stderr
    assert (
        "npcheck..................................................................Failed" in shown
    )
    assert "k8s/web.yaml:10:3: error egress-implicit shop/web: egress is not stated" in shown
    assert "open reading (Kubernetes as published)" in shown
    assert "1 policy in 1 file: 1 error" in shown
    repository.write("k8s/web.yaml", stated())
    assert repository.commit().code == 0


def test_a_sibling_that_did_not_change_decides(hooks: Hooks, tmp_path: Path) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck")
    repository.write("platform/deny.yaml", default_deny())
    assert repository.commit().code == 0
    repository.write("k8s/web.yaml", silent())
    assert repository.commit().code == 0
    repository.write("k8s/other.yaml", silent(namespace="elsewhere"))
    assert repository.commit().code == 1


def test_what_is_ignored_by_git_decides_nothing(hooks: Hooks, tmp_path: Path) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck")
    repository.write(".gitignore", "build/\n")
    repository.write("build/deny.yaml", default_deny())
    repository.write("k8s/web.yaml", silent())
    assert repository.commit().code == 1


def test_a_deleted_sibling_is_missed_by_the_whole_repository_only(
    hooks: Hooks, tmp_path: Path
) -> None:
    for name, code in (("npcheck", 0), ("npcheck-repo", 1)):
        repository = Repository(hooks, tmp_path / name, name)
        deny = repository.write("platform/deny.yaml", default_deny())
        repository.write("k8s/web.yaml", silent())
        assert repository.commit().code == 0
        deny.unlink()
        assert repository.commit().code == code


def test_the_whole_repository_reports_what_did_not_change(hooks: Hooks, tmp_path: Path) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck-repo", args=["k8s"])
    repository.write("k8s/web.yaml", silent())
    repository.write("vendor/web.yaml", silent("vendored"))
    assert repository.commit("--no-verify").code == 0
    repository.write("README.md", "nothing to do with policies\n")
    refused = repository.commit()
    assert refused.code == 1
    assert "k8s/web.yaml:10:3" in refused.stdout + refused.stderr
    assert "vendor/web.yaml" not in refused.stdout + refused.stderr


def test_a_template_passes(hooks: Hooks, tmp_path: Path) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck", verbose=True)
    repository.write("chart/templates/networkpolicy.yaml", TEMPLATE)
    repository.write("chart/values.yaml", "networkPolicy: {enabled: true}\n")
    passed = repository.commit()
    assert passed.code == 0, passed
    assert "chart/templates/networkpolicy.yaml" in passed.stdout + passed.stderr, "listed"


def test_an_unreadable_policy_blocks_with_its_line(hooks: Hooks, tmp_path: Path) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck")
    repository.write("k8s/web.yaml", stated() + "  x: [\n")
    repository.write("k8s/values.yaml", "a: [\n")
    refused = repository.commit()
    shown = refused.stdout + refused.stderr
    assert refused.code == 1
    assert re.search(r"^error: k8s/web.yaml:\d+:\d+: ", shown, re.MULTILINE)
    assert "k8s/values.yaml" not in shown, "no policy in it: not ours to judge"


@pytest.mark.parametrize(
    "arguments", [["--fail-on", "note"], ["--exit-zero"], ["--alone"]], ids=lambda a: a[0]
)
def test_arguments_of_the_user(hooks: Hooks, tmp_path: Path, arguments: list[str]) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck", args=arguments)
    repository.write("platform/deny.yaml", default_deny())
    assert repository.commit("--no-verify").code == 0
    repository.write("k8s/web.yaml", silent())
    assert repository.commit().code == (0 if arguments == ["--exit-zero"] else 1)


def test_settings_of_the_repository(hooks: Hooks, tmp_path: Path) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck")
    repository.write(".npcheck.yaml", "rules: {egress-implicit: note}\n")
    repository.write("k8s/web.yaml", silent())
    assert repository.commit().code == 0


def test_a_partially_staged_file_is_judged_as_staged(hooks: Hooks, tmp_path: Path) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck")
    repository.write("web.yaml", stated())
    assert repository.commit().code == 0
    repository.write("web.yaml", stated() + "# staged\n")
    repository.git("add", "web.yaml")
    repository.write("web.yaml", silent() + "# not staged\n")
    assert repository.commit(all=False).code == 0
    assert repository.read("web.yaml") == silent() + "# not staged\n"
    repository.git("add", "web.yaml")
    repository.write("web.yaml", stated())
    assert repository.commit(all=False).code == 1
    assert repository.read("web.yaml") == stated()


def test_commit_all_and_a_second_worktree(hooks: Hooks, tmp_path: Path) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck")
    repository.write("platform/deny.yaml", default_deny())
    repository.write("k8s/web.yaml", stated())
    assert repository.commit().code == 0
    repository.write("k8s/web.yaml", silent())
    assert repository.commit("-a", all=False).code == 0, "another index, the same siblings"
    repository.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "other"))
    (tmp_path / "other" / "platform" / "deny.yaml").unlink()
    (tmp_path / "other" / "k8s" / "web.yaml").write_text(silent() + "# changed\n", "utf-8")
    assert repository.commit(cwd=tmp_path / "other").code == 1, "the siblings of that worktree"


def test_a_commit_from_a_subdirectory(hooks: Hooks, tmp_path: Path) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck")
    repository.write("k8s/web.yaml", silent())
    refused = repository.commit(cwd=repository.directory / "k8s")
    assert refused.code == 1
    assert "k8s/web.yaml:10:3: error" in refused.stdout + refused.stderr


def test_try_repo(hooks: Hooks, tmp_path: Path) -> None:
    must(["git", "init", "-q"], tmp_path)
    (tmp_path / "web.yaml").write_text(silent(), encoding="utf-8")
    must(["git", "add", "."], tmp_path)
    for name in ("npcheck", "npcheck-repo"):
        tried = hooks.pre_commit(tmp_path, "try-repo", str(hooks.source), name, "--all-files")
        assert tried.code == 1
        assert "web.yaml:10:3: error egress-implicit shop/web" in tried.stdout


def test_several_processes_find_what_one_finds(hooks: Hooks, tmp_path: Path) -> None:
    # Names so long that they do not fit into one process's arguments.
    repository = Repository(hooks, tmp_path / "r", "npcheck")
    folder = "k8s/" + "a-rather-long-name-of-a-directory/" * 5
    for number in range(1000):
        namespace = f"team-{number % 50}"
        repository.write(f"{folder}policy-{number}.yaml", silent(f"app-{number}", namespace))
    for number in range(0, 50, 2):
        repository.write(f"{folder}deny-{number}.yaml", default_deny(f"team-{number}"))
    repository.git("add", "-A")
    split = hooks.pre_commit(repository.directory, "run", "npcheck").stdout
    assert len(re.findall(r"^\d+ policies in \d+ files", split, re.MULTILINE)) > 1, "not split"
    whole = execute([str(hooks.environment() / "bin" / "npcheck"), "lint"], repository.directory)
    assert len(FINDING.findall(whole.stdout)) == 500
    assert sorted(FINDING.findall(split)) == sorted(FINDING.findall(whole.stdout))


def test_the_environment_is_small(hooks: Hooks, tmp_path: Path) -> None:
    Repository(hooks, tmp_path / "r", "npcheck", "npcheck-repo")
    environment = hooks.environment()
    files = [path for path in environment.rglob("*") if path.is_file() and not path.is_symlink()]
    size = sum(path.stat().st_size for path in files)
    assert size < 40_000_000
    installed = must([str(environment / "bin" / "python"), "-m", "pip", "list"], tmp_path)
    names = {line.split()[0].lower() for line in installed.splitlines()[2:]}
    assert names - {"pip", "setuptools", "wheel"} == {"kubectl-npcheck", "click", "pyyaml"}
