"""What cannot be read, and what is skipped."""

from __future__ import annotations

from pathlib import Path

from kubectl_npcheck.load import Request, load
from tests.load.support import (
    loaded,
    netpol,
    only_policy,
    reasons,
    units,
)


def test_a_broken_policy_is_an_error_and_the_rest_is_read() -> None:
    broken = "kind: NetworkPolicy\nmetadata:\n  name: b\nspec: [\n"
    found = loaded(
        {"k/a.yaml": netpol("a", "s") + "---\n" + broken, "k/c.yaml": netpol("c", "s")}, "k"
    )
    assert units(found) == {"namespace s": ["s/a", "s/c"]}
    [error] = found.errors
    assert (error.file, error.line is not None) == ("k/a.yaml", True)
    assert [[u.name for u in group.unread] for group in found.inventory.groups] == [["b"]]


def test_binary_content_with_a_policy_is_an_error() -> None:
    Path("a.yaml").write_bytes(b"kind: NetworkPolicy\n\xff\n")
    [error] = load(Request(("a.yaml",))).errors
    assert (error.file, error.line) == ("a.yaml", 2)


def test_broken_context_is_no_error_but_doubt() -> None:
    files = {"a.yaml": netpol("a", "s"), "b.yaml": "kind: NetworkPolicy\nspec: [\n"}
    found = loaded(files, "a.yaml")
    assert found.errors == []
    assert [len(group.unread) for group in found.inventory.groups] == [1]


def test_template_text_is_skipped() -> None:
    text = "{{- if .Values.x }}\n" + netpol("a") + "{{- end }}\n"
    found = loaded({"a.yaml": text}, "a.yaml")
    assert reasons(found) == [("a.yaml", "a", "template")] or reasons(found) == [
        ("a.yaml", None, "template")
    ]
    assert found.errors == []


def test_placeholders_are_judged_and_listed() -> None:
    found = loaded({"a.yaml": netpol("'a-${ENV}'", "s")}, "a.yaml")
    assert reasons(found) == [("a.yaml", "a-${ENV}", "unresolved")]
    assert units(found) == {"namespace s": ["s/a-${ENV}"]}


def test_plain_data_is_dropped() -> None:
    assert only_policy(loaded({"a.yaml": netpol("a")}, "a.yaml")).origin.document.value is None
