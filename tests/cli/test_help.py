"""`help`, and texts that name the program as it was called."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from kubectl_npcheck.cli import boundary
from kubectl_npcheck.cli.root import COMMANDS
from kubectl_npcheck.cli.topics import TOPICS, topic
from kubectl_npcheck.cli.topics.blocks import Bullets, Code, Paragraph, Table, shown
from kubectl_npcheck.errors import NpcheckError
from kubectl_npcheck.reports import FORMATS, SUFFIXES
from tests.command import run

TOPIC_MODULES = Path(sys.modules[topic.__module__].__file__ or "").parent


def test_alone_it_lists_commands_and_topics() -> None:
    done = run("help")
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith(run("-h").stdout.rstrip("\n"))
    for name, line in TOPICS.items():
        assert re.search(rf"(?m)^  {name} +{re.escape(line)}$", done.stdout)


@pytest.mark.parametrize("command", [*COMMANDS, "completion install"])
def test_it_shows_the_help_of_a_command(command: str) -> None:
    words = command.split()
    assert run("help", *words) == run(*words, "-h")


@pytest.mark.parametrize("name", TOPICS)
def test_each_topic_fits_a_terminal(name: str) -> None:
    done = run("help", name)
    assert (done.code, done.stderr) == (0, "")
    prose = shown([block for block in topic(name) if not isinstance(block, Code)], 80)
    assert max(len(line) for line in prose.splitlines()) <= 80
    assert "**" not in prose


def test_every_topic_is_in_the_table() -> None:
    modules = {path.stem.replace("_", "-") for path in TOPIC_MODULES.glob("*.py")}
    assert modules - {"--init--", "blocks"} == set(TOPICS)


def test_every_exit_code_is_explained() -> None:
    family: list[type[NpcheckError]] = [NpcheckError, *NpcheckError.__subclasses__()]
    codes = {error.exit_code for error in family}
    codes |= {0, 1, boundary.USAGE, boundary.DEFECT, boundary.INTERRUPTED}
    explained = re.findall(r"(?m)^  (\d+) ", run("help", "exit-codes").stdout)
    assert [int(code) for code in explained] == sorted(codes)


def test_every_format_and_its_suffixes_are_explained() -> None:
    text = " ".join(re.findall(r"(?m)^  (\S.*?)  ", run("help", "formats").stdout))
    names = re.findall(r"(?<![.\w])[a-z]+", text)
    assert sorted(names) == sorted(FORMATS)
    assert sorted(re.findall(r"\.[a-z]+", text)) == sorted(SUFFIXES)


def test_no_topic_blames_a_release_of_kubernetes() -> None:
    text = "".join(shown(topic(name), 10_000) for name in TOPICS)
    assert not re.search(r"1\.34[^.]*\bden(y|ies)", text)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["exit-code"], 'no command and no topic "exit-code"; did you mean "exit-codes"?'),
        (["qqqq"], 'no command and no topic "qqqq"; `kubectl npcheck help` lists all'),
        (["completion", "instal"], 'no command and no topic "completion instal"; did you mean'),
        (["lint", "x"], 'no command and no topic "lint x"'),
        (["__complete"], 'no command and no topic "__complete"'),
    ],
)
def test_what_there_is_not(words: list[str], said: str) -> None:
    done = run("help", *words)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {said}")


def test_a_block_as_the_terminal_shows_it() -> None:
    blocks = (
        Paragraph("It is **so**, and `so`."),
        Bullets(("one point with words",)),
        Table(("code", "meaning"), (("0", "none of them"), ("130", "over"))),
        Code("yaml", "a: 1\n"),
    )
    assert shown(blocks, 20) == (
        "It is so, and `so`.\n\n- one point with\n  words\n\n"
        "  0    none of them\n  130  over\n\n  a: 1\n"
    )


@pytest.mark.parametrize("command", [*COMMANDS, "completion install"])
@pytest.mark.parametrize("program", ["npcheck", "kubectl npcheck"])
def test_every_help_calls_the_program_as_the_user_did(
    command: str, program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    argv0 = program.replace(" ", "-")
    assert boundary.run([*command.split(), "-h"], f"/bin/{argv0}") == 0
    text = capsys.readouterr().out
    assert text.startswith(f"Usage: {program} {command} ")
    assert "{program}" not in text
    if program == "npcheck":
        assert "kubectl npcheck" not in text.replace("`kubectl npcheck`", "")
