"""Documents: plain values, duplicates, bounds, and errors that say where and why."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.manifests.document import Document, DocumentError, Source, decode, parse, split
from kubectl_npcheck.manifests.scalars import plain_scalar
from kubectl_npcheck.manifests.template import template_reason


def documents(text: str, file: str = "a.yaml") -> list[Document]:
    source = decode(text.encode("utf-8", "surrogatepass"), file)
    found = [parse(source, chunk) for chunk in split(source.text)]
    return [document for document in found if document is not None]


def value(text: str) -> Any:
    (document,) = documents(text)
    return document.value


def failure(text: str, file: str = "a.yaml") -> tuple[int | None, int | None, str]:
    with pytest.raises(DocumentError) as caught:
        documents(text, file)
    assert "\n" not in str(caught.value)
    return caught.value.line, caught.value.column, str(caught.value)


# What is read


@pytest.mark.parametrize(
    "text", ["", "# only a comment\n", "---\n# c\n", "--- # c\n", "---\n...\n"]
)
def test_an_empty_document_is_none(text: str) -> None:
    assert documents(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b\n", {"a": "b"}),
        ("--- {a: [x, 1, ~]}\n", {"a": ["x", 1, None]}),
        ("a:\n- \n- x\nb:\n", {"a": [None, "x"], "b": None}),
        ("'a': \"1\"\nb: '~'\nc: |\n  yes\n", {"a": "1", "b": "~", "c": "yes\n"}),
        ("1: a\nyes: b\n1.5: c\n", {"1": "a", "true": "b", "1.5": "c"}),
        ("a: !!str 5\nb: !Foo {c: 1}\nd: ! 5\n", {"a": "5", "b": {"c": 1}, "d": "5"}),
        ("a: !!set {x, z}\n", {"a": {"x": None, "z": None}}),
        ("a: &x [1]\nb: *x\n", {"a": [1], "b": [1]}),
        ("a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
        ("&x a: 1\nb: *x\n", {"a": 1, "b": "a"}),
        ("&x a: 1\n*x : 2\n", {"a": 2}),
        ("a: {{b: c}: d}\n"[:3] + "x\n", {"a": "x"}),
        ("%YAML 1.2\n---\na: b\n", {"a": "b"}),
        ("a: b\u2028c: d\u2028", {"a": "b", "c": "d"}),
        ("a: b\x85c: d\x85", {"a": "b", "c": "d"}),
        ("a: b\rc: d\r", {"a": "b", "c": "d"}),
        ("a: b\r\nc: |\r\n  x\r\n", {"a": "b", "c": "x\n"}),
        ("name: web-{{ .Values.x }}\n", {"name": "web-{{ .Values.x }}"}),
        ('{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
        ('{"a": "\\ud83d"}', {"a": "�"}),
        ('{"a": "\\uD83D\\uDE00", "b": 1.0, "a": 2}', {"a": 2, "b": 1}),
        ('{\n\t"a":\t[1,\n\t2]\n}\n', {"a": [1, 2]}),
        ('{"a": "\x7f"}', {"a": "\x7f"}),
        ('{"' + "k" * 2000 + '": 1}', {"k" * 2000: 1}),
        ("foo\n", "foo"),
        ("- a\n", ["a"]),
    ],
)
def test_values(text: str, expected: object) -> None:
    assert value(text) == expected


def test_merge_keys_are_merged_in_the_order_in_which_they_stand() -> None:
    base = "x: &x {a: q, b: r}\ny: &y {a: s, c: t}\n"
    assert value(base + "z: {<<: *x, a: 1}")["z"] == {"a": 1, "b": "r"}
    assert value(base + "z: {<<: [*x, *y]}")["z"] == {"a": "q", "b": "r", "c": "t"}
    assert value(base + "z: {<<: *x, <<: *y}")["z"] == {"a": "s", "b": "r", "c": "t"}
    assert value(base + "z: {'<<': *x}")["z"] == {"<<": {"a": "q", "b": "r"}}
    # kubectl 1.32 (yaml.v2) lets a merge that comes last win
    assert value(base + "z: {a: 1, <<: *x}")["z"] == {"a": "q", "b": "r"}


@pytest.mark.parametrize(
    ("text", "duplicates"),
    [
        ("a: 1\na: 2\n", [("a",)]),
        ("a: 1\n'a': 2\na: 3\n", [("a",), ("a",)]),
        ("spec:\n  x:\n  - b: 1\n    b: 2\n", [("spec", "x", 0, "b")]),
        ("1: a\n'1': b\n", [("1",)]),
        ("a: !x {b: 1, b: 2}\n", [("a", "b")]),
        ("x: &x {a: 1}\nb: {<<: *x, <<: *x, a: 2}\n", []),
        ("x: &x {a: 1, a: 2}\ny: *x\nz: *x\n", [("x", "a")]),
        ('{"a": "\\ud83d", "b": [{"c": 1, "c": 2}]}', [("b", 0, "c")]),
        ('{"\\ud83d": {"a": 1, "a": 2}, "b": {}, "b": {"c": 1}}', [("b",), ("\ud83d", "a")]),
    ],
)
def test_duplicate_keys_are_recorded_and_the_last_one_wins(
    text: str, duplicates: list[tuple[object, ...]]
) -> None:
    (document,) = documents(text)
    assert list(document.duplicates) == duplicates


def test_lines_and_offsets() -> None:
    text = "# head\n---\n# c\nkind: List\nitems:\n- a: 1\n\n# c\n-\n  b: 2\n- c\n---\nkind: Pod\n"
    first, second = documents(text)
    assert (first.first_line, first.line, first.item_lines) == (1, 4, (6, 10, 11))
    assert (second.first_line, second.line, second.item_lines) == (12, 13, ())
    assert (first.kind, second.kind) == ("List", "Pod")
    assert first.text + second.text == text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("kind: List\nobjects: [a, b, c]\nitems:\n- d\n", (4,)),
        ("kind: Template\nobjects:\n- a\n- b\nitems: [c]\n", (3, 4)),
        ("kind: List\nitems: [a]\nitems:\n- b\n- c\n", (4, 5)),
        ("x: &x [a, b]\nkind: List\nitems: *x\n", ()),
        ("x: &x {items: [a, b]}\n<<: *x\nkind: List\n", ()),
        ("kind: List\nitems:\n", ()),
        ("kind: List\nitems: {a: b}\n", ()),
        ('{"kind": "List",\n"items": [\n{"a": 1}, {"b": 2}]}', (3, 3)),
    ],
)
def test_lines_of_items(text: str, lines: tuple[int, ...]) -> None:
    assert documents(text)[0].item_lines == lines


def test_lines_that_only_yaml_counts_do_not_shift_lines() -> None:
    text = "# \u2028 \x85\nitems:\n# \u2028\n- a: 1\n"
    (document,) = documents(text)
    assert (document.line, document.item_lines) == (2, (4,))


def test_documents_keep_no_nodes() -> None:
    (document,) = documents("a: {b: [c]}\n")
    assert {type(v) for v in (document.value, document.value["a"]["b"])} == {dict, list}
    assert not hasattr(document, "__dict__")


# What is refused


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a:\n\tb: c\n", 2, 1, "a tab is used for indentation; YAML wants spaces"),
        ("a:\n  b: c\n\td: e\n", 3, 1, "a tab is used for indentation"),
        ("a:\n  b: 1\n\n  c:\n\t- d\n", 5, 1, "a tab is used for indentation"),
        ('a: b\nc: "foo\nd: e\n', 2, 4, 'the " opened here is not closed'),
        ("a: 'foo\nb: c\n", 1, 4, "the ' opened here is not closed"),
        ("a: [x, y\nb: c\n", 2, 2, r"`\]` expected: \[ opened at line 1, column 4"),
        ("a: {x: 1\nb: c\n", 2, 2, "`}` expected: { opened at line 1, column 4"),
        ("a: 1\nb\nc: 2\n", 2, 1, "a key without `: `"),
        ("a: b: c\n", 1, 5, "a second `: ` in one line"),
        ("a:\n    b: 1\n  c: 2\n", 3, 3, "wrong indentation: .* mapping that begins at line 1"),
        ("a:\n  b: 1\n    c: 2\n", 3, 6, "wrong indentation: the line above"),
        ("- b\na: 1\n", 2, 1, "wrong indentation: .* list that begins at line 1"),
        ("a: - b\n", 1, 4, "a list cannot begin on its key's line"),
        ("a: @foo\n", 1, 4, "`@` cannot begin a value; put the value in quotes"),
        ("a: *.example.com\n", 1, 5, "put the value in quotes"),
        ("a: *foo\n", 1, 4, r"`\*foo` refers to no anchor"),
        ('a: "\\d"\n', 1, 5, "an escape that YAML does not know"),
        ("a: \x07\n", 1, 4, r"a control character \(U\+0007\)"),
        ("{a: b}\nc: d\n", 2, 1, "text after the end of the document"),
        ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", 2, 1, "merge conflict"),
        ("a: |x\n  foo\n", 1, 5, "text after `|`"),
        ('a: "b" c\n', 1, 8, "unexpected text after a value"),
        ("~: b\n", 1, 1, r"a key is empty"),
        ("[a]: b\n", 1, 1, "a list cannot be a key"),
        ("a:\n- {b: {c: d}: e}\n", 2, 13, "`}` expected: { opened at line 2, column 3"),
        ("<<: a\n", 1, 5, "`<<` wants a mapping"),
        ("a: !!int x\n", 1, 4, "cannot read `x` as !!int"),
        ("a: &a [*a]\n", 1, 8, "an alias refers to a value that contains it"),
        ("a: &a {b: {<<: *a}}\n", 1, 16, "an alias refers to a value that contains it"),
        ('{"a": 1,, "b": 2}', 1, 9, "a value is missing here"),
        ("a: b\n---\nc: d\n---\ne: [\n", 6, 1, "`]`|value is missing"),
        ("a: b\r\n---\r\nc: @d\r\n", 3, 4, "`@`"),
        ("\ufeffa: @b\n", 1, 4, "`@`"),
    ],
)
def test_one_clear_line_says_where_and_why(text: str, line: int, column: int, words: str) -> None:
    found = failure(text)
    assert found[:2] == (line, column)
    assert re.search(words, found[2]), found[2]


def test_a_json_file_gets_the_json_parsers_word() -> None:
    assert failure('{"a": 1 "b": 2}', "a.json") == (1, 9, "not valid JSON: expecting ',' delimiter")
    assert "JSON" not in failure('{"a": 1 "b": 2}', "a.yaml")[2]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{" * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        '{"a":' * 5000,
        "\n".join(" " * i + "a:" for i in range(1000)),
        "\n".join(" " * i + "-" for i in range(1000)),
        "a: [" * 1 + "[" * 300 + "]" * 301,
        '{"a": "\\ud83d", "b": ' + "[" * 300 + "]" * 300 + "}",
        "x: &a0 {}\n" + "".join(f"k{i}: &a{i + 1} {{y: *a{i}}}\n" for i in range(500)),
    ],
)
def test_deep_nesting_is_refused(text: str) -> None:
    assert "100 levels" in failure(text)[2]


def test_nesting_within_the_bound_is_read() -> None:
    found = value("a: " + "[" * 90 + "]" * 90)
    for _ in range(89):
        (found,) = found.values() if isinstance(found, dict) else found
    assert found == [[]]


@pytest.mark.parametrize(
    "line",
    ["{}: &{} [{}]\n", "{}: &{} {{<<: [{}]}}\n"],
)
def test_alias_bombs_are_bounded(line: str) -> None:
    names = "abcdefghij"
    text = "a: &a {x: 1, y: 2, z: 3}\n"
    for before, name in pairwise(names):
        text += line.format(name, name, ",".join([f"*{before}"] * 9))
    begin = time.process_time()
    assert "aliases expand to more than 200,000 values" in failure(text)[2]
    assert time.process_time() - begin < 2


def test_a_large_document_is_no_bomb() -> None:
    text = "a: !x 1\nb:\n" + "- c\n" * 250_000
    assert len(value(text)["b"]) == 250_000


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "x" * 3_000_000,
        'a: "' + "x y " * 700_000,
        "{" * 700_000,
        "a: b\n---\n" * 20_000,
        "...\n" * 300_000,
    ],
)
def test_size_alone_is_not_slow(text: str) -> None:
    begin = time.process_time()
    with suppress(DocumentError):
        documents(text)
    assert time.process_time() - begin < 10


# Templates


@pytest.mark.parametrize(
    "text",
    [
        "name: {{ .Values.name }}\n",
        "{{- if .Values.x }}\na: b\n{{- end }}\n",
        'a: "{{ tpl "x" . }}"\n',
        "{% if x %}\na: b\n{% endif %}\n",
        "a: b\n<% if x %>\nc: d\n",
    ],
)
def test_template_text_is_recognised(text: str) -> None:
    failure(text)
    assert "render it first" in (template_reason(text) or "")


@pytest.mark.parametrize(
    "text",
    [
        'a: "{{ x }}"\nb: @c\n',
        "a: '{{ x }}' # {{ y }}\nb: @c\n"[:12] + "\nb: @c\n",
        "# {{ x }}\nb: @c\n",
        "a: ['{{ x }}', \"{{ y }}\"]\nb: @c\n",
        "a: {{\nb: @c\n",
        "b: @c\n",
    ],
)
def test_broken_manifests_are_not_called_templates(text: str) -> None:
    failure(text)
    assert template_reason(text) is None


# Against PyYAML and json


def alike(text: str) -> bool:
    """Whether Go and PyYAML agree that a text needs quotes, or none."""
    quoted = yaml.safe_dump(text)[0] in "'\""
    return quoted or plain_scalar(text) == text


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8).filter(alike),
    st.sampled_from(
        ["yes", "1", "null", "a: b", "#", "- x", "{{", "<<", "!a", "&b", "*c", "=", "1:30"]
    ),
)
KEYS = st.text("abc-./", min_size=1, max_size=4) | st.sampled_from(
    ["yes", "1", "<<", "~", "*a", "!"]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), st.sampled_from([None, True, False]))
def test_what_pyyaml_writes_is_read_back(tree: dict[str, Any], flow: bool | None) -> None:
    text = yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=True)
    assert value(text) == yaml.safe_load(text) == tree


@given(
    st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), st.booleans(), st.sampled_from([None, 2])
)
def test_what_json_writes_is_read_back(
    tree: dict[str, Any], ascii_only: bool, indent: int | None
) -> None:
    assert value(json.dumps(tree, ensure_ascii=ascii_only, indent=indent)) == tree


@given(st.text(alphabet="ab:-?[]{},&*!|>'\"#%@`~<= \n\t\r{}", max_size=40))
def test_any_text_gives_documents_or_an_error(text: str) -> None:
    source = Source("a", text)
    for chunk in split(text):
        found: DocumentError | None = None
        try:
            parse(source, chunk)
        except DocumentError as error:
            found = error
        assert found is None or (found.line and "\n" not in str(found))


@given(st.text(alphabet="ab: -\n'[]{},1~", max_size=30))
def test_text_that_both_read_means_the_same(text: str) -> None:
    try:
        expected = list(yaml.safe_load_all(text))
        found = [document.value for document in documents(text)]
    except (yaml.YAMLError, DocumentError, ValueError, TypeError):
        return
    assert repr(found) == repr([_as_json(v) for v in expected if v is not None])


def _as_json(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {str(key): _as_json(item) for key, item in tree.items()}
    return [_as_json(item) for item in tree] if isinstance(tree, list) else tree
