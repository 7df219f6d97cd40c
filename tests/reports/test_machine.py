"""JSON, YAML and CSV as machines read them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from kubectl_npcheck.findings import Counts, ReadError, Report
from kubectl_npcheck.reports import render
from kubectl_npcheck.reports.csv import COLUMNS, inert
from tests.reports import sample

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8")
)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", sample.REPORTS)
def test_json_keeps_to_its_schema(name: str) -> None:
    report = json.loads(render(sample.REPORTS[name](), "json"))
    jsonschema.Draft202012Validator(SCHEMA).validate(report)


@pytest.mark.parametrize("place", [(), ("findings", 0), ("policies", 0), ("summary",)])
def test_the_schema_refuses_what_it_does_not_know(place: tuple[str | int, ...]) -> None:
    report = json.loads(render(sample.full(), "json"))
    spot = report
    for part in place:
        spot = spot[part]
    spot["surprise"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(report)


@pytest.mark.parametrize("name", sample.REPORTS)
def test_yaml_holds_what_json_holds(name: str) -> None:
    report = sample.REPORTS[name]()
    assert yaml.safe_load(render(report, "yaml")) == json.loads(render(report, "json"))


def test_yaml_has_no_anchors() -> None:
    assert "&id" not in render(sample.full(), "yaml")


def test_what_was_not_read_is_named_where_there_is_any() -> None:
    unread = (ReadError("web.yaml", 7, 1, "not valid YAML"),)
    report = Report(sample.INPUT, Counts(1, 0, 0, 0, unread), [], [], [], list)
    found = json.loads(render(report, "json"))
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert found["notRead"] == [
        {"file": "web.yaml", "line": 7, "column": 1, "message": "not valid YAML"}
    ]


def test_live_findings_have_no_place() -> None:
    report = Report(sample.INPUT, Counts(0, 0, 1, 0), [sample.LIVE], [], [], list)
    finding = json.loads(render(report, "json"))["findings"][0]
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(render(report, "json")))
    assert [finding[key] for key in ("file", "line", "column", "endLine", "endColumn")] == [
        None
    ] * 5


def test_rendered_policies_have_no_line_either() -> None:
    rendered = sample.ENTRIES[0]._replace(file=None)
    report = Report(sample.INPUT, Counts(1, 1, 1, 0), [], [], [], lambda: [rendered])
    policy = json.loads(render(report, "json"))["policies"][0]
    assert (policy["file"], policy["line"]) == (None, None)


def test_csv_columns_are_the_documented_ones() -> None:
    header = render(sample.empty(), "csv")
    assert header == (
        "name,namespace,ingress_rules,egress_rules,has_ingress,has_egress,compliant,violation,"
        "ingress_state,egress_state,undecided_pods,rules\n"
    )
    assert tuple(header.strip().split(",")) == COLUMNS


def test_csv_of_several_clusters_has_one_column_more_at_the_end() -> None:
    rows = list(csv.reader(io.StringIO(render(sample.several(), "csv"))))
    assert tuple(rows[0]) == (*COLUMNS, "cluster")
    assert [row[-1] for row in rows[1:]] == ["prod-eu"] * 3 + ["prod-eu-admin"] * 3


def test_csv_booleans_and_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(render(sample.full(), "csv"))))
    assert [row["compliant"] for row in rows] == ["False", "True", "True"]
    assert rows[1]["name"].startswith("'=cmd")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_csv_cells_that_a_spreadsheet_would_run(start: str) -> None:
    assert inert(f"{start}1+1") == f"'{start}1+1"


def test_csv_leaves_ordinary_cells() -> None:
    assert inert("allow-web=1") == "allow-web=1"
