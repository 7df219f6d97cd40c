"""Rule selects-nothing, one line a case."""

from __future__ import annotations

import pytest

from kubectl_npcheck.findings import Severity
from kubectl_npcheck.rules import selects_nothing
from tests.rules.manifests import custom_resource, deployment, namespace
from tests.rules.support import found, groups_of, netpol, problems

APP = netpol("podSelector: {matchLabels: {app: a}}, policyTypes: [Ingress]")
OTHER = deployment("b", "app: b")

SILENT = {
    "no workloads at all": [APP],
    "no workloads of the namespace": [APP, deployment("b", "app: b", "other"), namespace("shop")],
    "a match": [APP, deployment("a", "app: a, tier: x"), OTHER],
    "{}": [netpol("podSelector: {}"), OTHER],
    "podSelector absent": [netpol("policyTypes: [Ingress]"), OTHER],
    "an operator may make the pods": [APP, OTHER, custom_resource()],
    "a match that may be applied there": [APP, OTHER, deployment("a", "app: a", "")],
    "a policy that may be applied where it matches": [
        netpol("podSelector: {matchLabels: {app: a}}", namespace=""),
        deployment("b", "app: b", ""),
        deployment("a", "app: a", "other"),
    ],
    "a placeholder in the selector": [netpol("podSelector: {matchLabels: {app: '${APP}'}}"), OTHER],
    "a placeholder in the labels": [APP, deployment("b", "app: '${APP}'")],
    "kube-system is never all in files": [
        netpol("podSelector: {matchLabels: {k8s-app: kube-dns}}", namespace="kube-system"),
        deployment("b", "app: b", "kube-system"),
    ],
}

REPORTED = {
    "another value": [APP, OTHER],
    "custom resources elsewhere": [APP, OTHER, custom_resource("other")],
    "one of two labels": [
        netpol("podSelector: {matchLabels: {app: b, tier: x}}, policyTypes: [Ingress]"),
        OTHER,
    ],
    "no namespaces": [
        netpol("podSelector: {matchLabels: {app: a}}", namespace=""),
        deployment("b", "app: b", ""),
    ],
    "another namespace has them": [APP, OTHER, deployment("a", "app: a", "other")],
}

NEAREST = {
    "misspelt": ("app: frontend", "app: fronted", "app=frontend"),
    "another key": ("app.kubernetes.io/name: a", "app: a", "app.kubernetes.io/name=a"),
    "a longer name": ("app: shop-web", "app: web", "app=shop-web"),
    "one label more": ("app: a, tier: x", "app: a, team: y", "app=a"),
    "nothing like it": ("app: payments", "app: zzz", None),
}


@pytest.mark.parametrize("documents", SILENT.values(), ids=SILENT)
def test_silent(documents: list[str]) -> None:
    assert found(selects_nothing, *documents) == []


@pytest.mark.parametrize("documents", REPORTED.values(), ids=REPORTED)
def test_reported(documents: list[str]) -> None:
    (problem,) = problems(selects_nothing, *documents)
    assert problem.path == ("spec", "podSelector")
    assert problem.severity is None


@pytest.mark.parametrize(("labels", "asked", "named"), NEAREST.values(), ids=NEAREST)
def test_nearest_labels(labels: str, asked: str, named: str | None) -> None:
    documents = [
        netpol(f"podSelector: {{matchLabels: {{{asked}}}}}"),
        deployment("far", "app: qqqqq"),
        deployment("near", labels),
    ]
    (problem,) = problems(selects_nothing, *documents)
    expected = () if named is None else (f"nearest: Deployment near has {named}",)
    assert problem.evidence == expected


def test_a_namespace_whose_workloads_are_elsewhere_is_unknown() -> None:
    several = [netpol(f"podSelector: {{matchLabels: {{app: {n * 8}}}}}", name=n) for n in "efgh"]
    assert len(found(selects_nothing, *several[:3], OTHER)) == 3
    assert found(selects_nothing, *several, OTHER) == []
    near_miss = netpol("podSelector: {matchLabels: {app: fronted}}")
    workload = deployment("f", "app: frontend")
    assert found(selects_nothing, *several, near_miss, workload) == ["web spec.podSelector"]


def test_an_operator_of_another_directory_without_namespace_is_not_ours() -> None:
    own = netpol("podSelector: {matchLabels: {app: a}}", namespace="") + "---\n"
    files = {
        "a/all.yaml": own + deployment("b", "app: b", ""),
        "b/database.yaml": custom_resource().replace(", namespace: shop", ""),
    }
    assert found(selects_nothing, files) == ["web spec.podSelector"]
    files["a/database.yaml"] = files.pop("b/database.yaml")
    assert found(selects_nothing, files) == []


def test_incomplete_unit_is_unknown() -> None:
    (group,) = groups_of([APP, OTHER])
    group.unit.complete = False
    assert list(selects_nothing.check(group)) == []


def test_live_is_a_warning_and_finished_pods_do_not_count() -> None:
    (group,) = groups_of([APP, OTHER, deployment("a", "app: a")])
    group.unit.live = True
    group.workloads[1].finished = True
    (problem,) = selects_nothing.check(group)
    assert problem.severity is Severity.WARNING
    assert "in the input" not in problem.message


def test_a_contradiction_needs_no_workloads() -> None:
    selector = "{matchLabels: {a: x}, matchExpressions: [{key: a, operator: NotIn, values: [x]}]}"
    (problem,) = problems(selects_nothing, netpol(f"podSelector: {selector}"))
    assert "contradicts itself" in problem.message
    assert problem.severity is Severity.WARNING
