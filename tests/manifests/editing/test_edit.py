"""Operations on a document: what is refused, what changes nothing, what each one does."""

from __future__ import annotations

import pytest

from kubectl_npcheck.manifests.document import decode, parse, split
from kubectl_npcheck.manifests.edit import (
    Append,
    Edit,
    Insert,
    Operation,
    Put,
    Refused,
    Remove,
    Rename,
    apply,
    arranged,
    edits,
    encode,
    new_document,
    new_item,
)
from tests.manifests.editing.support import ALLOW, HEAD, RULES, TYPES, document, edited, edited_spec

SELECTOR = "  podSelector: {}\n"


@pytest.mark.parametrize(
    ("text", "operation", "reason", "line"),
    [
        # what an alias writes stands elsewhere, and maybe for others
        ("a: &t [Ingress]\nspec:\n  policyTypes: *t\n", TYPES, "is the alias `*t`", 3),
        ("a: &s {podSelector: {}}\nspec: *s\n", TYPES, "`spec` is the alias `*s`", 2),
        # a change here would change what uses it, too
        ("spec: &s\n  podSelector: {}\nb: *s\n", TYPES, "also used by `*s` (line 3)", 1),
        ("spec:\n  policyTypes: &t\n  - Ingress\nb: *t\n", TYPES, "also used by `*t`", 2),
        ("spec:\n  egress: &e []\nb: *e\n", Remove(("spec", "egress")), "also used by `*e`", 2),
        ("spec:\n  egress:\n  - &e {}\nb: *e\n", Remove(("spec", "egress")), "used by `*e`", 3),
        # what a merge key brings is written in another place
        ("b: &b {spec: {a: b}}\n<<: *b\n", TYPES, "`spec` comes by `<<: *b`", 2),
        ("b: &b {egress: []}\nspec:\n  <<: *b\n", ALLOW, "`spec.egress` comes by `<<: *b`", 3),
        # the last one of two keys counts for kubectl, the first one for the reader
        ("spec:\n  egress: []\n  egress: []\n", ALLOW, "`egress` is written twice", 3),
        ("spec:\n  a: b\nspec:\n  a: b\n", ALLOW, "`spec` is written twice", 3),
        # comments that steer a template mean the lines around them
        ("#@ if x:\nspec:\n  a: b\n#@ end\n", ALLOW, "a template (`#@`", 1),
        ("spec:\n  a: b\n  # {{- if .x }}\n", ALLOW, "a template (`# {{`", 3),
        # comments in a value that is replaced would go with it
        ("spec:\n  egress:\n  - to: []\n  # why\n  - {}\n", ALLOW, "comments in the value", 3),
        # no place for a value, or for a key
        ("spec: {a: b, egress}\n", ALLOW, "no colon", 1),
        ("spec:\n  ? egress\n", ALLOW, "no colon", 2),
        ("spec: text\n", ALLOW, "`spec` is not a mapping", 1),
        ("spec: [a]\n", ALLOW, "`spec` is not a mapping", 1),
        ("spec:\n  a: b\n", Append(("spec", "a"), "c"), "`spec.a` is not a list", 2),
        ("spec:\n  a: b\n", Insert(("spec", "a"), "c"), "`spec.a` is not an item of a list", 1),
        ("spec:\n  egress: !!null\n", ALLOW, "a tag or an anchor", 2),
        ("spec:\n  a: b\n  c: d\n", Rename(("spec", "a"), "c"), "`c` exists beside `a`", 2),
        ("a:\n- b: 1 # of b\n  c: 2\n", Remove(("a", 0, "b")), "a comment follows the first", 2),
    ],
)
def test_refused(text: str, operation: Operation, reason: str, line: int) -> None:
    with pytest.raises(Refused) as caught:
        edits(document(text), [operation])
    assert reason in caught.value.reason
    assert caught.value.line == line


def test_the_line_of_a_refusal_is_the_files() -> None:
    with pytest.raises(Refused) as caught:
        edits(document("a: b\n---\n\nspec: text\n", 1), [ALLOW])
    assert caught.value.line == 4


def test_json_that_only_a_json_parser_reads() -> None:
    text = '{"spec": {}, "a": "\x7f"}'
    source = decode(text.encode(), "a.json")
    found = parse(source, split(text)[0])
    assert found is not None
    with pytest.raises(Refused, match="cannot be edited in place"):
        edits(found, [ALLOW])


@pytest.mark.parametrize(
    "operation",
    [
        Put(("spec",), "egress", [{}]),
        Put(("spec", "podSelector"), "matchLabels", {"app": "web", "port": 1}),
        Append(("spec", "policyTypes"), "Ingress"),
        Append(("spec", "egress"), {}),
        Remove(("spec", "ingress")),
        Remove(("none", "at", "all")),
        Rename(("spec", "none"), "some"),
    ],
)
def test_what_is_so_already_changes_nothing(operation: Operation) -> None:
    text = (
        "spec:\n  podSelector: {matchLabels: {port: 1, app: 'web'}}\n"
        "  policyTypes:   [ 'Ingress' ]\n  egress:\n  -   {}\n"
    )
    assert edits(document(text), [operation]) == []


def test_a_number_is_not_a_truth_value() -> None:
    assert edited("a: 1\n", Put((), "a", True)) == "a: true\n"


@pytest.mark.parametrize(
    ("text", "operation", "expected"),
    [
        ("a: b\n", Put(("metadata", "annotations"), "x/y", "z"), "a: b\nmetadata:\n  annotations:\n    x/y: z\n"),
        ("a: 10.0.0.1/8\n", Put((), "a", "10.0.0.0/8"), "a: 10.0.0.0/8\n"),
        ("a: '10.0.0.1/8' # c\n", Put((), "a", "10.0.0.0/8"), "a: '10.0.0.0/8' # c\n"),
        ("a:\n- x\n- \"q\"\n", Put(("a",), 1, "z"), 'a:\n- x\n- "z"\n'),
        ("a: [x, q]\n", Put(("a",), 0, "z"), "a: [z, q]\n"),
        ("a: [x, q, z]\n", Put((), "a", ["x"]), "a: [x]\n"),
        ("a:\n- x\n- q # two\n- z\n", Put((), "a", ["x", "q"]), "a:\n- x\n- q # two\n"),
        ("a:\n  b: 1\n", Put((), "a", {"c": 2}), "a:\n  c: 2\n"),
        ("a:\n- b: 1\n", Put((), "a", [{"c": [1]}, {}]), "a:\n- c:\n  - 1\n- {}\n"),
        ("a:\n- x\nb: c\n", Append(("a",), {"k": "v", "l": []}), "a:\n- x\n- k: v\n  l: []\nb: c\n"),
        ("a:\nb: c\n", Append(("a",), "x"), "a:\n- x\nb: c\n"),
        ("b: c\n", Append(("a",), "x"), "b: c\na:\n- x\n"),
        ("a: []\n", Append(("a",), "x"), "a: [x]\n"),
        ("a:\n- x\n- q\n", Insert(("a", 0), "z"), "a:\n- x\n- z\n- q\n"),
        ("a: [x, q]\n", Insert(("a", 0), "z"), "a: [x, z, q]\n"),
        ("a: 1\nb: 2\nc: 3\n", Remove(("b",)), "a: 1\nc: 3\n"),
        ("a: 1\nb: 2\n", Remove(("a",)), "b: 2\n"),
        ("a: 1\nb: 2", Remove(("b",)), "a: 1"),
        ("a: 1\r\nb: 2\n", Remove(("b",)), "a: 1\r\n"),
        ("a:\n  b: 1\n", Remove(("a", "b")), "a: {}\n"),
        ("a: # c\n- b\n", Remove(("a", 0)), "a: # c\n  []\n"),
        ("a: # c\n- b\n", Put((), "a", {"d": 1}), "a: # c\n  d: 1\n"),
        ("a:\n- b\n", Put((), "a", []), "a: []\n"),
        ("a:\n- b: 1\n  c: 2\n", Put(("a",), 0, "d"), "a:\n- d\n"),
        ("a:\n-\n  b: 1\n", Put(("a",), 0, [1]), "a:\n- [1]\n"),
        ("a: {} # c\n", Put((), "a", 1), "a: 1 # c\n"),
        ("a: 1\n", Rename(("a",), "b"), "b: 1\n"),
        ("[a,b]\n", Put((), 1, "c"), "[a,c]\n"),
        ("a:\n- b: 1\n  c: 2\n", Remove(("a", 0, "b")), "a:\n- c: 2\n"),
        ("a:\n- x\n-\n  q: 1\n- z\n", Remove(("a", 1)), "a:\n- x\n- z\n"),
        # no two blank lines where there was one on either side, none at the end
        ("a: 1\n\nb: 2\n\nc: 3\n", Remove(("b",)), "a: 1\n\nc: 3\n"),
        ("a: 1\n\nb: 2\nc: 3\n", Remove(("b",)), "a: 1\n\nc: 3\n"),
        ("a: 1\n\n\nb: 2\n", Remove(("b",)), "a: 1\n"),
        ("a: 1\n\nb: 2", Remove(("b",)), "a: 1"),
        ("a:\n  b:\n  c: d\n", Remove(("a", "b")), "a:\n  c: d\n"),
        # comments above a key may be about more than the key
        ("# A\na: 1 # one\n# B\nb: 2 # two\n# C\nc: 3\n", Remove(("b",)), "# A\na: 1 # one\n# B\n# C\nc: 3\n"),
        ("a:\n  name: x # c\n", Rename(("a", "name"), "k8s.io/name"), "a:\n  k8s.io/name: x # c\n"),
        ('a: {"name":"x"}\n', Rename(("a", "name"), "b"), 'a: {"b":"x"}\n'),
        ("a: {x: 1, q: 2}\n", Remove(("a", "x")), "a: {q: 2}\n"),
        ("a: {x: 1, q: 2}\n", Remove(("a", "q")), "a: {x: 1}\n"),
        ("a: {x: 1, q: 2,}\n", Remove(("a", "q")), "a: {x: 1,}\n"),
        ("a: {x: 1}\n", Remove(("a", "x")), "a: {}\n"),
        ("{\n  x: 1, # one\n  q: 2 # two\n}\n", Remove(("q",)), "{\n  x: 1 # one\n}\n"),
        ("{\n  x: 1, # one\n  q: 2, # two\n}\n", Remove(("q",)), "{\n  x: 1, # one\n}\n"),
        ("{\n  x: 1, # one\n  q: 2 # two\n}\n", Remove(("x",)), "{\n  q: 2 # two\n}\n"),
        ("{\n  x: 1\n, q: 2\n}\n", Remove(("q",)), "{\n  x: 1\n}\n"),
    ],
)  # fmt: skip
def test_one_operation(text: str, operation: Operation, expected: str) -> None:
    if isinstance(operation, Remove) and isinstance(operation.path[-1], int):
        assert apply(text, edits(document(text), [operation])) == expected
    else:
        assert edited(text, operation) == expected


@pytest.mark.parametrize(
    ("text", "operations", "expected"),
    [
        # both at the end of one line: in the order of the operations
        ("a: 1\n", [Put((), "b", 2, ("a",)), Put((), "c", 3, ("a",))], "a: 1\nb: 2\nc: 3\n"),
        ("a: 1\n", [Put((), "b", 2, ("a",)), Put((), "c", 3, ("a", "b"))], "a: 1\nb: 2\nc: 3\n"),
        ("a:\n- x\n", [Put((), "b", 2, ("a",)), Append(("a",), "q")], "a:\n- x\n- q\nb: 2\n"),
        ("a: [x]\n", [Put((), "b", 2, ("a",)), Append(("a",), "q")], "a: [x, q]\nb: 2\n"),
        ("a: {}\n", [Put(("a",), "b", 1), Put(("a",), "c", 2)], "a:\n  b: 1\n  c: 2\n"),
        ("x: q\n", [Put(("a", "b"), "c", 1), Put(("a", "d"), "e", 2)], "x: q\na:\n  b:\n    c: 1\n  d:\n    e: 2\n"),
        ("a: []\n", [Append(("a",), "x"), Append(("a",), "q"), Append(("a",), "x")], "a: [x, q]\n"),
        # after a key that goes
        ("a: 1\nb: 2\nc: 3\n", [Remove(("b",)), Put((), "d", 4, ("b",))], "a: 1\nd: 4\nc: 3\n"),
        ("a: 1\nb: 2", [Remove(("b",)), Put((), "d", 4, ("b",))], "a: 1\nd: 4"),
        ("{a: 1, b: 2}", [Remove(("b",)), Put((), "d", 4, ("b",))], "{a: 1, d: 4}"),
        ("{a: 1, b: 2, c: 3}", [Remove(("b",)), Remove(("c",))], "{a: 1}"),
        ("a: 1\nb: 2\nc: 3\n", [Remove(("b",)), Remove(("c",))], "a: 1\n"),
        ("a: [x, x, q]\nb: 1\n", [Put((), "a", ["x", "q"]), Put((), "c", 2, ("a",))], "a: [x, q]\nc: 2\nb: 1\n"),
        ("a:\n- x\n- x\n- q\n", [Put((), "a", ["x", "q"]), Put((), "c", 2, ("a",))], "a:\n- x\n- q\nc: 2\n"),
    ],
)  # fmt: skip
def test_several_operations(text: str, operations: list[Operation], expected: str) -> None:
    assert edited(text, *operations) == expected


def test_operations_that_contradict_each_other_are_refused() -> None:
    spec = document("a:\n- x\n- y\nb: 1\n")
    with pytest.raises(Refused, match="touch the same text"):
        edits(spec, [Remove(("a",)), Append(("a",), "z")])
    with pytest.raises(Refused, match="nothing would be left"):
        edits(document("a: 1\n"), [Remove(("a",)), Put((), "b", 2)])


def test_a_mapping_with_a_merge_key_takes_keys_of_its_own() -> None:
    text = "b: &b {podSelector: {}}\nspec:\n  <<: *b\n  ingress:\n  - {}\n"
    assert edited(text, ALLOW) == text + "  egress:\n  - {}\n"


def test_an_anchor_that_nobody_uses_stays() -> None:
    spec = "spec: &s\n  podSelector: &p {}\n  policyTypes: &t [Ingress]\n  egress: &e []\n"
    assert edited_spec(spec, TYPES, ALLOW) == spec.replace(
        "[Ingress]", "[Ingress, Egress]"
    ).replace("[]", "[{}]")


def test_only_the_document_changes() -> None:
    text = f"# one\n{HEAD}spec:\n{SELECTOR}---\n# two\n{HEAD}spec:\n{SELECTOR}...\n--- # three\n{HEAD}spec:\n{SELECTOR}"
    new = edited(text, ALLOW, number=1)
    assert new == text.replace(f"{SELECTOR}...", f"{SELECTOR}  egress:\n  - {{}}\n...")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{HEAD}spec: {{}}\n", "---\na:\n  b:\n  - c: 1\n"),
        # lists as in the neighbour, and no final newline where there was none
        ("x:\n    y:\n        - z", "\n---\na:\n    b:\n        - c: 1"),
        ("x: 1\r\n", "---\r\na:\r\n  b:\r\n  - c: 1\r\n"),
        ("---\n{x: 1}\n", "---\n{a: {b: [{c: 1}]}}\n"),
        ('---\n{"x":1}\n', '---\n{"a":{"b":[{"c":1}]}}\n'),
    ],
)
def test_a_further_document(before: str, after: str) -> None:
    value = {"a": {"b": [{"c": 1}]}}
    new = apply(before, [new_document(document(before), value)])
    assert new == before + after
    assert document(new, 1).value == value


@pytest.mark.parametrize(
    "tail", ["---\nb: 2\n", "--- # next\nb: 2\n", "...\nb: 2\n", "...\n---\nb: 2\n"]
)
def test_a_further_document_between_two(tail: str) -> None:
    text = "# first\na: 1\n" + tail
    new = apply(text, [new_document(document(text), {"c": 3})])
    assert [document(new, at).value for at in range(3)] == [{"a": 1}, {"c": 3}, {"b": 2}]
    assert new.startswith("# first\na: 1\n")
    assert new.endswith(tail.removeprefix("...\n"))


def test_json_takes_no_further_document() -> None:
    with pytest.raises(Refused, match="a file of its own"):
        new_document(document('{"a": 1}\n'), {"b": 2})


def test_a_further_item_of_a_list() -> None:
    text = "kind: List\nitems:\n- kind: A\n  spec:\n    a: b\n# about B\n- kind: B\n"
    new = apply(text, new_item(document(text), ("items", 0), {"kind": "C", "spec": {"c": "d"}}))
    assert new == text.replace("# about", "- kind: C\n  spec:\n    c: d\n# about")


def test_a_further_item_of_a_json_list() -> None:
    text = '{\n\t"items": [\n\t\t{\n\t\t\t"kind": "A"\n\t\t}\n\t]\n}\n'
    new = apply(text, new_item(document(text), ("items", 0), {"kind": "C"}))
    assert new == text.replace("\t\t}\n", '\t\t},\n\t\t{\n\t\t\t"kind": "C"\n\t\t}\n')


def test_edits_are_applied_from_the_end() -> None:
    made = arranged(
        [Edit(5, 6, "E"), Edit(0, 0, "<"), Edit(2, 4, ""), Edit(5, 5, "-"), Edit(7, 7, "")]
    )
    assert made == [Edit(0, 0, "<"), Edit(2, 4, ""), Edit(5, 6, "-E")]
    assert apply("abcdef", made) == "<abe-E"
    assert apply("abc", []) == "abc"


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(Refused):
        arranged([Edit(0, 3, ""), Edit(2, 4, "")])


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16-le", "utf-16-be", "utf-8"])
def test_the_encoding_stays(codec: str) -> None:
    mark = "\ufeff" if codec.startswith("utf-16") else ""
    text = "spec:\r\n  podSelector: {} # größe 😀\r\n"
    source = decode((mark + text).encode(codec), "a.yaml")
    found = parse(source, split(source.text)[0])
    assert found is not None
    new = encode(source, apply(source.text, edits(found, [ALLOW])))
    assert new == (mark + text + "  egress:\r\n  - {}\r\n").encode(codec)


def test_rules_in_a_policy_without_any() -> None:
    assert edited_spec("spec:\n  podSelector: {}\n  policyTypes: [Ingress]\n", TYPES, RULES) == (
        "spec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]\n  egress:\n  - to:\n"
        "    - podSelector:\n        matchLabels:\n          app: db\n    ports:\n    - port: 5432\n"
    )
