"""New keys and items in braces and brackets: JSON in all its forms, YAML's with comments."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.manifests.edit import Append, Insert, Operation, Put, Refused, apply, edits
from tests.manifests.editing.support import ALLOW, TYPES, document, edited


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[Ingress]", "[Ingress, Egress]"),
        ("[ Ingress ]", "[ Ingress, Egress ]"),
        # a comma at the end stays the one at the end
        ("[Ingress,]", "[Ingress, Egress,]"),
        ("[Ingress , ]", "[Ingress, Egress , ]"),
        ('["Ingress"]', '["Ingress", "Egress"]'),
        ("['Ingress']", "['Ingress', 'Egress']"),
        ("[a,Ingress]", "[a,Ingress,Egress]"),
        ("[\n    Ingress\n  ]", "[\n    Ingress,\n    Egress\n  ]"),
        ("[\n    Ingress,\n  ]", "[\n    Ingress,\n    Egress,\n  ]"),
        # comments stay with what they are about
        ("[\n    Ingress # in\n  ]", "[\n    Ingress, # in\n    Egress\n  ]"),
        ("[\n    Ingress, # in\n  ]", "[\n    Ingress, # in\n    Egress,\n  ]"),
        ("[\n    Ingress\n    # out?\n  ]", "[\n    Ingress,\n    Egress\n    # out?\n  ]"),
        ("[\n    Ingress]", "[\n    Ingress,\n    Egress]"),
        ("[\n    a, Ingress\n  ]", "[\n    a, Ingress, Egress\n  ]"),
        ("[Ingress # in\n  ]", "[Ingress, Egress # in\n  ]"),
        ("[Ingress\n  ]", "[Ingress, Egress\n  ]"),
        ("[\n    a\n  , Ingress\n  ]", "[\n    a\n  , Ingress, Egress\n  ]"),
        ("[\r\n    Ingress\r\n  ]", "[\r\n    Ingress,\r\n    Egress\r\n  ]"),
        ("!!seq [Ingress]", "!!seq [Ingress, Egress]"),
    ],
)
def test_an_item_at_the_end(before: str, after: str) -> None:
    text = "spec:\n  policyTypes: {} # types\n  a: b\n"
    operation = Append(("spec", "policyTypes"), "Egress")
    assert edited(text.replace("{}", before), operation) == text.replace("{}", after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{podSelector: {}}", "{podSelector: {}, egress: [{}]}"),
        ("{ podSelector: {} }", "{ podSelector: {}, egress: [{}] }"),
        ("{podSelector: {},}", "{podSelector: {}, egress: [{}],}"),
        ("{podSelector: {}, a: b}", "{podSelector: {}, egress: [{}], a: b}"),
        ('{"podSelector":{},"a":"b"}', '{"podSelector":{},"egress":[{}],"a":"b"}'),
        # without quotes, a blank must follow the colon
        ('{"podSelector":{}, a: b}', '{"podSelector":{}, egress: [{}], a: b}'),
        ("{'podSelector': {}}", "{'podSelector': {}, 'egress': [{}]}"),
        ("{podSelector: , a: b}", "{podSelector: , egress: [{}], a: b}"),
        ("{podSelector, a: b}", "{podSelector, egress: [{}], a: b}"),
        ("{podSelector: {}, ingress: [ {} ]}", "{podSelector: {}, ingress: [ {} ], egress: [ {} ]}"),
        # null, nothing, an empty list
        ("{egress: null, a: b}", "{egress: [{}], a: b}"),
        ("{egress: , a: b}", "{egress: [{}], a: b}"),
        ('{"egress":}', '{"egress": [{}]}'),
        ("{egress: [], a: b}", "{egress: [{}], a: b}"),
        ("{egress: [\n  ], a: b}", "{egress: [\n    {}\n  ], a: b}"),
        # lines of their own
        ("{\n  podSelector: {}\n}", "{\n  podSelector: {},\n  egress: [{}]\n}"),
        ("{\n  podSelector: {},\n}", "{\n  podSelector: {},\n  egress: [{}],\n}"),
        ("{\n  podSelector: {}, # a\n  a: b # c\n}", "{\n  podSelector: {}, # a\n  egress: [{}],\n  a: b # c\n}"),
        ("{\n  a: b, # c\n  podSelector: {} # d\n}", "{\n  a: b, # c\n  podSelector: {}, # d\n  egress: [{}]\n}"),
        ("{\n  podSelector: {}\n  , a: b\n}", "{\n  podSelector: {}, egress: [{}]\n  , a: b\n}"),
        ("{\n  podSelector: {} # x\n  , a: b\n}", "{\n  podSelector: {}, egress: [{}] # x\n  , a: b\n}"),
        ("{podSelector: {},\n  a: b}", "{podSelector: {}, egress: [{}],\n  a: b}"),
        # a list that takes lines beside one that does
        ("{\n  ingress: [\n    {}\n  ]\n}", "{\n  ingress: [\n    {}\n  ],\n  egress: [\n    {}\n  ]\n}"),
    ],
)  # fmt: skip
def test_a_pair(before: str, after: str) -> None:
    assert edited(f"spec: {before}\n", ALLOW) == f"spec: {after}\n"


JSON: dict[str, Any] = {
    "kind": "NetworkPolicy",
    "spec": {
        "podSelector": {"matchLabels": {"app": "web"}},
        "ingress": [{"from": [{"podSelector": {}}]}],
        "policyTypes": ["Ingress"],
    },
}


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("indent", [None, 1, 2, 4, "\t"])
@pytest.mark.parametrize("shape", ["whole", "no types", "no ingress", "empty egress", "empty spec"])
def test_json_as_a_program_would_have_written_it(
    shape: str, indent: int | str | None, eol: str
) -> None:
    """The text after the edit is the serialisation of the value after it."""
    before: dict[str, Any] = {**JSON, "spec": dict(JSON["spec"])}
    if shape == "no types":
        del before["spec"]["policyTypes"]
    elif shape == "no ingress":
        del before["spec"]["ingress"]
    elif shape == "empty egress":
        before["spec"] = {"podSelector": {}, "ingress": [{}], "egress": [], "policyTypes": None}
    elif shape == "empty spec":
        before["spec"] = {}
    text = json.dumps(before, indent=indent).replace("\n", eol)
    new = edited(text, TYPES, ALLOW)
    assert new == json.dumps(document(new).value, indent=indent).replace("\n", eol)
    assert document(new).value["spec"]["egress"] == [{}]


blanks = st.sampled_from(
    ["", "", " ", "  ", "\n", "\n  ", " # x\n", " # [a, {b: c\n  ", "\n\n", " \t"]
)
operations = st.sampled_from(
    [
        Append(("r", "list"), "new"),
        Append(("r", "empty"), {"k": ["v"]}),
        Insert(("r", "list", 0), [1]),
        Put(("r",), "new", {"k": 1}, ("list",)),
        Put(("r",), "new", ["v"], ("last",)),
        Put(("r",), "empty", [{}]),
        Put(("r",), "none", [{}]),
        Put(("r",), "last", {"k": ["v"]}),
    ]
)


TOKENS = "{ | a: | 1 | , | list: | [ | p | , | q |@| ] | , | empty: | [ | ] | , | none: | null | , | last: | { | b: | 2 |@| } |@| }"
GAPS = TOKENS.count("|") + 1


@given(st.lists(blanks, min_size=GAPS, max_size=GAPS), st.sets(st.integers(0, 2)), operations)
def test_any_blanks_and_comments_between(
    gaps: list[str], commas: set[int], operation: Operation
) -> None:
    """Whatever stands between the tokens: it stays, and the value is as wanted."""
    text, ends = "r: ", 0
    for token, gap in zip(TOKENS.split("|"), gaps, strict=True):
        if token == "@":
            token = "," if ends in commas else ""
            ends += 1
        text += token.strip(" ") + (" " if token.endswith(": ") else gap)
    text += "\n"
    old = document(text).value["r"]
    try:
        new = apply(text, edits(document(text), [operation]))
    except Refused:
        assert "#" in text
        assert isinstance(operation, Put)
        assert operation.key == "last"  # a value with comments in it
        return
    value = document(new).value["r"]
    if isinstance(operation, Put):
        assert value == {**old, operation.key: operation.value}
    elif isinstance(operation, Insert):
        assert value == {**old, "list": ["p", [1], "q"]}
    elif isinstance(operation, Append):
        name = str(operation.path[-1])
        assert value == {**old, name: [*old[name], operation.value]}
    if "x" in text and not (isinstance(operation, Put) and operation.key == "last"):
        assert new.count("# ") == text.count("# ")
