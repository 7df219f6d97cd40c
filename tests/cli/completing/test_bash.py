"""The script for bash, called as readline calls it: the words that bash makes of a line."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.command import run

BASH = shutil.which("bash") or ""
pytestmark = pytest.mark.skipif(not BASH, reason="there is no bash")

# compopt works in readline only: here it tells what it is asked for.
DRIVER = """
compopt() { printf 'compopt %s\\n' "$*"; }
source "$1"
shift
COMP_LINE=$1 COMP_POINT=$2 COMP_TYPE=$3 COLUMNS=200
shift 3
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_npcheck_complete npcheck "${COMP_WORDS[COMP_CWORD]}"
printf 'reply %s\\n' "${COMPREPLY[@]}"
"""


class Completed(NamedTuple):
    """What the script made of a line."""

    replies: list[str]
    options: list[str]


class Shell:
    """bash, with npcheck on its PATH."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.script = directory / "npcheck.bash"
        self.script.write_text(run("completion", "bash").stdout, encoding="utf-8")
        program = directory / "npcheck"
        program.write_text(
            f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m kubectl_npcheck "$@"\n',
            encoding="utf-8",
        )
        program.chmod(0o755)

    def complete(self, line: str, words: list[str], kind: int = 9) -> Completed:
        call = [BASH, "--noprofile", "--norc", "-c", DRIVER, "bash", str(self.script)]
        done = subprocess.run(
            [*call, line, str(len(line)), str(kind), *words],
            cwd=self.directory,
            env={**os.environ, "PATH": f"{self.directory}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        lines = [line.partition(" ") for line in done.stdout.splitlines()]
        return Completed(
            [text for kind, _, text in lines if kind == "reply" and text],
            [text for kind, _, text in lines if kind == "compopt"],
        )


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_an_option(shell: Shell) -> None:
    assert shell.complete("npcheck lint --fa", ["npcheck", "lint", "--fa"]) == (
        ["--fail-on"],
        ["+o default"],
    )


def test_a_value_behind_an_equals_sign_is_one_word_again(shell: Shell) -> None:
    words = ["npcheck", "lint", "--fail-on", "=", "w"]
    assert shell.complete("npcheck lint --fail-on=w", words).replies == ["warning"]
    words = ["npcheck", "lint", "--fail-on", "="]
    assert shell.complete("npcheck lint --fail-on=", words).replies == ["error", "warning", "note"]


def test_a_value_with_colons_is_completed_behind_the_last(shell: Shell) -> None:
    config = "contexts: [{name: 'arn:aws:eks', context: {cluster: x}}]\n"
    (shell.directory / "config").write_text(config, encoding="utf-8")
    line = "npcheck audit --kubeconfig config --context arn:aws:e"
    words = [*line.split()[:-1], "arn", ":", "aws", ":", "e"]
    assert shell.complete(line, words).replies == ["eks"]


def test_what_follows_the_cursor_does_not_count(shell: Shell) -> None:
    assert shell.complete("npcheck r", ["npcheck", "rbac"]).replies == ["rules", "rbac"]


def test_a_list_goes_on_without_a_space(shell: Shell) -> None:
    (shell.directory / "web.yaml").touch()
    done = shell.complete("npcheck lint -f a,w", ["npcheck", "lint", "-f", "a,w"])
    assert done == (["a,web.yaml"], ["+o default", "-o nospace"])


def test_files_are_manifests_and_directories(shell: Shell) -> None:
    for name in ("a b.yaml", "c.json", "d.txt"):
        (shell.directory / name).touch()
    (shell.directory / "base").mkdir()
    done = shell.complete("npcheck lint ", ["npcheck", "lint", ""])
    assert (sorted(done.replies), done.options) == (
        ["a b.yaml", "base", "c.json"],
        ["-o filenames"],
    )


def test_directories_alone(shell: Shell) -> None:
    (shell.directory / "base").mkdir()
    (shell.directory / "base.yaml").touch()
    assert shell.complete("npcheck lint -k b", ["npcheck", "lint", "-k", "b"]).replies == ["base"]


def test_descriptions_are_shown_where_nothing_is_inserted(shell: Shell) -> None:
    words = ["npcheck", "rules", "dns-"]
    listed = shell.complete("npcheck rules dns-", words, kind=63).replies
    assert listed[0].startswith("dns-blocked       (egress is restricted")
    inserted = shell.complete("npcheck rules dns-", words).replies
    assert inserted == ["dns-blocked", "dns-one-protocol", "dns-nodelocal"]


def test_nothing_typed_is_run(shell: Shell) -> None:
    shell.complete("npcheck lint $(touch x)", ["npcheck", "lint", "$(touch x)"])
    assert not (shell.directory / "x").exists()


def test_a_program_that_fails_offers_nothing(shell: Shell) -> None:
    (shell.directory / "npcheck").write_text("#!/bin/sh\nexit 5\n", encoding="utf-8")
    assert shell.complete("npcheck li", ["npcheck", "li"]) == ([], [])
