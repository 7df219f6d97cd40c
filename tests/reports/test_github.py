"""Workflow commands: where they point, what they escape, and that no name becomes one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from kubectl_npcheck.findings import Counts, Finding, Location, Report
from kubectl_npcheck.reports import render
from kubectl_npcheck.reports.github import LIMIT, inert
from tests.reports import sample
from tests.reports.odd import reports

COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^:,\r\n]*,?)*)::.*")


def of(*findings: Finding) -> Report:
    return Report(sample.INPUT, Counts(1, 1, 1, 0), findings, [], [], list)


def commands(report: Report) -> list[str]:
    lines = render(report, "github").split("\n")
    return [line for line in lines if line.startswith("::")]


@given(reports())
def test_every_command_is_ours(report: Report) -> None:
    text = render(report, "github")
    assert "\r" not in text
    assert "##[" not in text
    found = [line for line in text.split("\n") if line.lstrip().startswith("::")]
    assert len(found) == len(report.findings) + len(report.errors)
    assert all(COMMAND.fullmatch(line) for line in found)


def test_the_place_and_the_text() -> None:
    assert commands(of(sample.NOTIFICATION)) == [
        "::error file=k8s/notification.yaml,line=7,endLine=7,col=3,endColumn=14,"
        "title=egress-implicit%3A notifications/notification-ingress::egress is not stated%0A"
        "open reading (Kubernetes as published): pods app=notification may send anything%0A"
        "deny reading: they may send nothing, DNS included%0A"
        "fix: add Egress to policyTypes, and `egress: [{}]`"
    ]


def test_columns_only_within_one_line() -> None:
    [line] = commands(of(sample.WEB._replace(location=Location("./a.yaml", 1, 3, 2, 5))))
    assert line.startswith("::warning file=a.yaml,line=1,endLine=2,title=")


def test_a_live_finding_has_no_place() -> None:
    [line] = commands(of(sample.LIVE._replace(cluster="prod")))
    assert line.startswith("::error title=egress-implicit%3A shop/live in prod::egress is not")


def test_escapes() -> None:
    finding = sample.WEB._replace(name="a,b:c", message="100 %", evidence=("50%0A",))
    [line] = commands(of(finding._replace(location=Location("d,e:%.yaml", 1, 1, 1, 2))))
    assert "file=d%2Ce%3A%25.yaml," in line
    assert "title=dns-blocked%3A a%2Cb%3Ac::" in line
    assert line.endswith("::100 %25%0A50%250A")


def test_worst_first_and_the_rest_is_listed() -> None:
    warnings = [sample.WEB._replace(name=f"w{at}") for at in range(LIMIT + 3)]
    report = of(*warnings, sample.NOTIFICATION)
    lines = render(report, "github").split("\n")
    assert lines[0].startswith("::error ")
    assert [line.startswith("::warning ") for line in lines].count(True) == LIMIT
    start = lines.index("::group::3 findings more, without an annotation")
    assert lines[start + 4] == "::endgroup::"
    assert lines[start + 3].endswith("dns-blocked w12: " + sample.WEB.message)
    assert "1 policy in 1 file: 1 error, 13 warnings" in lines


def test_unreadable_input_is_an_error_at_its_place() -> None:
    lines = commands(sample.unreadable())
    assert lines[0].startswith("::error file=k8s/broken.yaml,line=3,col=5,title=not read::k8s/bro")
    assert lines[1].startswith("::error file=k8s/missing.yaml,title=not read::")


@pytest.mark.parametrize("line", ["::error::x", "  ::set-output::x", "a ##[error]b"])
def test_lines_of_the_log_are_no_commands(line: str) -> None:
    assert not inert(line).lstrip().startswith("::")
    assert "##[" not in inert(line)
