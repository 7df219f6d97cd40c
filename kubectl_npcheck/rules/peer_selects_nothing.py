"""A peer matches no known pod of the namespace that it means.

A `podSelector` alone means pods of the policy's *own* namespace: the commonest mistake is to name
pods that run in another one. The message names the namespace where such pods live, if the input
knows one, or the nearest labels.

A note on files, a warning on a live cluster. Not reported where the input cannot tell: peers in
namespaces that are not pinned by `kubernetes.io/metadata.name`, namespaces without workloads in
the input or with custom resources (their operators make pods), the system's own namespaces in
files, blocks of addresses. Where most policies of the namespace match nothing, its workloads are
evidently elsewhere, and only a peer with a near miss, or with pods in another namespace, is
reported.

FAIL::

    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: api
      namespace: shop
    spec:
      selector:
        matchLabels: {app: api}
      template:
        metadata:
          labels: {app: api}
        spec:
          containers:
            - {name: api, image: api}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: prometheus
      namespace: monitoring
    spec:
      selector:
        matchLabels: {app: prometheus}
      template:
        metadata:
          labels: {app: prometheus}
        spec:
          containers:
            - {name: prometheus, image: prometheus}
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
      ingress:
        - from:
            - podSelector:
                matchLabels: {app: prometheus}

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress]
      ingress:
        - from:
            - podSelector:
                matchLabels: {app: prometheus}

FIX::

    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: api
      namespace: shop
    spec:
      selector:
        matchLabels: {app: api}
      template:
        metadata:
          labels: {app: api}
        spec:
          containers:
            - {name: api, image: api}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: prometheus
      namespace: monitoring
    spec:
      selector:
        matchLabels: {app: prometheus}
      template:
        metadata:
          labels: {app: prometheus}
        spec:
          containers:
            - {name: prometheus, image: prometheus}
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
      ingress:
        - from:
            - namespaceSelector:
                matchLabels: {kubernetes.io/metadata.name: monitoring}
              podSelector:
                matchLabels: {app: prometheus}
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy, Peer, Rule
from kubectl_npcheck.policy.selectors import Selector
from kubectl_npcheck.rules.nearest import nearest
from kubectl_npcheck.rules.pods import (
    conclusive,
    every_pod,
    known_pods,
    matches_nothing,
    mostly_missing,
    peer_groups,
    unresolved,
)
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.wording import (
    NAME_LABEL,
    labels_text,
    peer_text,
    selector_text,
    workload_text,
)

ID = "peer-selects-nothing"
SUMMARY = "a peer matches no known pod of the namespace that it means"
SEVERITY = Severity.NOTE
SCOPE = "inventory"


def check(group: Group) -> Iterator[Problem]:
    """Report each peer whose podSelector matches no workload where it looks for them."""
    if not every_pod(group.inventory).workloads:
        return
    for policy in group.subjects:
        for rule in (policy.ingress if policy.lists_ingress else ()) + (
            policy.egress if policy.lists_egress else ()
        ):
            for peer in rule.peers or ():
                selector = peer.pod_selector
                if selector is None or selector.everything:
                    continue
                places = peer_groups(group, peer)
                if (
                    places
                    and not any(known_pods(place).matching(selector) for place in places)
                    and all(conclusive(place) for place in places)
                    and all(matches_nothing(place, selector) for place in places)
                    and not unresolved(policy, rule.peer_path(peer))
                ):
                    found = problem(group, policy, rule, peer, selector, places)
                    if found.evidence or not any(mostly_missing(place) for place in places):
                        yield found


def problem(
    group: Group,
    policy: NetworkPolicy,
    rule: Rule,
    peer: Peer,
    selector: Selector,
    places: list[Group],
) -> Problem:
    """The problem, with where such pods live, or the nearest labels in the right place."""
    here = "" if group.unit.live else " in the input"
    evidence: tuple[str, ...] = ()
    fix = None
    elsewhere = other_namespaces(group, selector, places)
    if elsewhere:
        many = "namespaces " if len(elsewhere) > 1 else "namespace "
        evidence = (f"such pods run in {many}{', '.join(elsewhere)}",)
        if peer.namespace_selector is None and len(elsewhere) == 1:
            fix = Fix(f"add a namespaceSelector on {NAME_LABEL}={elsewhere[0]} to the same item")
    else:
        near = [nearest(selector, known_pods(place)) for place in places]
        best = next(filter(None, near), None)
        if best is not None:
            workload, labels = best
            evidence = (f"nearest: {workload_text(workload)} has {labels_text(labels)}",)
            fix = Fix(f"select {labels_text(labels)} if {workload_text(workload)} is meant")
    if selector.void:
        message = f"peer {selector_text(selector)} contradicts itself: no pod can match it"
    else:
        message = f"peer matches no pod{here}: {peer_text(peer, policy.namespace)}"
    return Problem(
        policy,
        (*rule.peer_path(peer), "podSelector"),
        message,
        evidence,
        severity=Severity.WARNING if group.unit.live else None,
        fix=fix,
    )


def other_namespaces(group: Group, selector: Selector, places: list[Group]) -> list[str]:
    """The named namespaces, other than where the peer looks, in which such pods are known."""
    looked = {place.namespace for place in places}
    found = {workload.namespace for workload in every_pod(group.inventory).matching(selector)}
    return sorted(name for name in found - looked if name is not None)[:5]
