"""What README.md says is so: its generated parts, its commands, its exit codes, its links."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from kubectl_npcheck.cli.root import COMMANDS
from tests import readme_commands
from tests.command import run
from tests.generated_pages import README, ROOT, readme

TEXT = README.read_text(encoding="utf-8")
CODE = [a or b for a, b in re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", TEXT, re.DOTALL)]


def test_its_generated_parts_are_current() -> None:
    assert readme(TEXT) == TEXT, "run `make docs`"


def test_it_names_the_two_commands() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test"):
        assert f"make {target}" in TEXT
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_every_npcheck_command_in_it_exists() -> None:
    named = set(re.findall(r"\bnpcheck ([a-z]+)", "\n".join(CODE)))
    assert {"lint", "fix", "rules"} <= named
    assert named <= set(COMMANDS)


def test_every_option_in_it_exists() -> None:
    pages = [run(command, "-h").stdout for command in COMMANDS]
    known = set(re.findall(r"--[a-z-]+", "".join(pages)))
    used = {option for code in CODE for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", code)}
    assert used <= known


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:)([^)#]+)", TEXT))
def test_its_links_lead_somewhere(target: str) -> None:
    assert (ROOT / Path(target)).exists()


def test_its_library_examples_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    examples = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        exec(compile(example, "README.md", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "error egress-implicit edge api-gateway-ingress egress is not stated",
        "error egress-implicit notifications notification-service-ingress egress is not stated",
    ]


def test_it_does_not_blame_a_release_of_kubernetes() -> None:
    assert not re.search(r"1\.34[^.]*\bden(y|ies)", TEXT)


COMMAND_LINES = readme_commands.commands(TEXT)
OFFLINE = {
    line: how
    for line, how in readme_commands.TABLE.items()
    if isinstance(how, readme_commands.Run) and not how.cluster
}
PROGRAMS = {
    "npcheck": f'exec {shlex.quote(sys.executable)} -c "$MAIN" npcheck "$@"',
    "kubectl-npcheck": f'exec {shlex.quote(sys.executable)} -c "$MAIN" kubectl-npcheck "$@"',
    # As the real ones do it, which `make e2e` runs.
    "kubectl": 'case $1 in npcheck) shift; exec kubectl-npcheck "$@";; esac; cat "$2/policy.yaml"',
    "helm": "cat k8s/web.yaml",
}
MAIN = "import sys; from kubectl_npcheck.cli import main; sys.argv = sys.argv[1:]; main()"


def test_every_command_line_in_it_is_run_by_a_test() -> None:
    assert len(COMMAND_LINES) > 20
    missing = [line for line in COMMAND_LINES if line not in readme_commands.TABLE]
    assert missing == [], "add them to the table in tests/readme_commands.py"


def test_every_command_that_is_run_is_in_it() -> None:
    assert [line for line in readme_commands.TABLE if line not in COMMAND_LINES] == []


def test_what_is_run_elsewhere_is_run_there() -> None:
    for how in readme_commands.TABLE.values():
        if isinstance(how, readme_commands.Elsewhere):
            assert how.words in (ROOT / how.file).read_text(encoding="utf-8")


@pytest.mark.parametrize("line", OFFLINE)
def test_a_command_line_of_it(line: str, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, script in PROGRAMS.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    directory = tmp_path / "work"
    directory.mkdir()
    readme_commands.scratch(directory)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "MAIN": MAIN, "KUBECONFIG": str(tmp_path / "none")}
    how = OFFLINE[line]
    for command in (*how.before, line):
        done = subprocess.run(
            ["sh", "-c", command], cwd=directory, env=env, capture_output=True, text=True
        )
    assert done.returncode in how.codes, done
    assert how.shows in done.stdout + done.stderr
    assert "error: " not in done.stderr
