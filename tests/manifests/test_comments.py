"""Suppression comments: which are comments at all, what they say, and what they speak for."""

from __future__ import annotations

import pytest

from kubectl_npcheck.manifests.comments import Suppression, suppressions
from kubectl_npcheck.manifests.document import decode, parse, split


def read(text: str) -> list[Suppression]:
    source = decode(text.encode(), "a.yaml")
    found: list[Suppression] = []
    for chunk in split(source.text):
        document = parse(source, chunk)
        found += suppressions(document) if document else []
    return found


def one(text: str) -> Suppression:
    (found,) = read(text)
    return found


# What is no comment


@pytest.mark.parametrize(
    "text",
    [
        "kind: Pod\n",
        'a: "# npcheck: ignore[x]"\n',
        "a: '\n  # npcheck: ignore[x]\n\n  '\n",
        "a: b# npcheck:ignore[x]\n",
        "a: |\n  # npcheck: ignore[x]\n  text\n",
        "a: >-\n  text\n  # npcheck: ignore[x]\nb: c\n",
        "a: |\n  text\n\n  # npcheck: ignore[x]",
        "# see npcheck: it is good\na: b\n",
        "# run `npcheck: x`\na: b\n",
        '{"a": "# npcheck: ignore[x]", "b": "\\ud83d\\ude00"}',
    ],
)
def test_text_is_no_comment(text: str) -> None:
    assert read(text) == []


# What is said


@pytest.mark.parametrize(
    ("comment", "rules", "reason"),
    [
        ("# npcheck: ignore[egress-implicit]", {"egress-implicit"}, ""),
        ("# npcheck: ignore[a, b] on purpose", {"a", "b"}, "on purpose"),
        ("#npcheck:ignore[a]", {"a"}, ""),
        ("#   npcheck:  ignore [ a ,b, ] -- see ticket [1]", {"a", "b"}, "see ticket [1]"),
        ("# yamllint disable-line # npcheck: ignore[a] why", {"a"}, "why"),
    ],
)
def test_rules_and_reason(comment: str, rules: set[str], reason: str) -> None:
    found = one(f"a: b  {comment}\n")
    assert (set(found.rules), found.reason, found.problem) == (rules, reason, "")


def test_two_on_a_line() -> None:
    first, second = read("a: b # npcheck: ignore[x] why # npcheck: ignore[y] so\n")
    assert (set(first.rules), first.reason) == ({"x"}, "why")
    assert (set(second.rules), second.reason, second.column) == ({"y"}, "so", 31)


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("# npcheck: ignore", "names no rule"),
        ("# npcheck: ignore[]", "names no rule"),
        ("# npcheck: ignore egress-implicit", "names no rule"),
        ("# npcheck: ignore[a", "is not understood"),
        ("# npcheck: disable[a]", "is not understood"),
        ("# npcheck:", "is not understood"),
    ],
)
def test_what_is_not_understood_is_said_and_suppresses_nothing(comment: str, words: str) -> None:
    found = one(f"{comment}\na: b\n")
    assert words in found.problem
    assert "# npcheck: ignore[rule] reason" in found.problem
    assert not found.covers("a", found.line, ())


# What it speaks for


def test_at_the_end_of_a_line_it_speaks_for_that_line() -> None:
    found = one("kind: X\nspec: {}  # npcheck: ignore[a]\nmetadata: {}\n")
    assert (found.line, found.column, found.prefix) == (2, 11, None)
    assert found.covers("a", 2, ())
    assert not found.covers("a", 1, ())
    assert not found.covers("b", 2, ())


def test_the_header_of_a_block_scalar_may_carry_one() -> None:
    assert one("a: |  # npcheck: ignore[x]\n  text\n").line == 1


@pytest.mark.parametrize(
    "text",
    [
        "{}kind: X\nmetadata: {{}}\nspec: 1\n",
        "# licence\n{}---\nkind: X\nmetadata: {{}}\n",
        "---\n{}kind: X\nmetadata: {{}}\n",
        "--- {}kind: X\nmetadata: {{}}\n",
        "%YAML 1.1\n{}---\nkind: X\nmetadata: {{}}\n",
        "kind: X\n{}metadata: {{}}\n",
        "kind: X\n   {}metadata: {{}}\n",
        "kind: X\nspec:\n  a: 1\n  {}metadata:\n  name: x\n",
        "{}kind: X\nspec: 1\n",
        "a: 1\nmetadata: {{}}\n...\n{}kind: X\nmetadata: {{}}\n",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_on_a_line_of_its_own_before_metadata_it_speaks_for_the_object(text: str, end: str) -> None:
    found = one(text.format("# npcheck: ignore[a]\n").replace("\n", end))
    assert found.prefix == ()
    assert found.problem == ""
    assert found.covers("a", 99, ())
    assert found.covers("a", 99, ("items", 3))


def test_after_metadata_it_has_no_effect_and_says_so() -> None:
    found = one("kind: X\nmetadata:\n  # npcheck: ignore[a]\n  name: x\nspec: 1\n")
    assert "above `metadata:`" in found.problem
    assert not found.covers("a", 3, ())


def test_before_the_marker_it_belongs_to_the_document_before() -> None:
    first, second = split("kind: X\nmetadata: {}\n# npcheck: ignore[a]\n---\nkind: Y\n")
    found = one("kind: X\nmetadata: {}\n# npcheck: ignore[a]\n---\nkind: Y\n")
    assert found.problem
    assert (first.line, second.line) == (1, 4)


LIST = """\
apiVersion: v1
# npcheck: ignore[list]
kind: List
items:
# npcheck: ignore[first]
- kind: A
  # npcheck: ignore[inner]
  metadata: {name: a}
  spec: 1 # npcheck: ignore[line]
# npcheck: ignore[second]
- # npcheck: ignore[dash]
  kind: B
  metadata: {name: b}
  # npcheck: ignore[late]
- text
# npcheck: ignore[third]
- kind: C
  metadata: {name: c}
metadata: {}
"""


def test_in_a_list_it_speaks_for_its_item() -> None:
    found = {"".join(s.rules): (s.prefix, bool(s.problem)) for s in read(LIST)}
    assert found == {
        "list": ((), False),
        "first": (("items", 0), False),
        "inner": (("items", 0), False),
        "line": (None, False),
        "second": (("items", 1), False),
        "dash": (("items", 1), False),
        "late": (None, True),
        "third": (("items", 3), False),
    }
    second = next(s for s in read(LIST) if "second" in s.rules)
    assert second.covers("second", 1, ("items", 1))
    assert not second.covers("second", 1, ("items", 0))
    assert not second.covers("second", 1, ())


def test_lines_are_those_of_the_file() -> None:
    text = "a: 1\n---\n# é\u2028\x85\n# npcheck: ignore[x]\nb: 2 # npcheck: ignore[y]\n"
    assert [(s.line, s.column) for s in read(text)] == [(4, 1), (5, 6)]
