"""`rules` and `version`: what they list, in each format."""

from __future__ import annotations

import json

import pytest
import yaml

from kubectl_npcheck import __version__
from kubectl_npcheck.check.catalogue import catalogue, rule_ids
from tests.command import run


def test_the_table_has_every_rule() -> None:
    result = run("rules")
    assert result.code == 0
    header, *rows = result.stdout.splitlines()
    assert header.split() == ["RULE", "SEVERITY", "SUMMARY"]
    assert [row.split()[0] for row in rows] == rule_ids()


def test_ids_are_unique_and_documented() -> None:
    entries = catalogue()
    assert len({entry.id for entry in entries}) == len(entries)
    assert all(entry.documentation.strip() for entry in entries)


@pytest.mark.parametrize("rule", rule_ids())
def test_each_rule_is_explained(rule: str) -> None:
    result = run("rules", rule)
    assert result.code == 0
    assert result.stdout.startswith(f"{rule} (")
    assert "FAIL:\n" in result.stdout
    assert "PASS:\n" in result.stdout


def test_as_data() -> None:
    listed = json.loads(run("rules", "-o", "json").stdout)
    assert [rule["id"] for rule in listed] == rule_ids()
    one = yaml.safe_load(run("rules", "dead-rules", "-o", "yaml").stdout)
    assert one == next(rule for rule in listed if rule["id"] == "dead-rules")
    assert set(one) == {"id", "severity", "scope", "summary", "documentation"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dead-rule", 'error: unknown rule "dead-rule"; did you mean "dead-rules"?\n'),
        ("qqq", 'error: unknown rule "qqq"; `kubectl npcheck rules` lists all\n'),
    ],
)
def test_an_unknown_rule(name: str, said: str) -> None:
    result = run("rules", name)
    assert (result.code, result.stdout, result.stderr) == (2, "", said)


def test_color_is_asked_for() -> None:
    assert "\x1b[" not in run("rules").stdout
    assert "\x1b[1;31merror\x1b[0m" in run("rules", "--color", "always").stdout


def test_version() -> None:
    assert run("version").stdout.startswith(f"npcheck {__version__}\n")
    assert run("--version").stdout == f"npcheck {__version__}\n"
    client = json.loads(run("version", "-o", "json").stdout)["clientVersion"]
    assert client["version"] == __version__
    assert yaml.safe_load(run("version", "-o", "yaml").stdout)["clientVersion"] == client
