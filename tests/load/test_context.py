"""The repository around named files, and what `--with` and `--alone` make of it."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.load.support import (
    DENY,
    loaded,
    netpol,
    units,
)

REPOSITORY = {
    "k/a.yaml": netpol("a", "s"),
    "k/b.yaml": netpol("b", "s", DENY),
    "c.yaml": netpol("c", "s"),
}


def test_without_git_the_directory_of_a_named_file_is_context() -> None:
    assert units(loaded(REPOSITORY, "k/a.yaml")) == {"namespace s": ["s/a", "(s/b)"]}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_repository_of_a_named_file_is_context() -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    found = loaded(REPOSITORY, "k/a.yaml")
    assert units(found) == {"namespace s": ["s/a", "(s/c)", "(s/b)"]}
    assert found.counts[:3] == (1, 1, 1)
    assert units(loaded(REPOSITORY, "k")) == {"namespace s": ["s/a", "s/b"]}
    assert units(loaded(REPOSITORY, "k", for_fix=True)) == {"namespace s": ["s/a", "s/b", "(s/c)"]}


def test_alone_there_is_no_context_but_the_named_one() -> None:
    assert units(loaded(REPOSITORY, "k/a.yaml", alone=True)) == {"namespace s": ["s/a"]}
    assert units(loaded(REPOSITORY, "k/a.yaml", alone=True, context=("c.yaml",))) == {
        "namespace s": ["s/a", "(s/c)"]
    }


def test_a_path_wins_over_context() -> None:
    assert units(loaded(REPOSITORY, "k/a.yaml", "k/b.yaml", context=("k",))) == {
        "namespace s": ["s/a", "s/b"]
    }


def test_missing_context_is_an_error() -> None:
    found = loaded(REPOSITORY, "k/a.yaml", context=("gone",))
    assert [(e.file, e.message) for e in found.errors] == [("gone", "does not exist")]
