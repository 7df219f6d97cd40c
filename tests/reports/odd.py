"""Reports whose every text is somebody else's: what no format may trip over."""

from __future__ import annotations

from hypothesis import strategies as st

from kubectl_npcheck.findings import (
    Counts,
    Finding,
    Fix,
    Gone,
    Location,
    PolicyEntry,
    ReadError,
    Report,
    Severity,
    Skipped,
    Trend,
)
from tests.reports import sample

AWKWARD = (
    "",
    "::error::x",
    "##[error]x",
    "a\n::warning::b",
    "\r\n",
    "%0A",
    "a,b:c",
    "]]>",
    "<img src=x>",
    "</details>",
    "a|b",
    "a\\|b",
    "`",
    "a`b`c",
    "```\n",
    "[x](https://evil.example)",
    "![x](y)",
    "https://evil.example",
    "@everyone",
    "#1",
    "{0}",
    "\x00\x1b[31m",
    "\u202e\ufffe",
    "\udc80",
    "-- \n| a |",
    "x" * 700,
)
texts = st.sampled_from(AWKWARD) | st.text(
    st.characters(codec=None, exclude_categories=()), max_size=12
)
names = texts | st.none()
files = texts.filter(bool)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    """A finding with any names."""
    line = draw(st.integers(1, 99))
    place = Location(draw(files), line, 1, line + draw(st.integers(0, 1)), 5)
    return Finding(
        "egress-implicit",
        draw(st.sampled_from(Severity)),
        draw(texts),
        draw(st.none() | st.just(place)),
        draw(texts),
        draw(names),
        draw(texts),
        tuple(draw(st.lists(texts, max_size=2))),
        draw(st.none() | st.tuples(texts, st.booleans()).map(lambda parts: Fix(*parts))),
        draw(texts),
        draw(st.none() | st.just(sample.CHANGED)),
        draw(names),
        draw(st.sampled_from(["", "new", "unchanged"])),
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """A report of any names."""
    entry = sample.ENTRIES[0]
    policies: list[PolicyEntry] = [
        entry._replace(namespace=draw(names), name=draw(texts), file=draw(names), cluster=None)
        for _ in range(draw(st.integers(0, 2)))
    ]
    skipped = st.tuples(names, names, names, texts, names).map(
        lambda of: Skipped(of[0], 1, 1, of[1], of[2], "template", of[3], of[4])
    )
    errors = st.tuples(files, st.none() | st.just(3), st.just(1), texts).map(
        lambda of: ReadError(*of)
    )
    report = Report(
        {**sample.INPUT, "paths": [draw(texts)]},
        Counts(3, 2, len(policies), 0, tuple(draw(st.lists(errors, max_size=1)))),
        draw(st.lists(findings(), max_size=4)),
        draw(st.lists(skipped, max_size=2)),
        draw(st.lists(errors, max_size=2)),
        lambda: policies,
    )
    if draw(st.booleans()):
        gone = Gone("dead-rules", Severity.NOTE, draw(texts), draw(names), 1, None, draw(texts))
        report.trend = Trend(draw(texts), (gone,))
    return report
