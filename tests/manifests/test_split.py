"""Where documents begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.manifests.split import Chunk, sniff, split


def parts(text: str) -> list[str]:
    return [text[chunk.start : chunk.end] for chunk in split(text)]


@pytest.mark.parametrize(
    "text",
    [
        # one document, whatever it looks like
        "a: b\n",
        "a: b",
        "---\na: b\n",
        "a: |\n  x\n  ---\n  y\n",
        "a: b\n---c: d\n",
        "---- x\n",
        "...x\n",
        "# licence\n\n---\na: b\n",
        "%YAML 1.1\n# why\n---\na: b\n",
        "--- # comment\na: b\n",
        "--- {a: b}\n",
        '{"a": "}{"}',
        '{"a": {}, "b": [1, 2]}\n',
        "a: {}\nb: '}{'\n",
        '{"a": 1}{',
    ],
)
def test_one_document(text: str) -> None:
    assert parts(text) == [text]


@pytest.mark.parametrize("text", ["", "\n", "---\n", "---\n---\n", "...\n", " \t\r\n"])
def test_no_document(text: str) -> None:
    assert parts(text) == []


@pytest.mark.parametrize(
    "texts",
    [
        ["a: b\n", "---\nc: d\n"],
        ["---\na: b\n", "---\nc: d\n"],
        ["a: b\n", "--- # c\nc: d\n"],
        ["a: b\n", "---\t\nc: d\n"],
        ["a: b\n", "--- \nc: d\n"],
        ["a: b\r\n", "---\r\nc: d\r\n"],
        ["a: b\r", "---\rc: d"],
        ["a: b\u2028", "---\u2028c: d"],
        ["a: b\n...\n", "c: d\n"],
        ["a: b\n...\n", "---\nc: d\n"],
        ["a: b\n", "--- |\nc\n"],
        ["a: b\n# tail\n", "---\n# head\nc: d\n"],
        ["a: b\n...\n", "%YAML 1.1\n---\nc: d\n"],
        ["# only a comment\n---\n# another\n", "---\nc: d\n"],
        ['{"a": 1}', '{"b": 2}'],
        ['{"a": 1}', "[1]"],
    ],
)
def test_several_documents(texts: list[str]) -> None:
    assert parts("".join(texts)) == texts


def test_json_values_are_told_apart_with_blanks_between_them() -> None:
    text = '\n{"a": 1}\n\n{\n"b": 2}\n'
    assert split(text) == [Chunk(1, 9, 2), Chunk(11, 20, 4)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_line_of_each_document(end: str) -> None:
    text = end.join(["# a", "---", "a: b", "", "---", "", "---", "c: d", "...", "e: f", ""])
    assert [chunk.line for chunk in split(text)] == [1, 7, 10]


@given(st.text(alphabet="ab-.#%:{}\n\r \u2028", max_size=40))
def test_nothing_but_blanks_and_markers_is_left_out(text: str) -> None:
    chunks = split(text)
    ends = [0]
    for chunk in chunks:
        assert chunk.start >= ends[-1]
        assert not text[ends[-1] : chunk.start].strip(" \r\n\u2028-.")
        ends.append(chunk.end)
    assert not text[ends[-1] :].strip(" \r\n\u2028-.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("apiVersion: v1\nkind: Pod\n", ("v1", "Pod")),
        ("---\nkind: 'Pod' # c\napiVersion: \"v1\"\n", ("v1", "Pod")),
        ("kind: Pod\r\napiVersion: v1\r\n", ("v1", "Pod")),
        ("spec:\n  kind: Pod\n", ("", "")),
        ("a: kind: Pod\n", ("", "")),
        ("kind:\n", ("", "")),
        ('{"kind": "Pod"}', ("", "")),
    ],
)
def test_sniff(text: str, expected: tuple[str, str]) -> None:
    assert sniff(text, split(text)[0]) == expected


def test_sniff_stays_in_its_document() -> None:
    text = "a: b\n---\nkind: Pod\n"
    assert [sniff(text, chunk)[1] for chunk in split(text)] == ["", "Pod"]
