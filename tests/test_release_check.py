"""`make release-check`: nothing that is out of step passes, and what is in step does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kubectl_npcheck import __version__
from tests.release_check import ROOT, Tree, checked

FILES = (
    "pyproject.toml",
    "kubectl_npcheck/__init__.py",
    "CHANGELOG.md",
    "krew/npcheck.yaml.in",
    ".pre-commit-hooks.yaml",
    "README.md",
    "action.yml",
    "templates/npcheck.yml",
    "docs/rules.md",
    "docs/npcheck.1",
)
RELEASED = f"# Changelog\n\n## [Unreleased]\n\n## [{__version__}] - 2026-01-02\n\n- It exists.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of what is looked at, with a changelog that is ready."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "CHANGELOG.md").write_text(RELEASED, encoding="utf-8")
    return tmp_path


def wrong(root: Path, tag: str = "") -> list[str]:
    return [said for line in checked(Tree(root, tag)) for said in line.wrong]


def replace(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_this_tree_lacks_nothing_but_perhaps_its_date() -> None:
    assert [said for said in wrong(ROOT) if not said.startswith("CHANGELOG.md: ")] == []


def test_a_tree_that_is_ready(root: Path) -> None:
    assert wrong(root) == []
    assert wrong(root, f"v{__version__}") == []


V = __version__
BROKEN = {
    "the package": (
        *("kubectl_npcheck/__init__.py", f'"{V}"', '"9.9.9"'),
        f"kubectl_npcheck/__init__.py: __version__ is not {V}",
    ),
    "an unreleased entry": (
        *("CHANGELOG.md", "[Unreleased]\n", "[Unreleased]\n\n- More.\n"),
        f"CHANGELOG.md: [Unreleased] has entries; move them to [{V}] - DATE",
    ),
    "no section": (
        *("CHANGELOG.md", f"[{V}] - 2026-01-02", "[0.0.1] - 2026-01-02"),
        f"CHANGELOG.md: the first section is not [{V}] - DATE",
    ),
    "no date": (
        *("CHANGELOG.md", "2026-01-02", "soon"),
        'CHANGELOG.md: "soon" is not a date of the form YYYY-MM-DD',
    ),
    "a date to come": (
        *("CHANGELOG.md", "2026-01-02", "2999-01-02"),
        "CHANGELOG.md: 2999-01-02 has not come yet",
    ),
    "the manifest": (
        *("krew/npcheck.yaml.in", "version: v@VERSION@", f"version: v{V}"),
        "krew/npcheck.yaml.in: the version is not v@VERSION@",
    ),
    "a hook's command": (
        *(".pre-commit-hooks.yaml", "entry: npcheck fix", "entry: npcheck repair"),
        ".pre-commit-hooks.yaml: npcheck-fix runs `npcheck repair`",
    ),
    "a hook that is shown": (
        *("README.md", "- id: npcheck-fix", "- id: npcheck-mend"),
        "README.md: there is no hook npcheck-mend",
    ),
    "a tag that is shown": (
        *("README.md", "rev: main", "rev: v0.0.9"),
        f"README.md: rev: v0.0.9, not {V}",
    ),
    "the component": (
        *("templates/npcheck.yml", f"kubectl-npcheck=={V}", "kubectl-npcheck==0.0.9"),
        f"templates/npcheck.yml: kubectl-npcheck==0.0.9, not {V}",
    ),
    "the rules": (
        *("docs/rules.md", "# Rules", "# Rule"),
        "docs/rules.md: not current; run `make docs`",
    ),
    "the manual": (
        *("docs/npcheck.1", ".SH NAME", ".SH NAMES"),
        "docs/npcheck.1: not current; run `make docs`",
    ),
    "the readme": (
        *("README.md", "<!-- rules -->\n", "<!-- rules -->\nold\n"),
        "README.md: not current; run `make docs`",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_out_of_step_is_told(root: Path, case: str) -> None:
    name, old, new, said = BROKEN[case]
    replace(root, name, old, new)
    assert said in wrong(root)


def test_a_version_that_only_one_file_has(root: Path) -> None:
    replace(root, "pyproject.toml", f'version = "{V}"', 'version = "0.2.0"')
    said = wrong(root)
    for name in ("kubectl_npcheck/__init__.py", "CHANGELOG.md", "templates/npcheck.yml"):
        assert any(line.startswith(f"{name}: ") for line in said)


def test_another_tag(root: Path) -> None:
    assert wrong(root, "v9.9.9") == [f"the tag is v9.9.9, not v{V}"]


def test_a_manifest_that_was_rendered_before(root: Path) -> None:
    (root / "dist").mkdir()
    (root / "dist" / "npcheck.yaml").write_text("spec: {version: v0.0.9}\n", encoding="utf-8")
    assert wrong(root) == [f"dist/npcheck.yaml: not v{V}; run `make dist` again"]
