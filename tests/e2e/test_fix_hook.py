"""The hook that repairs, run by the real pre-commit in repositories that commit."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.e2e.hook_repository import Hooks, Repository, execute
from tests.e2e.manifests import TEMPLATE, default_deny, silent, stated

MODIFIED = "files were modified by this hook"


def test_the_second_commit_passes(hooks: Hooks, tmp_path: Path) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck-fix", "npcheck")
    repository.write("k8s/web.yaml", silent())
    refused = repository.commit()
    assert refused.code == 1
    shown = refused.stdout + refused.stderr
    assert MODIFIED in shown
    assert "fixed shop/web" in shown
    assert repository.read("k8s/web.yaml") == stated()
    assert repository.git("show", ":k8s/web.yaml") == silent(), "the user stages what is written"
    assert repository.commit().code == 0
    assert repository.git("show", "HEAD:k8s/web.yaml") == stated()


def test_a_sibling_that_did_not_change_prevents_the_wrong_repair(
    hooks: Hooks, tmp_path: Path
) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck-fix")
    repository.write("platform/deny.yaml", default_deny())
    assert repository.commit().code == 0
    repository.write("k8s/web.yaml", silent())
    assert repository.commit().code == 0
    assert repository.read("k8s/web.yaml") == silent(), "an allow-all would undo the restriction"


def test_what_is_refused_blocks_and_says_why(hooks: Hooks, tmp_path: Path) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck-fix")
    only_db = default_deny().replace("podSelector: {}", "podSelector: {matchLabels: {tier: db}}")
    repository.write("k8s/db.yaml", only_db)
    repository.write("k8s/web.yaml", silent())
    refused = repository.commit()
    shown = refused.stdout + refused.stderr
    assert refused.code == 1
    assert MODIFIED not in shown
    assert repository.read("k8s/web.yaml") == silent()
    assert "refused shop/web" in shown
    assert "tier=db" in shown, "the pods that are decided elsewhere"


def test_a_template_passes_and_stays(hooks: Hooks, tmp_path: Path) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck-fix")
    repository.write("chart/templates/networkpolicy.yaml", TEMPLATE)
    assert repository.commit().code == 0
    assert repository.read("chart/templates/networkpolicy.yaml") == TEMPLATE


def test_a_partially_staged_file_keeps_both_changes(hooks: Hooks, tmp_path: Path) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck-fix")
    head = "# one\n# two\n# three\n# four\n"
    repository.write("web.yaml", head + silent())
    repository.git("add", "web.yaml")
    repository.write("web.yaml", "# not staged\n" + head + silent())
    refused = repository.commit(all=False)
    assert refused.code == 1
    assert MODIFIED in refused.stdout + refused.stderr
    assert repository.read("web.yaml") == "# not staged\n" + head + stated()


def test_a_conflict_with_what_is_not_staged_rolls_the_fix_back(
    hooks: Hooks, tmp_path: Path
) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck-fix")
    repository.write("web.yaml", silent())
    repository.git("add", "web.yaml")
    repository.write("web.yaml", silent() + "  egress:\n    - to: []\n")
    refused = repository.commit(all=False)
    assert refused.code == 1
    assert "Rolling back fixes" in refused.stdout + refused.stderr
    assert repository.read("web.yaml") == silent() + "  egress:\n    - to: []\n"
    assert repository.git("show", ":web.yaml") == silent()


def test_several_processes_write_what_one_writes(hooks: Hooks, tmp_path: Path) -> None:
    repository = Repository(hooks, tmp_path / "r", "npcheck-fix")
    folder = "k8s/" + "a-rather-long-name-of-a-directory/" * 5
    for number in range(1000):
        namespace = f"team-{number % 50}"
        repository.write(f"{folder}policy-{number}.yaml", silent(f"app-{number}", namespace))
    for number in range(0, 50, 2):
        repository.write(f"{folder}deny-{number}.yaml", default_deny(f"team-{number}"))
    repository.git("add", "-A")
    copy = tmp_path / "copy"
    shutil.copytree(repository.directory, copy)
    split = hooks.pre_commit(repository.directory, "run", "npcheck-fix")
    assert len(re.findall(r"^\d+ policies in \d+ files", split.stdout, re.MULTILINE)) > 1
    whole = execute([str(hooks.environment() / "bin" / "npcheck"), "fix", "k8s"], copy)
    assert whole.code == 1
    changed = 0
    for path in copy.rglob("*.yaml"):
        here = repository.directory / path.relative_to(copy)
        assert here.read_bytes() == path.read_bytes()
        changed += path.read_text(encoding="utf-8").endswith("egress:\n    - {}\n")
    assert changed == 500
