"""The generated pages are current: `make docs` would change nothing."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from kubectl_npcheck.check.catalogue import catalogue
from kubectl_npcheck.cli.root import COMMANDS
from kubectl_npcheck.cli.topics import TOPICS
from tests import man_page
from tests.command import run
from tests.generated_pages import RULES_PAGE, rules_page


def test_the_page_of_rules_is_current() -> None:
    assert RULES_PAGE.read_text(encoding="utf-8") == rules_page(), "run `make docs`"


def test_every_rule_has_its_snippets_on_the_page() -> None:
    sections = rules_page().split("\n## ")[1:]
    assert [section.partition("\n")[0] for section in sections] == [e.id for e in catalogue()]
    assert [section for section in sections if "::\n" in section] == []


def test_the_manual_page_is_current() -> None:
    assert man_page.PAGE.read_text(encoding="utf-8") == man_page.man_page(), "run `make docs`"


def test_the_manual_page_has_every_command_and_topic() -> None:
    page = man_page.PAGE.read_text(encoding="utf-8")
    described = re.findall(r"(?m)^\.SS ([a-z]+)", page)
    assert list(dict.fromkeys(described)) == list(COMMANDS)
    assert set(man_page.TOPIC_SECTIONS) == set(TOPICS)


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="there is no mandoc")
def test_the_manual_page_is_sound() -> None:
    done = subprocess.run(
        ["mandoc", "-Tlint", man_page.PAGE], capture_output=True, text=True, check=False
    )
    complaints = done.stdout.splitlines()
    if not man_page.release_date():
        complaints = [line for line in complaints if "missing date" not in line]
    assert complaints == []


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="there is no mandoc")
def test_the_manual_page_reads_as_the_help_does() -> None:
    done = subprocess.run(
        ["mandoc", "-Tutf8", "-Owidth=200", man_page.PAGE],
        capture_output=True,
        text=True,
        check=True,
    )
    shown = re.sub(r".\x08", "", done.stdout)
    for example in re.findall(r"(?m)^    (kubectl npcheck .*|helm .*)$", run("lint", "-h").stdout):
        assert example in shown
    assert "\\" not in shown
