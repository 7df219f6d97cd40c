"""Syntax of names; the words themselves are compared in test_apiserver_verdicts."""

from __future__ import annotations

import pytest

from kubectl_npcheck.policy.parsing.names import (
    is_placeholder,
    label_key,
    label_value,
    namespace_name,
    object_name,
    port_name,
)


@pytest.mark.parametrize("text", ["a", "a.b/c", "A_b.C-d", "x" * 63, "9", "x" * 253 + "/a"])
def test_label_keys(text: str) -> None:
    assert label_key(text) == ()


@pytest.mark.parametrize(
    "text", ["", "-a", "a-", "a/b/c", "/a", "a/", "A/b", "x" * 64, "a b", "x" * 254 + "/a", "a\n"]
)
def test_no_label_keys(text: str) -> None:
    assert label_key(text)


@pytest.mark.parametrize("text", ["", "a", "A.b_c-d", "1", "x" * 63])
def test_label_values(text: str) -> None:
    assert label_value(text) == ()


@pytest.mark.parametrize("text", ["-", "a/b", "x" * 64, "é", "a\n", " a"])
def test_no_label_values(text: str) -> None:
    assert label_value(text)


def test_names_of_policies_may_have_dots_those_of_namespaces_not() -> None:
    assert object_name("a.b") == ()
    assert namespace_name("a.b") == ("must not contain dots",)
    assert object_name("x" * 253) == ()
    assert object_name("x" * 254) == ("must be no more than 253 characters",)
    assert namespace_name("x" * 64) == ("must be no more than 63 characters",)


def test_a_generated_name_may_begin_with_what_ends_in_a_dash() -> None:
    assert object_name("web-", prefix=True) == ()
    assert object_name("web-")
    assert object_name("W-", prefix=True)


@pytest.mark.parametrize("text", ["http", "a", "8a", "a-b", "x" * 15])
def test_port_names(text: str) -> None:
    assert port_name(text) == ()


@pytest.mark.parametrize("text", ["", "80", "HTTP", "a--b", "-a", "a-", "x" * 16, "a_b"])
def test_no_port_names(text: str) -> None:
    assert port_name(text)


@pytest.mark.parametrize("text", ["${A}", "$(A)", "$A", "$_a", "x{{ y }}", "a$-${B}"])
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["", "a", "$", "a$", "$1", "$$", "{a}", "$é"])
def test_no_placeholders(text: str) -> None:
    assert not is_placeholder(text)


def test_a_long_text_is_judged_at_once() -> None:
    for judge in (label_key, label_value, object_name, namespace_name, port_name):
        assert judge("a-" * 200_000 + "!")
        assert judge("a." * 200_000 + "!")
