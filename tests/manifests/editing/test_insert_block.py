"""New keys and items in block style: in the style of their neighbours, comments where they were."""

from __future__ import annotations

import pytest

from kubectl_npcheck.manifests.edit import Append, Put
from tests.manifests.editing.support import ALLOW, RULES, TYPES, edited, edited_spec


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # what stands above the next key is about the next key
        (
            "spec:\n  ingress:\n  - {}\n  # about types\n  other: [Ingress]\n",
            "spec:\n  ingress:\n  - {}\n  egress:\n  - {}\n  # about types\n  other: [Ingress]\n",
        ),
        # a comment that is indented deeper belongs to the rules, blank lines or not
        (
            "spec:\n  ingress:\n  - from: []\n    # the end of it\n\n      # still\n\n  # next\n",
            "spec:\n  ingress:\n  - from: []\n    # the end of it\n\n      # still\n  egress:\n  - {}\n\n  # next\n",
        ),
        # a rule that is commented out stays with the rules
        (
            "spec:\n  ingress:\n  - {}\n  # - from: []\n  #   ports: []\n  # about types\n  other: []\n",
            "spec:\n  ingress:\n  - {}\n  # - from: []\n  #   ports: []\n  egress:\n  - {}\n  # about types\n  other: []\n",
        ),
        (
            "spec:\n  ingress:\n    - {}\n  #  - from: []\n  # - a remark\n  other: []\n",
            "spec:\n  ingress:\n    - {}\n  #  - from: []\n  egress:\n    - {}\n  # - a remark\n  other: []\n",
        ),
        # an egress that is commented out is not an egress; it stays
        (
            "spec:\n  ingress:\n  - {}\n  # egress:\n  # - {}\n",
            "spec:\n  ingress:\n  - {}\n  egress:\n  - {}\n  # egress:\n  # - {}\n",
        ),
        # comments at the end of a line stay at the end of that line
        (
            "spec:\n  ingress:\n  - from: [] # nobody\t!\n  podSelector: {}\n",
            "spec:\n  ingress:\n  - from: [] # nobody\t!\n  egress:\n  - {}\n  podSelector: {}\n",
        ),
        # comments between documents and at the end of the file belong to nobody
        (
            "spec:\n  podSelector: {}\n# the end\n---\n# next\na: b\n",
            "spec:\n  podSelector: {}\n  egress:\n  - {}\n# the end\n---\n# next\na: b\n",
        ),
        ("spec:\n  podSelector: {}\n...\n", "spec:\n  podSelector: {}\n  egress:\n  - {}\n...\n"),
        # blank lines at the end stay at the end
        ("spec:\n  podSelector: {}\n\n\n", "spec:\n  podSelector: {}\n  egress:\n  - {}\n\n\n"),
        ("spec:\n  podSelector: {}", "spec:\n  podSelector: {}\n  egress:\n  - {}"),
        ("spec:\n  podSelector: {}  ", "spec:\n  podSelector: {}  \n  egress:\n  - {}"),
        # blanks and line breaks at the end of a text may be part of it
        (
            "spec:\n  x: 1\n  podSelector:\n    matchLabels:\n      a: |\n        x\n\n  other: []\n",
            "spec:\n  x: 1\n  podSelector:\n    matchLabels:\n      a: |\n        x\n  egress:\n  - {}\n\n  other: []\n",
        ),
        (
            "spec:\n  ingress: [{}]\n  podSelector:\n    a: |+\n      x\n\n  other: []\n",
            "spec:\n  ingress: [{}]\n  egress: [{}]\n  podSelector:\n    a: |+\n      x\n\n  other: []\n",
        ),
        (
            "spec:\n  podSelector:\n    a: |+\n      x\n\n\n  other: []\n",
            "spec:\n  podSelector:\n    a: |+\n      x\n\n\n  egress:\n  - {}\n  other: []\n",
        ),
        (
            "spec:\n  x: 1\n  podSelector:\n    a: >\n      x\n       \n\n  other: []\n",
            "spec:\n  x: 1\n  podSelector:\n    a: >\n      x\n       \n  egress:\n  - {}\n\n  other: []\n",
        ),
        (
            "spec:\n  podSelector:\n    a: some\n      words\n  other: []\n",
            "spec:\n  podSelector:\n    a: some\n      words\n  egress:\n  - {}\n  other: []\n",
        ),
    ],
)  # fmt: skip
def test_what_stands_around_stays(before: str, after: str) -> None:
    after = (
        after.replace("egress: [{}]", "egress:\n  - {}") if "ingress: [{}]" not in after else after
    )
    assert edited_spec(before, ALLOW) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # as the rules beside, not as the types beside
        (
            "spec:\n  policyTypes:\n  - Ingress\n  ingress:\n    - {}\n",
            "spec:\n  policyTypes:\n  - Ingress\n  ingress:\n    - {}\n  egress:\n    - {}\n",
        ),
        # as the only list beside
        (
            "spec:\n  podSelector: {}\n  policyTypes:\n    - Ingress\n",
            "spec:\n  podSelector: {}\n  policyTypes:\n    - Ingress\n  egress:\n    - {}\n",
        ),
        # as a list further down, or elsewhere in the document
        (
            "spec:\n  podSelector:\n    matchExpressions:\n      - key: a\n",
            "spec:\n  podSelector:\n    matchExpressions:\n      - key: a\n  egress:\n    - {}\n",
        ),
        # as a list elsewhere in the file
        (
            "spec:\n  podSelector: {}\n---\nmetadata:\n  finalizers:\n    - a\n",
            "spec:\n  podSelector: {}\n  egress:\n    - {}\n---\nmetadata:\n  finalizers:\n    - a\n",
        ),
        # as most programs write it
        ("spec:\n  podSelector: {}\n", "spec:\n  podSelector: {}\n  egress:\n  - {}\n"),
        # wide dashes, keys in quotes, a gap between keys
        (
            "spec:\n    ingress:\n    -   {}\n",
            "spec:\n    ingress:\n    -   {}\n    egress:\n    -   {}\n",
        ),
        (
            'spec:\n  "ingress":\n  - {}\n  "policyTypes": []\n',
            'spec:\n  "ingress":\n  - {}\n  "egress":\n  - {}\n  "policyTypes": []\n',
        ),
        ("spec:\n  'ingress':\n  - {}\n", "spec:\n  'ingress':\n  - {}\n  'egress':\n  - {}\n"),
        (
            "spec:\n\n  podSelector: {}\n\n  ingress:\n  - {}\n\n  # types\n  policyTypes: []\n",
            "spec:\n\n  podSelector: {}\n\n  ingress:\n  - {}\n\n  egress:\n  - {}\n\n  # types\n  policyTypes: []\n",
        ),
        # some keys apart, some not: no gap is invented
        (
            "spec:\n  podSelector: {}\n\n  ingress:\n  - {}\n  other: []\n",
            "spec:\n  podSelector: {}\n\n  ingress:\n  - {}\n  egress:\n  - {}\n  other: []\n",
        ),
        # brackets beside mean brackets
        (
            "spec:\n  podSelector: {}\n  ingress: [{}]\n",
            "spec:\n  podSelector: {}\n  ingress: [{}]\n  egress: [{}]\n",
        ),
        (
            "spec:\n  podSelector: {}\n  policyTypes: [Ingress]\n",
            "spec:\n  podSelector: {}\n  policyTypes: [Ingress]\n  egress: [{}]\n",
        ),
        # explicit keys
        (
            "spec:\n  ? podSelector\n  : {}\n  ? other\n  : - 1\n",
            "spec:\n  ? podSelector\n  : {}\n  egress:\n    - {}\n  ? other\n  : - 1\n",
        ),
        # the first key in the line of the dash, or below it
        (
            "items:\n  - spec:\n      podSelector: {}\n",
            "items:\n  - spec:\n      podSelector: {}\n      egress:\n        - {}\n",
        ),
        (
            "items:\n-\n  spec:\n    podSelector: {}\n- a: b\n",
            "items:\n-\n  spec:\n    podSelector: {}\n    egress:\n    - {}\n- a: b\n",
        ),
        # values below their keys, tags
        (
            "spec: !!map\n  podSelector:\n    {}\n  other: 1\n",
            "spec: !!map\n  podSelector:\n    {}\n  egress:\n  - {}\n  other: 1\n",
        ),
        # the line breaks of the neighbours
        ("spec:\r\n  podSelector: {}\n", "spec:\r\n  podSelector: {}\n  egress:\n  - {}\n"),
        ("spec:\n  podSelector: {}\r\n", "spec:\n  podSelector: {}\r\n  egress:\r\n  - {}\r\n"),
        ("spec:\r\n  podSelector: {}", "spec:\r\n  podSelector: {}\r\n  egress:\r\n  - {}"),
        ("spec:\r  podSelector: {}\r", "spec:\r  podSelector: {}\r  egress:\r  - {}\r"),
        # U+2028 ends the comment for YAML 1.1: the line goes on after it
        (
            "spec:\n  podSelector: {} # a\u2028\n",
            "spec:\n  podSelector: {} # a\n  egress:\n  - {}\u2028\n",
        ),
    ],
)  # fmt: skip
def test_in_the_style_of_the_neighbours(before: str, after: str) -> None:
    path = ("items", 0, "spec") if before.startswith("items") else ("spec",)
    assert edited(before, ALLOW._replace(path=path)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # nothing, null or an empty list in its place, with what stands beside it
        ("spec:\n  egress:\n", "spec:\n  egress:\n  - {}\n"),
        ("spec:\n  egress:", "spec:\n  egress:\n  - {}"),
        ("spec:\n  egress:   \n  a: b\n", "spec:\n  egress:   \n  - {}\n  a: b\n"),
        ("spec:\n  egress: # none\n  a: b\n", "spec:\n  egress: # none\n  - {}\n  a: b\n"),
        ("spec:\n  egress:\n  # none\n  a: b\n", "spec:\n  egress:\n  - {}\n  # none\n  a: b\n"),
        ("spec:\n  egress: null\n", "spec:\n  egress: [{}]\n"),
        ("spec:\n  egress: ~ # none\n", "spec:\n  egress: [{}] # none\n"),
        ("spec:\n  egress:   []\n", "spec:\n  egress:   [{}]\n"),
        ("spec:\n  egress: [ ]\n", "spec:\n  egress: [{}]\n"),
        ("spec:\n  egress:\n    []\n", "spec:\n  egress:\n    [{}]\n"),
        ("spec:\n  egress: [\n  ]\n", "spec:\n  egress: [\n    {}\n  ]\n"),
        ("spec:\n  egress: [ # none\n  ]\n", "spec:\n  egress: [ # none\n    {}\n  ]\n"),
        ("spec:\n  egress: [ # none\r\n\r\n  ]\r\n", "spec:\n  egress: [ # none\r\n\r\n    {}\r\n  ]\r\n"),
        ("spec:\n  egress: [\n  ] # none\n", "spec:\n  egress: [\n    {}\n  ] # none\n"),
        ("spec:\n  egress: [\n    ]\n", "spec:\n  egress: [\n      {}\n    ]\n"),
        ("spec:\n  ? egress\n  :\n", "spec:\n  ? egress\n  : [{}]\n"),
        ("spec:\n", "spec:\n  egress:\n  - {}\n"),
        ("spec: {} # all\n", "spec: # all\n  egress:\n  - {}\n"),
        ("spec: null\na: b\n", "spec:\n  egress:\n  - {}\na: b\n"),
        ("a:\n    b: c\nspec:\n", "a:\n    b: c\nspec:\n    egress:\n    - {}\n"),
    ],
)  # fmt: skip
def test_in_the_place_of_nothing(before: str, after: str) -> None:
    assert edited(before, ALLOW) == after


def test_rules_in_the_place_of_nothing_take_lines() -> None:
    rules = "  - to:\n    - podSelector:\n        matchLabels:\n          app: db\n    ports:\n    - port: 5432\n"
    for nothing in ("egress: []  # none", "egress:  # none", "egress: null  # none"):
        assert edited_spec(f"spec:\n  {nothing}\n", RULES) == f"spec:\n  egress:  # none\n{rules}"
    # brackets of a short list beside do not make a long line
    spec = "spec:\n  ingress: [{}]\n"
    assert edited_spec(spec, RULES) == f"{spec}  egress:\n{rules}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:\n- Ingress\n# - Egress\n", "a:\n- Ingress\n- Egress\n# - Egress\n"),
        ("a:\n  - Ingress # in\n", "a:\n  - Ingress # in\n  - Egress\n"),
        ("a:\n  - Ingress\n    # deeper\n  # not\n", "a:\n  - Ingress\n    # deeper\n  - Egress\n  # not\n"),
        ("a:\n  # first\n  - Ingress", "a:\n  # first\n  - Ingress\n  - Egress"),
        ("a:\n-   'Ingress'\n", "a:\n-   'Ingress'\n-   'Egress'\n"),
        ('a:\n-\n  "Ingress"\n', 'a:\n-\n  "Ingress"\n- "Egress"\n'),
        ("a: &t\n- Ingress\n", "a: &t\n- Ingress\n- Egress\n"),
        ("- - a:\n    - Ingress\n", "- - a:\n    - Ingress\n    - Egress\n"),
    ],
)  # fmt: skip
def test_an_item_at_the_end(before: str, after: str) -> None:
    path = (0, 0, "a") if before.startswith("-") else ("a",)
    assert edited(before, Append(path, "Egress")) == after


def test_types_as_elsewhere_in_the_file() -> None:
    before = "spec:\n  podSelector: {}\n---\nspec:\n  policyTypes: [Ingress]\n"
    after = "spec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]\n---\nspec:\n  policyTypes: [Ingress]\n"
    assert edited(before, TYPES) == after


def test_texts_are_quoted_where_they_need_it() -> None:
    value = {
        "on": "yes",
        "a/b": "c: d",
        "e": "10.0.0.0/8",
        "f": "",
        "g": "8080",
        "h": None,
        "i": True,
    }
    assert edited("x: 1\n", Put((), "v", value)) == (
        'x: 1\nv:\n  "on": "yes"\n  a/b: "c: d"\n  e: 10.0.0.0/8\n  f: ""\n  g: "8080"\n  h: null\n  i: true\n'
    )
