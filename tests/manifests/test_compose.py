"""Composing: bounds, and the pure Python parser that stands in where libyaml is missing."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest
import yaml
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from kubectl_npcheck import pyyaml
from kubectl_npcheck.manifests import compose
from kubectl_npcheck.manifests.plain import fast


@pytest.fixture(scope="module")
def pure() -> ModuleType:
    """The module as it is without libyaml."""
    with patch.dict(sys.modules, {"yaml.cyaml": None}):
        without = executed(pyyaml)
    with patch.dict(sys.modules, {pyyaml.__name__: without}):
        return executed(compose)


def executed(module: ModuleType) -> ModuleType:
    """The same module once more, beside the one that is imported."""
    spec = importlib.util.spec_from_file_location(f"pure_{module.__name__}", module.__file__ or "")
    assert spec is not None
    assert spec.loader is not None
    again = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(again)
    return again


def test_the_parser_is_the_one_in_python(pure: ModuleType) -> None:
    assert pure.Parser is not pyyaml.Parser
    assert issubclass(pure.Parser, yaml.reader.Reader)


def shape(node: Any) -> Any:
    """A node with its marks as plain values."""
    if node is None:
        return None
    kind = type(node).__name__
    marks = (node.start_mark.index, node.start_mark.line, node.start_mark.column)
    if isinstance(node, MappingNode):
        below: Any = [(shape(key), shape(item)) for key, item in node.value]
    elif isinstance(node, SequenceNode):
        below = [shape(item) for item in node.value]
    elif isinstance(node, ScalarNode):
        below = (node.value, node.end_mark.index)
    else:
        below = shape(node.value)
    return kind, marks, node.tag, below


TEXTS = [
    "",
    "# c\n",
    "---\n# c\n",
    "a: [b, {c: 1}, ~]\n---x: yes\n",
    "a:\n- b: 0777\n  c:\n  - d\n# e\n",
    "a: &x !Foo {b: !!str 5}\nc: [*x, *x]\n<<: *x\n",
    "%YAML 1.1\n---\na: 'b'\n",
    "a: &x 1\nb: &x 2\n",
    "a: &x 1\nb: &x 2\nc: *x\n",
    "- \n- {a: b}\n- >\n  c\n",
    "a: |\n  ü\n  é\n\nb: c\r\nd: e\n",
    '{"a": {"b": [1, 2.0, "x"]}}',
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_pure_parser_gives_the_same(pure: ModuleType, text: str) -> None:
    assert repr(shape(pure.compose_exact(text))) == repr(shape(compose.compose_exact(text)))
    if "!" not in text and "&" not in text:
        mine, other = compose.compose_values(text), pure.compose_values(text)
        assert (mine and fast(mine)) == (other and fast(other))


@pytest.mark.parametrize("text", ["[" * 5000, "- " * 5000, '{"a":' * 5000, "a: " + "[" * 101])
def test_deep_nesting_ends_early(pure: ModuleType, text: str) -> None:
    for module in (compose, pure):
        for function in (module.compose_values, module.compose_exact):
            if function is compose.compose_values and not compose.may_be_deep(text):
                continue
            with pytest.raises(module.TooDeepError):
                function(text)


@pytest.mark.parametrize("text", TEXTS)
def test_the_quick_way_and_the_way_of_events_give_the_same(text: str) -> None:
    by_events = vars(compose)["_Composer"]().root(pyyaml.Parser(text))
    assert repr(shape(compose.compose_exact(text))) == repr(shape(by_events))


def test_the_bound_is_exact() -> None:
    within = "[" * compose.MAX_DEPTH + "]" * compose.MAX_DEPTH
    assert compose.compose_exact(within) is not None
    with pytest.raises(compose.TooDeepError) as caught:
        compose.compose_exact(f"[{within}]")
    assert caught.value.index == compose.MAX_DEPTH


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        ("a: b\n" * 1000, False),
        ("a: [b, {c: d}]\n" * 40, False),
        ("[" * 101, True),
        ("{" * 60 + "[" * 60, True),
        ("- " * 101, True),
        ("\n".join(" " * i + "a:" for i in range(300)), True),
        ("a: b\n" + "x" * 201, True),
        ("a\r" * 200, True),
    ],
)
def test_only_what_cannot_be_deep_is_composed_unbounded(text: str, deep: bool) -> None:
    assert compose.may_be_deep(text) is deep


def test_a_second_document_is_refused() -> None:
    with pytest.raises(yaml.YAMLError, match="another document"):
        compose.compose_exact("a: b\n...\n---\nc: d\n")
