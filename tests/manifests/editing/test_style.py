"""What a text's habits are: lines, indentation, and how a scalar is written."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.manifests.editing.insert_flow import Flow, inline
from kubectl_npcheck.manifests.editing.lines import Lines
from kubectl_npcheck.manifests.editing.quoting import is_plain, scalar_text
from kubectl_npcheck.manifests.editing.style import Style
from kubectl_npcheck.manifests.editing.written import Written
from tests.manifests.editing.support import document


def style(text: str) -> Style:
    return Style(Written(document(text)))


def test_lines() -> None:
    lines = Lines("ab\r\n  c\n\rd\u2028 e")
    assert [lines.start(at) for at in (0, 2, 4, 7, 8, 9, 11)] == [0, 0, 4, 4, 8, 9, 11]
    assert [lines.end(at) for at in (0, 4, 8, 9, 12)] == [2, 7, 8, 10, 13]
    assert [lines.skip(4, " "), lines.skip(13, " "), lines.back(6, " "), lines.back(0, "a")] == [
        6,
        13,
        4,
        0,
    ]
    assert lines.following(0) == 4
    assert lines.end_before(5) == 2
    assert lines.end_before(1) == 0
    assert lines.lead(6) == "  "
    assert lines.column(6) == 2
    assert lines.begins(6)
    assert not lines.begins(7)


@pytest.mark.parametrize(
    ("text", "at", "eol"),
    [
        ("a\r\nb\n", 0, "\r\n"),
        ("a\r\nb\n", 3, "\n"),
        ("a\rb", 2, "\r"),  # the last line has none: that of the line before
        ("a", 0, "\n"),
        ("a\u2028b\r\n", 0, "\r\n"),  # no editor's line break
    ],
)
def test_the_line_break_of_a_place(text: str, at: int, eol: str) -> None:
    assert Lines(text).eol(at) == eol


@pytest.mark.parametrize(
    ("text", "indent", "lists", "dash"),
    [
        ("a:\n    b: c\n", 4, 0, 2),
        ("a:\n  - b\n", 2, 2, 2),
        ("a:\n-   b: c\n    d:\n       e: f\n", 3, 0, 4),
        ("a:\n- - b\n", 2, 0, 2),
        ("a: b\n", 2, 0, 2),
        ("a: b\n---\nc:\n   d: e\n   f:\n    - g\n", 3, 1, 2),
        ("a: {b: {c: d}}\ne: [f]\n", 2, 0, 2),
        # a list in a text is an example too, for want of a better one
        ("a: |\n  b:\n    - c\n", 2, 2, 2),
        # at the same depth, the nearest counts
        ("a:\n   b:\n        c: d\n", 3, 0, 2),
    ],
)
def test_indentation(text: str, indent: int, lists: int, dash: int) -> None:
    found = style(text)
    way = [found.written.root]
    assert (found.indent(way), found.list_indent(way), found.dash_width(way)) == (
        indent,
        lists,
        dash,
    )


@pytest.mark.parametrize(
    "text",
    ["yes", "on", "y", "NULL", "~", "1", "1.5", "0x1f", "1:30", "2020-01-01", "", "a b", "a: b", "- a",
     "#a", "*a", "&a", "!a", "fe80::1", "a\n", "a,b", "[", "{}", "=", "<<", "1.2.3", ".5", "-", "é"],
)  # fmt: skip
def test_texts_that_a_reader_may_take_for_something_else_are_quoted(text: str) -> None:
    assert not is_plain(text)
    assert yaml.safe_load(scalar_text(text)) == text


@pytest.mark.parametrize(
    "text", ["web", "kube-dns", "a.b/c-d_e", "10.0.0.0/8", "169.254.20.10", "k8s"]
)
def test_texts_that_nobody_quotes(text: str) -> None:
    assert scalar_text(text) == text
    assert yaml.safe_load(text) == text


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99999) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(plain, st.sampled_from(["", "'", '"']))
def test_what_is_written_is_read_back(value: object, quote: str) -> None:
    text = f"a: {inline(value, Flow(quote))}\n"
    assert document(text).value == {"a": value}
    if quote == '"':
        assert json.loads(inline(value, Flow(quote, ",", ":"))) == value
