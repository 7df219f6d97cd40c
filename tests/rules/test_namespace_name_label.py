"""Rule namespace-name-label, one line a case."""

from __future__ import annotations

import pytest

from kubectl_npcheck.findings import Severity
from kubectl_npcheck.rules import namespace_name_label
from tests.rules.manifests import namespace
from tests.rules.support import netpol, problems

NAME = "matchLabels: {name: monitoring}"


def rule(selector: str) -> str:
    return netpol(
        f"podSelector: {{}}, ingress: [{{from: [{{namespaceSelector: {{{selector}}}}}]}}]"
    )


SILENT = {
    "the label that is always there": [rule("matchLabels: {kubernetes.io/metadata.name: a}")],
    "a Namespace carries it": [rule(NAME), namespace("monitoring", "name: monitoring")],
    "another Namespace carries it": [rule(NAME), namespace("obs", "name: monitoring")],
    "one of two values is carried": [
        rule("matchExpressions: [{key: name, operator: In, values: [a, b]}]"),
        namespace("b", "name: b"),
        namespace("a"),
    ],
    "another label, no Namespace in the input": [rule("matchLabels: {ns: monitoring}")],
    "another label that is in use": [
        rule("matchLabels: {team: monitoring}"),
        namespace("monitoring"),
        namespace("shop", "team: sales"),
    ],
    "another label whose value is no name": [rule("matchLabels: {env: prod}"), namespace("shop")],
    "any value": [rule("matchExpressions: [{key: name, operator: Exists}]")],
    "a pod's name label": [
        netpol(
            "podSelector: {matchLabels: {name: a}}, "
            "ingress: [{from: [{podSelector: {matchLabels: {name: b}}}]}]"
        )
    ],
}

REPORTED = {
    "alone": ([rule(NAME)], None),
    "Namespaces of other names": ([rule(NAME), namespace("shop", "name: shop")], None),
    "expression": ([rule("matchExpressions: [{key: name, operator: In, values: [a]}]")], None),
    "excluded": ([rule("matchExpressions: [{key: name, operator: NotIn, values: [a]}]")], None),
    "the Namespace lacks it": ([rule(NAME), namespace("monitoring")], Severity.ERROR),
    "another label, the Namespace lacks it": (
        [rule("matchLabels: {ns: monitoring}"), namespace("monitoring"), namespace("shop")],
        Severity.ERROR,
    ),
}


@pytest.mark.parametrize("documents", SILENT.values(), ids=SILENT)
def test_silent(documents: list[str]) -> None:
    assert problems(namespace_name_label, *documents) == []


@pytest.mark.parametrize(("documents", "severity"), REPORTED.values(), ids=REPORTED)
def test_reported(documents: list[str], severity: Severity | None) -> None:
    (problem,) = problems(namespace_name_label, *documents)
    assert problem.path[:6] == ("spec", "ingress", 0, "from", 0, "namespaceSelector")
    assert problem.severity == severity
    assert problem.fix is not None
    assert "kubernetes.io/metadata.name" in problem.fix.summary


@pytest.mark.parametrize(("operator", "lets_in"), [("In", False), ("NotIn", True)])
def test_excluding_a_missing_label_lets_everyone_in(operator: str, lets_in: bool) -> None:
    selector = f"matchExpressions: [{{key: name, operator: {operator}, values: [monitoring]}}]"
    (problem,) = problems(namespace_name_label, rule(selector))
    assert (
        any("a namespace without the label is selected" in e for e in problem.evidence) is lets_in
    )


def test_the_namespace_that_lacks_it_is_shown() -> None:
    (problem,) = problems(namespace_name_label, rule(NAME), namespace("monitoring"))
    assert problem.message.startswith("namespace monitoring does not carry the label")
    assert problem.evidence == ("its labels are at input.yaml:7",)
