"""From YAML text to the problems of one rule, for tests of one line a case."""

from __future__ import annotations

from collections.abc import Sequence

from kubectl_npcheck.manifests.document import Document, parse
from kubectl_npcheck.manifests.source import Source
from kubectl_npcheck.manifests.split import split
from kubectl_npcheck.origin import Origin, path_text
from kubectl_npcheck.policy import units
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.objects import (
    is_network_policy,
    parse_namespace,
    parse_other,
    parse_service,
    parse_workload,
)
from kubectl_npcheck.policy.parse import parse_policy
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
    """The groups of an input: texts are documents of one file, a dict is path -> text."""
    files: dict[str, str] = {}
    for item in documents:
        if isinstance(item, dict):
            files.update(item)
        else:
            files["input.yaml"] = files.get("input.yaml", "") + "---\n" + item
    objects: list[units.Object] = []
    for file, text in files.items():
        source = Source(file, text, ("repo", *file.split("/")))
        for chunk in split(text):
            document = parse(source, chunk)
            if document is not None:
                objects += _objects(document)
    return units.build(objects).groups


def _objects(document: Document) -> list[units.Object]:
    origin = Origin(document.source.file, document.source.parts, document, (), document.line)
    obj = document.value
    if is_network_policy(obj):
        return [parse_policy(obj, origin, None, document.duplicates)]
    found = (
        parse_workload(obj, origin, None)
        or parse_service(obj, origin, None)
        or parse_namespace(obj, origin)
        or parse_other(obj, origin, None)
    )
    if found is None and "." in obj["apiVersion"]:
        return [units.CustomResource(origin, obj["metadata"].get("namespace"))]
    return [] if found is None else [found]


def problems(rule: RuleModule, *documents: str | dict[str, str]) -> list[Problem]:
    """What the rule says of the documents, in its own order."""
    return [problem for group in groups_of(documents) for problem in rule.check(group)]


def found(rule: RuleModule, *documents: str | dict[str, str]) -> list[str]:
    """The problems as "name path", e.g. "web spec.egress[0]"."""
    return [f"{p.subject.name} {path_text(p.path)}" for p in problems(rule, *documents)]
