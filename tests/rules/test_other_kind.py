"""Rule other-kind, one line a case."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import other_kind
from tests.rules.support import found, groups_of, netpol, problems


def other(version: str, kind: str, meta: str = "name: p, namespace: shop") -> str:
    return f"apiVersion: {version}\nkind: {kind}\nmetadata: {{{meta}}}\nspec: {{}}\n"


CILIUM = other("cilium.io/v2", "CiliumNetworkPolicy")

REPORTED = {
    "Cilium": CILIUM,
    "Calico": other("projectcalico.org/v3", "NetworkPolicy"),
    "Calico, as stored": other("crd.projectcalico.org/v1", "GlobalNetworkPolicy", "name: p"),
    "Admin": other("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", "name: p"),
    "Cilium, cluster-wide": other("cilium.io/v2", "CiliumClusterwideNetworkPolicy", "name: p"),
}


def test_silent() -> None:
    assert found(other_kind, netpol("podSelector: {}")) == []


def test_context_is_silent() -> None:
    (group,) = groups_of([CILIUM])
    group.others[0].origin.context = True
    assert list(other_kind.check(group)) == []


@pytest.mark.parametrize("text", REPORTED.values(), ids=REPORTED)
def test_reported(text: str) -> None:
    assert found(other_kind, text) == ["p kind"]
    assert found(other_kind, text, netpol("podSelector: {}")) == ["p kind"]


def test_reach_is_told() -> None:
    (problem,) = problems(other_kind, REPORTED["Admin"])
    assert "of the whole cluster" in problem.message
    (problem,) = problems(other_kind, CILIUM)
    assert "of this namespace" in problem.message
