"""Releases of npcheck, made as `make dist` makes them, and a former one to upgrade from.

Knows packaging/; must not know Krew, nor pytest.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.e2e.hook_repository import ROOT

sys.path.append(str(ROOT / "packaging"))

from distribution import archives, krew, project
from distribution.platforms import PLATFORMS, PORTABLE, this_machine

FORMER = "0.0.9"


class Release:
    """What lies in one directory; the manifest says where it can be downloaded."""

    def __init__(self, directory: Path, facts: project.Project, sums: dict[str, str]) -> None:
        self.directory = directory
        self.version = facts.version
        self._facts = facts
        self._sums = sums

    def manifest(self, downloads: str) -> str:
        """The manifest for Krew of this release, as if it were published at an address."""
        template = krew.TEMPLATE.read_text("utf-8")
        return krew.manifest(template, self._facts._replace(downloads=downloads), self._sums)

    def archive(self, platform: str = this_machine().name) -> Path:
        """The archive for a platform."""
        return self.directory / f"npcheck-{self.version}-{platform}.tar.gz"


def made(directory: Path) -> Release:
    """A whole release of these sources."""
    _must("sh", "packaging/dist.sh", "--output", str(directory))
    facts = project.read()
    release = Release(directory, facts, {})
    names = [platform.name for platform in (*PLATFORMS, PORTABLE)]
    sums = {name: archives.sha256(release.archive(name)) for name in names}
    return Release(directory, facts, sums)


def former(directory: Path) -> Release:
    """An earlier version with the same contents, for this machine only."""
    sources = directory / "sources"
    ignored = shutil.ignore_patterns(".git", ".venv", ".cache", "build", "dist", "*.egg-info")
    shutil.copytree(ROOT, sources, ignore=ignored, symlinks=True)
    current = project.read().version
    for name in ("pyproject.toml", "kubectl_npcheck/__init__.py"):
        text = (sources / name).read_text("utf-8")
        pattern = rf'^((?:__)?version(?:__)? = )"{re.escape(current)}"'
        changed = re.sub(pattern, rf'\g<1>"{FORMER}"', text, flags=re.MULTILINE)
        assert changed != text
        (sources / name).write_text(changed, "utf-8")
    zipapp = directory / "npcheck"
    _must(
        str(ROOT / ".cache" / "dist-tools" / "bin" / "python"),
        str(sources / "packaging" / "make_dist.py"),
        *("--zipapp", str(zipapp), "--cache", str(ROOT / ".cache" / "wheels")),
    )
    facts = project.read(sources)
    release = Release(directory, facts, {})
    license_text = (ROOT / "LICENSE").read_bytes()
    files = [
        archives.File("LICENSE", license_text),
        archives.File("npcheck", zipapp.read_bytes(), True),
    ]
    release.archive().write_bytes(archives.packed(files, facts.released))
    sums = {p.name: archives.sha256(release.archive()) for p in (*PLATFORMS, PORTABLE)}
    return Release(directory, facts, sums)


def _must(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
