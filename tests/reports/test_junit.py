"""JUnit XML: valid, with right counts, and each policy a case."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given

from kubectl_npcheck.findings import Counts, Finding, Report, Severity
from kubectl_npcheck.reports import render
from kubectl_npcheck.reports.appearance import visible
from tests.reports import sample
from tests.reports.odd import reports

SCHEMA = xmlschema.XMLSchema(Path(__file__).parents[1] / "data" / "schemas" / "junit-10.xsd")


def parsed(report: Report) -> ET.Element:
    """The document, as a CI system reads the file; it keeps to the schema, and its counts agree."""
    content = render(report, "junit").encode("utf-8", "backslashreplace")
    root = ET.fromstring(content)
    SCHEMA.validate(root)
    for element in (root, *root.iter("testsuite")):
        for count, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            assert element.get(count) == str(len(list(element.iter(tag))))
    return root


def of(*findings: Finding) -> Report:
    return Report(sample.INPUT, Counts(1, 1, 1, 0), findings, [], [], list)


def cases(report: Report) -> dict[str, list[str]]:
    """Name of each case, with its suite, and what is in it."""
    return {
        f"{case.get('classname')} {case.get('name')}": [child.tag for child in case]
        for case in parsed(report).iter("testcase")
    }


@pytest.mark.parametrize("name", sample.REPORTS)
def test_every_report_keeps_to_the_schema(name: str) -> None:
    assert len(list(parsed(sample.REPORTS[name]()).iter("testcase"))) > 0


@given(reports())
def test_any_name_gives_valid_xml(report: Report) -> None:
    root = parsed(report)
    failing = [finding for finding in report.findings if finding.severity >= report.fail_on]
    assert root.get("failures") == str(len(failing))
    assert root.get("errors") == str(len(report.errors))
    named = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(set(named)) == len(named)


def test_passing_failing_skipped_and_unreadable() -> None:
    assert cases(sample.full()) == {
        "k8s/broken.yaml readable": ["error"],
        "k8s/missing.yaml readable": ["error"],
        "k8s/notification.yaml notifications/notification-ingress: egress-implicit": ["failure"],
        "k8s/web.yaml =cmd|' /C calc'!A0": [],
        "k8s/void.yaml shop/void": [],
        "k8s/web.yaml web: dns-blocked": ["failure"],
        "k8s/ünïcode.yaml CiliumNetworkPolicy shop/näme": ["system-out"],
        "chart/np.yaml documents (template)": ["skipped"],
        "k8s/env.yaml shop/${NAME} (unresolved)": ["skipped"],
    }


def test_only_what_fails_the_run_is_a_failure() -> None:
    report = of(sample.WEB, sample.WEB._replace(rule="dead-rules", severity=Severity.ERROR))
    report.fail_on = Severity.ERROR
    assert cases(report) == {"k8s/web.yaml web: dead-rules": ["failure", "system-out"]}
    report.fail_on = Severity.NOTE
    assert len(cases(report)) == 2


def test_the_body_says_everything() -> None:
    [failure] = parsed(of(sample.NOTIFICATION)).iter("failure")
    assert failure.get("message") == "notifications/notification-ingress: egress is not stated"
    assert failure.text == (
        "k8s/notification.yaml:7:3: error egress-implicit notifications/notification-ingress: "
        "egress is not stated\n"
        "open reading (Kubernetes as published): pods app=notification may send anything\n"
        "deny reading: they may send nothing, DNS included\n"
        "fix: add Egress to policyTypes, and `egress: [{}]`"
    )


def test_of_a_cluster_a_suite_is_a_namespace_and_of_several_their_names_stand_before() -> None:
    report = of(sample.LIVE, sample.LIVE._replace(cluster="prod"))
    assert list(cases(report)) == [
        "shop shop/live: egress-implicit",
        "prod/shop shop/live: egress-implicit",
    ]


def test_no_policy_is_said_and_no_empty_report() -> None:
    assert cases(sample.empty()) == {"npcheck policies": ["skipped"]}


def test_nothing_that_xml_forbids_is_left_in_a_visible_text() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    forbidden = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # XML 1.0, section 2.2
    assert re.search(forbidden, everything)
    assert not re.search(forbidden, visible(everything))
