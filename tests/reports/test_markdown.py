"""Markdown as a renderer reads it: names stay names, whatever they hold."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from kubectl_npcheck.findings import Counts, Finding, Report, Severity
from kubectl_npcheck.reports import render
from kubectl_npcheck.reports.markdown import LIMIT, code, prose
from tests.reports import sample
from tests.reports.odd import reports

READER = MarkdownIt("commonmark", {"html": True}).enable("table")
OURS = re.compile(r"<details><summary>[^<>\"]*</summary>\n?|</details>\n?")


def of(*findings: Finding) -> Report:
    return Report(sample.INPUT, Counts(1, 1, 1, 0), findings, [], [], list)


def tokens(text: str) -> list[Token]:
    """All tokens, those inside of lines too."""
    return [part for token in READER.parse(text) for part in (token, *(token.children or ()))]


@given(reports())
def test_no_name_means_anything(report: Report) -> None:
    text = render(report, "markdown")
    assert len(text) <= LIMIT
    found = tokens(text)
    kinds = {token.type for token in found}
    assert kinds.isdisjoint({"link_open", "image", "html_inline", "strong_open", "em_open"})
    assert all(OURS.fullmatch(token.content) for token in found if token.type == "html_block")
    assert sum(token.type == "tr_open" for token in found) == (
        len(report.findings) + 1 if report.findings else 0
    )
    sections = (report.errors, report.skipped, report.trend and report.trend.gone)
    headings = [token for token in found if token.type == "heading_open"]
    assert len(headings) == 1 + sum(map(bool, sections))
    plain = "".join(token.content for token in found if token.type == "text")
    assert not re.search(r"@\w|#\d|://|[Ww]{3}\.", plain)


@pytest.mark.parametrize("name", sample.REPORTS)
def test_the_verdict_stands_first(name: str) -> None:
    report = sample.REPORTS[name]()
    first = render(report, "markdown").split("\n")[0]
    assert ("failed" in first) == report.failing
    assert ("incomplete" in first) == bool(report.errors)
    assert ("passed" in first) == (not report.failing and not report.errors)


def test_the_table_names_rule_object_and_place() -> None:
    assert (
        "| error | `egress-implicit` | `notifications/notification-ingress in prod` "
        "| `k8s/notification.yaml:7` | egress is not stated |\n"
    ) in render(of(sample.NOTIFICATION._replace(cluster="prod")), "markdown")


@pytest.mark.parametrize("text", ["a|b", "||", "a\\", "a\\\\|b", "`|`", "`"])
def test_no_pipe_ends_a_cell(text: str) -> None:
    finding = sample.WEB._replace(namespace=text, name="n", message=f"{text} and more")
    cells = [token for token in tokens(render(of(finding), "markdown")) if token.type == "inline"]
    plain = ["".join(part.content for part in cell.children or ()) for cell in cells[-5:]]
    # Code may get a space before a pipe, and backticks may be marks.
    named, said = (re.sub("[ `]", "", plain[at]) for at in (2, 4))
    bare = text.replace("`", "")
    assert (named, said) == (f"{bare}/n", f"{bare}andmore")


def test_evidence_and_fix_are_folded() -> None:
    text = render(of(sample.NOTIFICATION, sample.WEB), "markdown")
    assert text.count("<details>") == 1
    assert "fix: add Egress to policyTypes, and `egress: [{}]`\n```\n\n</details>" in text


@pytest.mark.parametrize("size", [50, 5000])
def test_a_comment_has_a_limit_and_says_what_is_left_out(size: int) -> None:
    findings = [sample.NOTIFICATION._replace(name=f"p{at}" + "x" * 300) for at in range(size)]
    text = render(of(*findings, sample.WEB._replace(severity=Severity.NOTE)), "markdown")
    assert len(text) <= LIMIT
    rows = len(re.findall(r"^\| (?:error|note) ", text, re.MULTILINE))
    assert (f"and {size + 1 - rows} findings more" in text) == (rows < size + 1)
    assert ("no room for the details of" in text) == (text.count("<details>") < size)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "`plain`"),
        ("a`b", "`` a`b ``"),
        ("`", "`` ` ``"),
        ("a|b", "`a|b`"),
        ("a\\|b", "`a\\ |b`"),
    ],
)
def test_code(text: str, written: str) -> None:
    assert code(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("add `egress: [{}]` here", "add `egress: [{}]` here"),
        ("a ` b", "a \\` b"),
        ("`` x", "\\`\\` x"),
        ("<b> & _c_", "\\<b\\> &amp; \\_c\\_"),
        ("@me #12 http://x", "@\u200bme \\#\u200b12 http:\u200b//x"),
        ("1. a - b", "1\\. a - b"),
        ("- a", "\\- a"),
    ],
)
def test_prose(text: str, written: str) -> None:
    assert prose(text) == written
