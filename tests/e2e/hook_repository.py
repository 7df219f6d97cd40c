"""A scratch git repository that uses npcheck's hooks through the real pre-commit.

Knows git and pre-commit; must not know what npcheck says.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from tests.e2e.server import Result

ROOT = Path(__file__).resolve().parents[2]
IDENTITY = {
    "GIT_AUTHOR_NAME": "A U Thor",
    "GIT_AUTHOR_EMAIL": "author@example.com",
    "GIT_COMMITTER_NAME": "A U Thor",
    "GIT_COMMITTER_EMAIL": "author@example.com",
}


def execute(command: Sequence[str], cwd: Path, env: dict[str, str] | None = None) -> Result:
    """Run a program without a terminal."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **IDENTITY, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=600,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def must(command: Sequence[str], cwd: Path) -> str:
    """Run a program that has to succeed; its output."""
    result = execute(command, cwd)
    assert result.code == 0, f"{command}: {result}"
    return result.stdout


def snapshot(directory: Path) -> str:
    """This project as it lies here, committed to a new repository; the commit."""
    names = must(["git", "ls-files", "-co", "--exclude-standard", "-z"], ROOT)
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():  # not one that is deleted and still in the index
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, directory / name)
    must(["git", "init", "-q", "-b", "main"], directory)
    must(["git", "add", "-A"], directory)
    must(["git", "commit", "-q", "-m", "npcheck"], directory)
    return must(["git", "rev-parse", "HEAD"], directory).strip()


class Hooks:
    """npcheck as a repository of hooks, and pre-commit with its cache of environments."""

    def __init__(self, directory: Path) -> None:
        self.source = directory / "npcheck"
        self.source.mkdir()
        self.revision = snapshot(self.source)
        self.cache = directory / "cache"
        self.program = str(Path(sys.executable).parent / "pre-commit")

    def pre_commit(self, cwd: Path, *arguments: str) -> Result:
        """Run pre-commit."""
        return execute(
            [self.program, *arguments], cwd, {"PRE_COMMIT_HOME": str(self.cache), "NO_COLOR": "1"}
        )

    def environment(self) -> Path:
        """The environment that pre-commit made for the hooks."""
        (found,) = self.cache.glob("repo*/py_env-*")
        return found


class Repository:
    """A repository with the hooks installed."""

    def __init__(self, hooks: Hooks, directory: Path, *ids: str, **options: object) -> None:
        self.hooks = hooks
        self.directory = directory
        directory.mkdir(exist_ok=True)
        self.git("init", "-q", "-b", "main")
        config = {
            "repos": [
                {
                    "repo": str(hooks.source),
                    "rev": hooks.revision,
                    "hooks": [{"id": name, **options} for name in ids],
                }
            ]
        }
        self.write(".pre-commit-config.yaml", yaml.safe_dump(config))
        self.git("add", ".")
        self.git("commit", "-q", "-m", "the hooks' configuration")
        installed = hooks.pre_commit(directory, "install", "--install-hooks")
        assert installed.code == 0, installed

    def git(self, *arguments: str) -> str:
        """Run git, which has to succeed."""
        return must(["git", *arguments], self.directory)

    def write(self, name: str, text: str) -> Path:
        """Write a file below the root."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def read(self, name: str) -> str:
        """The text of a file of the working tree."""
        return (self.directory / name).read_text(encoding="utf-8")

    def commit(self, *arguments: str, all: bool = True, cwd: Path | None = None) -> Result:
        """`git commit`, which runs the hooks; stages everything before, unless told otherwise."""
        if all:
            must(["git", "add", "-A"], cwd or self.directory)
        return execute(
            ["git", "commit", "-m", "a change", *arguments],
            cwd or self.directory,
            {"PRE_COMMIT_HOME": str(self.hooks.cache), "NO_COLOR": "1"},
        )

    def commits(self) -> int:
        """How many commits there are."""
        return int(self.git("rev-list", "--count", "HEAD"))
