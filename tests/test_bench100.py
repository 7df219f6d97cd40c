"""102 labelled policies of real projects, each judged alone (tests/data/bench100/NOTICE.md)."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.command import run

BENCH = Path(__file__).parent / "data" / "bench100"


def labels() -> list[tuple[str, str]]:
    with (BENCH / "labels.tsv").open(encoding="utf-8", newline="") as table:
        return [(row["file"], row["label"]) for row in csv.DictReader(table, delimiter="\t")]


def severities(file: str, rule: str) -> list[str]:
    """The severities of a rule's findings about one file, with no other file as context."""
    result = run("lint", "--alone", "-o", "json", str(BENCH / file))
    assert result.code in (0, 1), result.stderr
    report = json.loads(result.stdout)
    assert report["errors"] == []
    assert len(report["policies"]) == 1
    return [f["severity"] for f in report["findings"] if f["rule"] == rule]


def test_the_table_is_whole() -> None:
    counted = [label for _, label in labels()]
    assert counted.count("bad") == 47
    assert counted.count("good") == 53
    assert counted.count("bad-without-ingress-rules") == 2
    assert sorted(file for file, _ in labels()) == sorted(
        path.relative_to(BENCH).as_posix() for path in BENCH.rglob("*.yaml")
    )


@pytest.mark.parametrize(("file", "label"), labels())
def test_egress_implicit(file: str, label: str) -> None:
    expected = [] if label == "good" else ["error"]
    assert severities(file, "egress-implicit") == expected
