"""From YAML text to the problems of one rule, for tests of one line a case."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence

from kubectl_npcheck.load import Request, load
from kubectl_npcheck.origin import path_text
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.rules import RuleModule
from kubectl_npcheck.rules.problem import Problem


def netpol(spec: str, name: str = "web", namespace: str = "shop", annotations: str = "") -> str:
    """A NetworkPolicy document; spec is YAML in flow style, without braces around it."""
    meta = f"name: {name}" + (f", namespace: {namespace}" if namespace else "")
    if annotations:
        meta += f", annotations: {{{annotations}}}"
    return (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{{meta}}}\nspec: {{{spec}}}\n"
    )


def groups_of(documents: Sequence[str | dict[str, str]]) -> list[Group]:
    """The groups of an input, as lint reads it in its directory.

    Texts are documents of one file, input.yaml; a dict is path -> text.
    """
    files: dict[str, str] = {}
    for item in documents:
        if isinstance(item, dict):
            files.update(item)
        else:
            files["input.yaml"] = files.get("input.yaml", "") + "---\n" + item
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as directory:
        for file, text in files.items():
            path = os.path.join(directory, file)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)
        os.chdir(directory)
        try:
            loaded = load(Request())
        finally:
            os.chdir(before)
    assert not loaded.errors, loaded.errors
    return loaded.inventory.groups


def problems(rule: RuleModule, *documents: str | dict[str, str]) -> list[Problem]:
    """What the rule says of the documents, in its own order."""
    return [problem for group in groups_of(documents) for problem in rule.check(group)]


def found(rule: RuleModule, *documents: str | dict[str, str]) -> list[str]:
    """The problems as "name path", e.g. "web spec.egress[0]"."""
    return [f"{p.subject.name} {path_text(p.path)}" for p in problems(rule, *documents)]
