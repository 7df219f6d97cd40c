"""Names are other people's: whatever they hold, they are text in the page and nothing else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.findings import (
    ClassState,
    Counts,
    Finding,
    Fix,
    Location,
    PolicyEntry,
    ReadError,
    Report,
    Severity,
    Skipped,
    Trend,
)
from kubectl_npcheck.reports import render
from kubectl_npcheck.reports.appearance import Appearance
from tests.reports import sample
from tests.reports.html.markup import Element, Markup

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--",
    "]]>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&#60;",
    "javascript:alert(1)",
    "a\u202eb\u2028c\x1b[31m\x00\udc80",
]


def report_with(name: str) -> Report:
    """A report in which every text that could come from outside is the name."""
    location = Location(name, 7, 3, 7, 14)
    finding = Finding(
        name, Severity.ERROR, name, location, name, name, name, (name, name), Fix(name, True)
    )
    state = ClassState(name, (name,), {name: name}, sample.RESTRICTED, sample.SILENT, name)
    entry = PolicyEntry(
        name, name, name, 1, 1, 0, True, False, False, name, "open", "undecided", name, (), (state,)
    )
    report = Report(
        {**sample.INPUT, "paths": [name], "namespace": name},
        Counts(1, 1, 1, 0, (ReadError(name, 1, 1, name),)),
        [finding, finding._replace(kind=name, cluster=name, trend="new", changed=None)],
        [Skipped(name, 1, 1, name, name, name, name)],
        [ReadError(name, 1, 1, name)],
        lambda: [entry],
        lines=lambda _: [(7, name), (8, name)],
    )
    report.trend = Trend(name, (sample.GONE._replace(rule=name, message=name, name=name),))
    return report


def page(name: str) -> str:
    return render(report_with(name), "html", Appearance(fix_command="npcheck fix"))


def structure(markup: Markup) -> list[Element]:
    """The elements with their attributes, but for the values that hold names."""
    named = ("aria-label", "data-k")
    return [
        Element(e.tag, {k: "" if k in named else v for k, v in e.attributes.items()})
        for e in markup.elements
        if e.tag not in ("code", "mark", "b", "i", "meta")
    ]


PLAIN = structure(Markup(page("plain")))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(name: str) -> None:
    text = page(name)
    assert "<img" not in text
    assert "alert(1)</script>" not in text
    markup = Markup(text)
    assert markup.errors == []
    assert structure(markup) == PLAIN


@given(st.text(min_size=1, max_size=40).filter(lambda name: name.strip() != ""))
def test_no_name_changes_the_structure(name: str) -> None:
    markup = Markup(page(name))
    assert markup.errors == []
    assert structure(markup) == PLAIN


@given(st.text(min_size=1, max_size=20))
def test_nothing_steers_the_reader(name: str) -> None:
    text = page(name)
    assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"]
    text.encode("utf-8")


def test_the_name_can_be_read() -> None:
    assert "<script>alert(1)</script>" in Markup(page(HOSTILE[0])).text


def test_what_is_quoted_becomes_code_and_an_odd_backtick_stays() -> None:
    assert "<code>&lt;b&gt;</code>" in page("`<b>`")
    assert "a`b" in Markup(page("a`b")).text


def test_a_megabyte_in_a_name_is_cut() -> None:
    assert len(page("x" * 1_000_000)) < 200_000
