"""The podSelector matches no known pod of its namespace.

A policy whose selector matches nothing protects nothing, and looks as if it did: a misspelt
label, a renamed Deployment, `app:` where the pods carry `app.kubernetes.io/name:`. The evidence
names the nearest labels that would match.

A note on files, because workloads may lie in other repositories, come from charts and operators,
or be made later; a warning on a live cluster. Not reported: without any workload of the namespace
in the input, where custom resources of that namespace are in the input (their operators make
pods), for the system's own namespaces in files, and for `podSelector: {}`. Finished pods do not
count. Where most policies of a namespace match nothing, its workloads are evidently elsewhere, and
only a near miss is reported.

A selector that contradicts itself can never match: that is a warning everywhere.

FAIL::

    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: api
      namespace: shop
    spec:
      selector:
        matchLabels: {app: api-server}
      template:
        metadata:
          labels: {app: api-server}
        spec:
          containers:
            - {name: api, image: api}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress]

PASS::

    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: api
      namespace: staging
    spec:
      selector:
        matchLabels: {app: api-server}
      template:
        metadata:
          labels: {app: api-server}
        spec:
          containers:
            - {name: api, image: api}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress]

FIX::

    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: api
      namespace: shop
    spec:
      selector:
        matchLabels: {app: api-server}
      template:
        metadata:
          labels: {app: api-server}
        spec:
          containers:
            - {name: api, image: api}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api-server}
      policyTypes: [Ingress]
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.rules.nearest import Nearest, nearest
from kubectl_npcheck.rules.pods import (
    conclusive,
    known_pods,
    matches_nothing,
    mostly_missing,
    unresolved,
)
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.wording import labels_text, namespace_text, selector_text, workload_text

ID = "selects-nothing"
SUMMARY = "the podSelector matches no known pod of its namespace"
SEVERITY = Severity.NOTE
SCOPE = "inventory"


def check(group: Group) -> Iterator[Problem]:
    """Report each policy whose podSelector matches no workload of its namespace."""
    telling = conclusive(group)
    for policy in group.subjects:
        selector = policy.pod_selector
        if selector.void:
            yield contradiction(policy)
        elif (
            telling
            and not selector.everything
            and not known_pods(group).matching(selector)
            and matches_nothing(group, selector)
            and not unresolved(policy, ("spec", "podSelector"))
        ):
            best = nearest(selector, known_pods(group))
            if best is not None or not mostly_missing(group):
                yield problem(group, policy, best)


def problem(group: Group, policy: NetworkPolicy, best: Nearest | None) -> Problem:
    """The problem, with the nearest labels that would match."""
    selector = policy.pod_selector
    where = namespace_text(policy.namespace)
    here = "" if group.unit.live else " in the input"
    evidence: tuple[str, ...] = ()
    fix = None
    if best is not None:
        workload, labels = best
        evidence = (f"nearest: {workload_text(workload)} has {labels_text(labels)}",)
        fix = Fix(f"select {labels_text(labels)} if {workload_text(workload)} is meant")
    return Problem(
        policy,
        ("spec", "podSelector"),
        f"podSelector {selector_text(selector)} matches no pod of {where}{here}",
        evidence,
        severity=Severity.WARNING if group.unit.live else None,
        fix=fix,
    )


def contradiction(policy: NetworkPolicy) -> Problem:
    """A selector that no label set can match, whatever runs."""
    return Problem(
        policy,
        ("spec", "podSelector"),
        f"podSelector {selector_text(policy.pod_selector)} contradicts itself: no pod can match it",
        severity=Severity.WARNING,
    )
