"""A former report read again: whatever is wrong with it is told, and nothing of it is a defect."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kubectl_npcheck.check.earlier import read_report
from kubectl_npcheck.check.trend import compare
from kubectl_npcheck.errors import UsageError
from kubectl_npcheck.reports import render
from tests.reports import sample

SAMPLES = ("full", "cluster", "several", "compared")


@pytest.mark.parametrize("name", SAMPLES)
def test_what_was_written_is_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    report = sample.REPORTS[name]()
    path.write_text(render(report, "json"), encoding="utf-8")
    compare(report, read_report(str(path), "/r"), "/r")
    assert {finding.trend for finding in report.findings} == {"unchanged"}
    assert report.trend is not None
    assert report.trend.gone == ()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in plain data."""
    yield path
    items = value.items() if isinstance(value, dict) else ()
    for key, item in enumerate(value) if isinstance(value, list) else items:
        yield from places(item, (*path, key))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with something else in one place."""
    if not path:
        return new
    found = copy.deepcopy(value)
    spot = found
    for part in path[:-1]:
        spot = spot[part]
    if new is ...:
        del spot[path[-1]]
    else:
        spot[path[-1]] = new
    return found


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("new", [..., None, 7, float("inf"), "x", [], [1], {}, [[]]])
def test_any_part_may_be_something_else(name: str, new: Any, tmp_path: Path) -> None:
    whole = json.loads(render(sample.REPORTS[name](), "json"))
    for key in ("policies", "summary", "tool"):
        whole[key] = None
    for item in whole["findings"]:
        item.update(evidence=[], fix=None)
    path = tmp_path / "a.json"
    for place in places(whole):
        if new is ... and not place:
            continue
        path.write_text(json.dumps(changed(whole, place, new)), encoding="utf-8")
        report = sample.REPORTS[name]()
        with contextlib.suppress(UsageError):
            compare(report, read_report(str(path), "/r"), "/r")
