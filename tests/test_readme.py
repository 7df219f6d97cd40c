"""What README.md says is so: its generated parts, its commands, its exit codes, its links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kubectl_npcheck.cli.root import COMMANDS
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
