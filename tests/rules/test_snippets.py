"""Each rule's documentation holds: FAIL gives the rule, PASS and FIX do not."""

from __future__ import annotations

import textwrap

import pytest

from kubectl_npcheck.rules import RULES, RuleModule
from tests.rules.live import live_found
from tests.rules.support import found

KINDS = ("FAIL", "PASS", "FIX")


def snippets(rule: RuleModule) -> dict[str, str]:
    """The YAML texts of a rule's docstring, by kind."""
    texts: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in (rule.__doc__ or "").splitlines():
        if line.removesuffix("::") in KINDS and line.endswith("::"):
            current = texts.setdefault(line.removesuffix("::"), [])
        elif line and not line.startswith(" "):
            current = None
        elif current is not None:
            current.append(line)
    return {kind: textwrap.dedent("\n".join(lines)) for kind, lines in texts.items()}


def said(rule: RuleModule, text: str) -> list[str]:
    """The rule's findings in a snippet: objects of a cluster for a live rule, else a file."""
    return live_found(rule, text) if rule.SCOPE == "live" else found(rule, text)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.ID)
def test_documentation_is_complete(rule: RuleModule) -> None:
    document = rule.__doc__ or ""
    assert tuple(snippets(rule)) in (KINDS, KINDS[:2])  # not everything has a repair
    assert document.splitlines()[0].endswith(".")
    assert len(document.split("FAIL::")[0]) > 200  # says why, not only what


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.ID)
def test_fail_is_reported(rule: RuleModule) -> None:
    assert said(rule, snippets(rule)["FAIL"])


@pytest.mark.parametrize("kind", ["PASS", "FIX"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.ID)
def test_pass_and_fix_are_not(rule: RuleModule, kind: str) -> None:
    assert said(rule, snippets(rule).get(kind, "")) == []


def test_ids_are_unique_and_kebab_case() -> None:
    ids = [rule.ID for rule in RULES]
    assert len(set(ids)) == len(ids)
    for rule in RULES:
        module = getattr(rule, "__name__", "").rpartition(".")[2]
        assert module.replace("_", "-") == rule.ID
