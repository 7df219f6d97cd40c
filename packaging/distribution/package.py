"""The Python package: sdist and wheel, built from a copy of the sources.

A copy, because setuptools leaves directories behind, and takes in what an earlier build left.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from distribution.archives import packed_again
from distribution.project import ROOT, Project

LEFT_BEHIND = shutil.ignore_patterns(
    ".git",
    ".venv",
    ".cache",
    "build",
    "dist",
    "*.egg-info",
    "__pycache__",
    ".*_cache",
    ".hypothesis",
)


def copied(scratch: Path) -> Path:
    """The sources, copied below a directory."""
    sources = scratch / "sources"
    shutil.copytree(ROOT, sources, ignore=LEFT_BEHIND, symlinks=True)
    return sources


def wheel(project: Project, sources: Path, target: Path) -> Path:
    """Build the wheel into a directory."""
    return _build(project, sources, target, "--wheel")


def sdist(project: Project, sources: Path, target: Path) -> Path:
    """Build the source distribution into a directory, with fixed times."""
    made = _build(project, sources, target, "--sdist")
    made.write_bytes(packed_again(made.read_bytes(), project.released))
    return made


def _build(project: Project, sources: Path, target: Path, what: str) -> Path:
    target.mkdir(parents=True, exist_ok=True)
    before = set(target.iterdir())
    done = subprocess.run(
        [
            *(sys.executable, "-m", "build", "--no-isolation", what),
            *("--outdir", str(target), str(sources)),
        ],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(project.released)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"error: building the package failed:\n{done.stdout}")
    [made] = set(target.iterdir()) - before
    return made
