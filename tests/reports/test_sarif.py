"""SARIF as its schema, and code scanning, want it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from kubectl_npcheck.check.catalogue import catalogue
from kubectl_npcheck.findings import Counts, Finding, Gone, Location, Report, Severity, Trend
from kubectl_npcheck.repairs import Change, TextEdit
from kubectl_npcheck.reports import render, sarif
from kubectl_npcheck.reports.sarif import inert
from kubectl_npcheck.reports.sarif_places import artifact
from tests.reports import sample
from tests.reports.odd import reports

SCHEMA = json.loads(
    (Path(__file__).parents[1] / "data" / "schemas" / "sarif-2.1.0.json").read_text("utf-8")
)
VALID = jsonschema.Draft4Validator(SCHEMA)


def run_of(report: Report) -> dict[str, Any]:
    """The run of a report that keeps to the schema, read as a file of it would be."""
    text = render(report, "sarif").encode("utf-8", "backslashreplace")
    log = json.loads(text)
    VALID.validate(log)
    run: dict[str, Any] = log["runs"][0]
    return run


def of(*findings: Finding) -> Report:
    return Report(sample.INPUT, Counts(1, 1, 1, 0), findings, [], [], list)


def notes(run: dict[str, Any]) -> list[tuple[str, str]]:
    said = run["invocations"][0]["toolExecutionNotifications"]
    return [(item["level"], item["message"]["text"]) for item in said]


@pytest.mark.parametrize("name", sample.REPORTS)
def test_every_report_keeps_to_the_schema(name: str) -> None:
    report = sample.REPORTS[name]()
    run = run_of(report)
    assert len(run["results"]) == len(report.findings)
    assert run["invocations"][0]["executionSuccessful"] is not bool(report.errors)


@given(reports())
def test_any_name_gives_a_valid_log(report: Report) -> None:
    assert len(run_of(report)["results"]) == len(report.findings)


def test_the_schema_would_notice() -> None:
    log = json.loads(render(sample.full(), "sarif"))
    log["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(jsonschema.ValidationError):
        VALID.validate(log)


def test_all_rules_are_listed_and_results_point_at_them() -> None:
    report = sample.full()
    report.rules = catalogue
    run = run_of(report)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [entry.id for entry in catalogue()]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert 20 < len(rule["fullDescription"]["text"]) <= 1024
        assert "```yaml" in rule["help"]["markdown"] or "::" not in rule["help"]["text"]
        assert len(rule["properties"]["tags"]) <= 20
        weight = rule["properties"].get("security-severity")
        assert (weight is None) == (rule["defaultConfiguration"]["level"] == "note")
        assert weight is None or (isinstance(weight, str) and float(weight))


def test_a_region_has_all_four_coordinates() -> None:
    [result] = run_of(of(sample.NOTIFICATION))["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "k8s/notification.yaml"}
    assert place["region"] == {"startLine": 7, "startColumn": 3, "endLine": 7, "endColumn": 14}
    assert "primaryLocationLineHash" not in result["partialFingerprints"]


def test_a_live_finding_has_a_name_and_no_place() -> None:
    [result] = run_of(of(sample.LIVE._replace(cluster="prod")))["results"]
    [location] = result["locations"]
    assert "physicalLocation" not in location
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "prod/shop/NetworkPolicy/live"


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("k8s/a b.yaml", "k8s/a%20b.yaml"),
        ("k8s/ü#?.yaml", "k8s/%C3%BC%23%3F.yaml"),
        ("a:b.yaml", "a%3Ab.yaml"),
        ("./k8s/.//a.yaml", "k8s/a.yaml"),
        ("../k8s/%41.yaml", "../k8s/%2541.yaml"),
        ("/srv/a b.yaml", "file:///srv/a%20b.yaml"),
        ("\udc80.yaml", "%80.yaml"),
    ],
)
def test_uris_are_relative_and_encoded(file: str, uri: str) -> None:
    assert artifact(file) == {"uri": uri}


def test_a_fingerprint_does_not_move_with_the_lines() -> None:
    def prints(*findings: Finding) -> list[str]:
        results = run_of(of(*findings))["results"]
        return [result["partialFingerprints"]["npcheckFinding/v1"] for result in results]

    moved = sample.NOTIFICATION._replace(
        location=Location("./k8s/notification.yaml", 70, 3, 70, 14), evidence=()
    )
    assert prints(moved) == prints(sample.NOTIFICATION)
    assert prints(sample.NOTIFICATION._replace(name="other")) != prints(sample.NOTIFICATION)
    assert len(set(prints(sample.NOTIFICATION, moved))) == 2


def test_trends_and_what_has_gone() -> None:
    report = of(sample.NOTIFICATION._replace(trend="new"), sample.WEB._replace(trend="unchanged"))
    gone = Gone("dead-rules", Severity.ERROR, "x", None, 0, None, "y")
    report.trend = Trend("last.json", (gone,))
    run = run_of(report)
    assert [result["baselineState"] for result in run["results"]] == ["new", "unchanged"]
    assert ("note", "since last.json: 1 new, 1 unchanged, 1 gone") in notes(run)
    assert all("baselineState" not in result for result in run_of(sample.full())["results"])


def test_what_could_not_be_read_or_judged_is_a_notification() -> None:
    said = notes(run_of(sample.full()))
    assert said[0][0] == "error"
    assert said[0][1].startswith("k8s/broken.yaml:3:5: a tab")
    assert ("note", "template, render it first") in said


def test_a_kind_of_objects_is_no_file() -> None:
    [error, _] = run_of(sample.cluster())["invocations"][0]["toolExecutionNotifications"]
    assert "locations" not in error


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("egress: [{}]", "egress: [{}]"),
        ("pod {0}", "pod {{0}}"),
        ("[x](https://evil.example)", "[x] (https://evil.example)"),
    ],
)
def test_messages_hold_no_placeholder_and_no_link(text: str, written: str) -> None:
    assert inert(text) == written


CHANGE = Change(
    "k8s/notification.yaml",
    1,
    "notifications",
    "notification-ingress",
    ("egress-implicit",),
    "preserve",
    "egress stays open",
    (),
    (TextEdit(8, 14, 8, 14, "\n  - Egress"), TextEdit(9, 1, 9, 5, "")),
    lambda: ([], []),
)


def fixes(*changes: Change, finding: Finding = sample.NOTIFICATION) -> Any:
    report = of(finding)
    report.changes = lambda: changes
    return run_of(report)["results"][0].get("fixes")


def test_a_fix_is_the_text_that_is_replaced() -> None:
    [fix] = fixes(CHANGE)
    assert fix["description"]["text"] == "egress stays open"
    [change] = fix["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "k8s/notification.yaml"}
    put, taken = change["replacements"]
    assert put["insertedContent"] == {"text": "\n  - Egress"}
    assert put["deletedRegion"] == {
        "startLine": 8,
        "startColumn": 14,
        "endLine": 8,
        "endColumn": 14,
    }
    assert "insertedContent" not in taken


@pytest.mark.parametrize(
    "other",
    [
        CHANGE._replace(rules=("policy-types-implicit",)),
        CHANGE._replace(file="k8s/other.yaml"),
        CHANGE._replace(file=None),
        CHANGE._replace(name="other"),
        CHANGE._replace(namespace=None),
        CHANGE._replace(line=8),
    ],
)
def test_the_change_of_something_else_is_no_fix(other: Change) -> None:
    assert fixes(other) is None


def test_of_two_documents_of_one_name_the_one_around_the_finding_counts() -> None:
    [fix] = fixes(CHANGE, CHANGE._replace(line=5, summary="the second"), CHANGE._replace(line=9))
    assert fix["description"]["text"] == "the second"


def many(number: int, evidence: str = "") -> Report:
    notes = [sample.OTHER._replace(name=str(at), evidence=(evidence,)) for at in range(number)]
    return of(*notes[: number // 2], sample.NOTIFICATION, *notes[number // 2 :])


def test_more_results_than_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 100)
    run = run_of(many(150))
    assert len(run["results"]) == 100
    assert [item["level"] for item in run["results"]].index("error") == 75
    assert notes(run) == [("warning", "51 findings left out, the least severe: 100 fit the limits")]


def test_a_larger_file_than_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_BYTES", 3000)
    text = render(many(400, "x"), "sarif")
    run = json.loads(text)["runs"][0]
    assert 0 < len(run["results"]) < 400
    assert "error" in {item["level"] for item in run["results"]}
    assert "left out" in notes(run)[0][1]
