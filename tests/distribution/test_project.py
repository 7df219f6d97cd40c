"""What pyproject.toml and the changelog say of a release."""

from __future__ import annotations

import re

from distribution.project import ROOT, read, released

import kubectl_npcheck

MONDAY = 1767571200
CHANGELOG = "## [Unreleased]\n\n## [0.2.0] - 2026-01-05\n\n## [0.1.0]\n"


def test_the_package_has_the_version_of_the_project() -> None:
    assert read().version == kubectl_npcheck.__version__


def test_the_readme_installs_this_version() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert set(re.findall(r"npcheck-(\d[\w.]*)-linux", readme)) == {read().version}


def test_files_have_the_time_of_the_release() -> None:
    assert released(CHANGELOG, "0.2.0") == MONDAY
    assert released(CHANGELOG, "0.1.0") == released(CHANGELOG, "0.3.0") == 315532800


def test_downloads_lie_below_the_releases() -> None:
    project = read()
    assert project.downloads.startswith(project.homepage)
    assert project.downloads.endswith(f"/releases/download/v{project.version}")
