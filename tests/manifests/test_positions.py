"""Where a path stands: regions to show, true extents, through aliases, merges and odd layouts."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.manifests.document import Document, decode, parse, split
from kubectl_npcheck.manifests.positions import extent, find, locate, root_node
from kubectl_npcheck.origin import Path

POLICY = """\
# a policy
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, labels: {a.b/c: "x"}}
spec:
  podSelector: {}
  # comment
  ingress:
  - from:
    - podSelector:
        matchLabels: {app: web}   # trailing

    # about the ports
    ports:
      -   port: 80

  -
  - {}
  policyTypes: [Ingress,
    Egress]
  text: |
    one
    two


  # the end
"""


def document(text: str | bytes, file: str = "a.yaml", number: int = 0) -> Document:
    source = decode(text.encode() if isinstance(text, str) else text, file)
    found = parse(source, split(source.text)[number])
    assert found is not None
    return found


def shown(doc: Document, path: Path) -> str:
    """The text of the region, which never spans lines."""
    region = locate(doc, path)
    assert region.line == region.end_line
    lines = doc.source.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[region.line - 1][region.column - 1 : region.end_column - 1]


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ((), "apiVersion", 2),
        (("kind",), "kind: NetworkPolicy", 3),
        (("metadata", "labels", "a.b/c"), 'a.b/c: "x"', 4),
        (("spec",), "spec", 5),
        (("spec", "podSelector"), "podSelector: {}", 6),
        (("spec", "ingress"), "ingress", 8),
        (("spec", "ingress", 0), "from", 9),
        (("spec", "ingress", 0, "from", 0), "podSelector", 10),
        (
            ("spec", "ingress", 0, "from", 0, "podSelector", "matchLabels"),
            "matchLabels: {app: web}",
            11,
        ),
        (("spec", "ingress", 0, "from", 0, "podSelector", "matchLabels", "app"), "app: web", 11),
        (("spec", "ingress", 0, "ports", 0), "port: 80", 15),
        (("spec", "ingress", 1), "", 17),
        (("spec", "ingress", 2), "{}", 18),
        (("spec", "policyTypes"), "policyTypes", 19),
        (("spec", "policyTypes", 1), "Egress", 20),
        (("spec", "text"), "text", 21),
        # what is not there: the nearest parent
        (("spec", "egress"), "spec", 5),
        (("spec", "egress", 0, "to"), "spec", 5),
        (("spec", "ingress", 7), "ingress", 8),
        (("spec", "ingress", 2, "from"), "{}", 18),
        (("spec", "ingress", "x"), "ingress", 8),
        (("kind", "x"), "kind: NetworkPolicy", 3),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_regions(path: Path, text: str, line: int, end: str, codec: str) -> None:
    doc = document(POLICY.replace("\n", end).encode(codec))
    assert shown(doc, path) == text
    assert locate(doc, path).line == line


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("metadata",), 'metadata: {name: web, labels: {a.b/c: "x"}}'),
        (
            ("spec", "ingress", 0, "from"),
            "from:\n    - podSelector:\n        matchLabels: {app: web}",
        ),
        (("spec", "ingress", 0, "ports"), "ports:\n      -   port: 80"),
        (("spec", "policyTypes"), "policyTypes: [Ingress,\n    Egress]"),
        (("spec", "text"), "text: |\n    one\n    two"),
        (("spec", "ingress", 0, "ports", 0), "port: 80"),
    ],
)
def test_extents_end_where_the_value_ends(path: Path, text: str) -> None:
    doc = document(POLICY)
    start, end = extent(doc, path)
    assert doc.source.text[start:end] == text


def test_an_empty_list_of_a_key_ends_with_the_dash() -> None:
    doc = document("a:\n- b\n-\n# c\nd: 1\n")
    start, end = extent(doc, ("a",))
    assert doc.source.text[start:end] == "a:\n- b\n-"


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (("x",), "x", 1),
        (("v",), "v: *x", 4),
        (("v", "a"), "a: 1", 2),
        (("z", "a"), "a: 1", 2),
        (("z", "c"), "c: 3", 7),
        (("z", "d"), "z", 5),
        (("l", 0), "*x", 8),
        (("l", 0, "b"), "b: 2", 3),
        (("w", "a"), "a: 9", 9),
        (("w", "b"), "b: 2", 3),
    ],
)
def test_aliases_and_merges_lead_to_where_the_value_is_written(
    path: Path, text: str, line: int
) -> None:
    doc = document(
        "x: &x\n  a: 1\n  b: 2\nv: *x  # alias\nz:\n  <<: *x\n  c: 3\nl: [*x, q]\nw: {<<: [{a: 9}, *x]}\n"
    )
    assert (shown(doc, path), locate(doc, path).line) == (text, line)


def test_a_block_that_ends_with_an_alias_ends_there() -> None:
    doc = document("x: &x {a: 1}\nv:\n  z:\n  - *x\n\n# c\n")
    start, end = extent(doc, ("v",))
    assert doc.source.text[start:end] == "v:\n  z:\n  - *x"


def test_the_second_of_two_keys_is_shown() -> None:
    assert locate(document("a: 1\nb: 2\na: 3\n"), ("a",)).line == 3


def test_keys_that_are_no_text() -> None:
    doc = document("a:\n  80: x\n  yes: y\n")
    assert shown(doc, ("a", "80")) == "80: x"
    assert shown(doc, ("a", "true")) == "yes: y"


def test_later_documents_count_from_the_file() -> None:
    text = "a: 1\n---\n# ü\u2028\x85\nb: 2\n---\n\nc: {d: [é, f]}\n"
    assert tuple(locate(document(text, number=1), ("b",))) == (4, 1, 4, 5)
    assert tuple(locate(document(text, number=2), ("c", "d", 1))) == (7, 12, 7, 13)


def test_json() -> None:
    doc = document('{\n  "a": [\n    {"b": "\\ud83d\\ude00", "c": 1}\n  ]\n}\n', "a.json")
    assert shown(doc, ()) == "{"
    assert shown(doc, ("a",)) == '"a"'
    assert shown(doc, ("a", 0, "c")) == '"c": 1'


def test_json_that_only_json_reads_has_its_first_line() -> None:
    doc = document('\n{"a": "\x7f"}', "a.json")
    assert tuple(locate(doc, ("a",))) == (2, 1, 2, 1)
    assert find(doc, ("a",)) is None


def test_a_document_is_composed_once() -> None:
    doc, other = document("a: 1\n"), document("b: 1\n")
    assert root_node(doc) is root_node(doc)
    assert root_node(other) is not root_node(doc)


KEYS = st.sampled_from(["a", "b", "c.d/e", "80", "key"])
LEAVES = st.sampled_from(["x", "a b", "1", 7, None, True, "two\nlines\n", "ü#", ""])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=10,
)


def paths(tree: Any, path: Path = ()) -> list[Path]:
    found = [path]
    if isinstance(tree, dict):
        for key, item in tree.items():
            found += paths(item, (*path, key))
    if isinstance(tree, list):
        for index, item in enumerate(tree):
            found += paths(item, (*path, index))
    return found


@given(
    st.dictionaries(KEYS, TREES, min_size=1, max_size=3),
    st.sampled_from([None, True, False]),
    st.sampled_from([2, 4]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_the_text_at_each_region_parses_to_the_value(
    tree: dict[str, Any], flow: bool | None, indent: int, end: str
) -> None:
    text = yaml.safe_dump(
        tree, default_flow_style=flow, indent=indent, allow_unicode=True, width=10_000
    )
    doc = document(("# c\n---\n" + text + "# end\n").replace("\n", end))
    for path in paths(tree):
        expected: Any = tree
        for part in path:
            expected = expected[part]
        start, stop = extent(doc, path)
        place = find(doc, path)
        assert place is not None
        assert place.found == len(path)
        lead = " " * (start - (doc.source.text.rfind("\n", 0, start) + 1))
        written = yaml.safe_load(lead + doc.source.text[start:stop] + "\n")
        key = path[-1] if path and isinstance(path[-1], str) else None
        assert written == (expected if key is None else {_key(key, written): expected})
        region = locate(doc, path)
        assert region.line == region.end_line == doc.source.line_of(start)


def _key(key: str, written: Any) -> Any:
    """The key as PyYAML reads it: `80` is a number for it where it stands without quotes."""
    return 80 if key == "80" and 80 in written else key
