"""From YAML text to the problems of one rule, for tests of one line a case."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from kubectl_npcheck.origin import Origin, path_text
from kubectl_npcheck.policy.inventory import Group, Inventory, Unit
from kubectl_npcheck.policy.parse import parse_policy
from kubectl_npcheck.rules import RuleModule
from kubectl_npcheck.rules.problem import Problem

Input = "str | dict[str, str]"


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
    """The groups of an input: texts are documents of one file, a dict is path -> text."""
    inventory = Inventory()
    unit = Unit("test")
    inventory.units.append(unit)
    for text in documents:
        assert isinstance(text, str)
        for obj in yaml.safe_load_all(text):
            policy = parse_policy(obj, Origin("test.yaml"))
            inventory.group(unit, policy.namespace).policies.append(policy)
    return inventory.groups


def problems(rule: RuleModule, *documents: str | dict[str, str]) -> list[Problem]:
    """What the rule says of the documents, in its own order."""
    return [problem for group in groups_of(documents) for problem in rule.check(group)]


def found(rule: RuleModule, *documents: str | dict[str, str]) -> list[str]:
    """The problems as "name path", e.g. "web spec.egress[0]"."""
    return [f"{p.subject.name} {path_text(p.path)}" for p in problems(rule, *documents)]
