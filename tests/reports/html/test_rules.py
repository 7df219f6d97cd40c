"""The rules as the page explains them: nothing of their documentation is lost."""

from __future__ import annotations

import pytest

from kubectl_npcheck.check.catalogue import catalogue
from kubectl_npcheck.findings import Report, RuleEntry, Severity
from kubectl_npcheck.reports.documentation import plain
from kubectl_npcheck.reports.html.engine import emphasis
from kubectl_npcheck.reports.html.findings import finding_rows
from kubectl_npcheck.reports.html.rules import Block, Rule, explained
from tests.reports import sample
from tests.reports.html.samples import report_of


def rules(report: Report) -> dict[str, Rule]:
    return explained(report, finding_rows(report, ""))


def blocks(documentation: str) -> tuple[Block, ...]:
    report = report_of([], [sample.NOTIFICATION])
    entry = RuleEntry("egress-implicit", Severity.ERROR, "policy", "-", documentation)
    report.rules = lambda: [entry]
    return rules(report)["egress-implicit"].blocks


def test_a_rule_that_is_not_known_is_not_explained() -> None:
    assert rules(sample.full()) == {}


def test_the_most_frequent_rule_stands_first() -> None:
    report = report_of([], [sample.WEB, sample.NOTIFICATION, sample.NOTIFICATION])
    report.rules = catalogue
    found = rules(report)
    assert [(rule.rule, rule.number) for rule in found.values()] == [
        ("egress-implicit", 2),
        ("dns-blocked", 1),
    ]


def test_paragraphs_lists_and_snippets() -> None:
    assert blocks(
        "First\nline.\n\n- one\n  more\n- two\n\nFAIL::\n\n    a: 1\n\n    b:\n      c: 2\n\nLast."
    ) == (
        Block("p", ("First line.",)),
        Block("ul", ("one more", "two")),
        Block("p", ("FAIL:",)),
        Block("pre", ("a: 1\n\nb:\n  c: 2",)),
        Block("p", ("Last.",)),
    )


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.id)
def test_every_word_of_every_rule_is_there(entry: RuleEntry) -> None:
    shown = [
        word
        for block in blocks(entry.documentation)
        for text in block.texts
        for word in text.split()
    ]
    written = plain(entry.documentation).split()
    dashes = [word for word in written if word != "-"]
    assert [word for word in shown if word != "-"] == dashes


def test_quoted_and_stressed_words() -> None:
    assert emphasis("a `b<c` *d* 2 * 3") == "a <code>b&lt;c</code> <em>d</em> 2 * 3"
