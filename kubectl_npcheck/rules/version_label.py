"""A selector on a label that changes with each release.

`helm.sh/chart`, `app.kubernetes.io/version` and the hashes that Deployments, DaemonSets and
StatefulSets put on their pods change when the software is upgraded. A policy that selects by them
matches today and nothing tomorrow: the pods lose their isolation, or the peer its access, in the
middle of a rollout, while old and new pods run side by side.

Not reported: operators that do not name a value (`Exists`, `DoesNotExist`).

FAIL::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels:
          app.kubernetes.io/name: api
          app.kubernetes.io/version: 1.4.2
      policyTypes: [Ingress]

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
      labels:
        app.kubernetes.io/version: 1.4.2
    spec:
      podSelector:
        matchLabels:
          app.kubernetes.io/name: api
        matchExpressions:
          - {key: pod-template-hash, operator: Exists}
      policyTypes: [Ingress]

FIX::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels:
          app.kubernetes.io/name: api
      policyTypes: [Ingress]
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.selectors import Selector
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.wording import term_text

ID = "version-label"
SUMMARY = "a selector on a label that changes with each release"
SEVERITY = Severity.WARNING
SCOPE = "policy"

CHANGES = {
    "helm.sh/chart": "with every version of the chart",
    "app.kubernetes.io/version": "with every version of the application",
    "pod-template-hash": "with every rollout of the Deployment",
    "controller-revision-hash": "with every rollout of the DaemonSet or StatefulSet",
}
KEYS = frozenset(CHANGES)


def check(group: Group) -> Iterator[Problem]:
    """Report each requirement on such a label, in any selector of the policy."""
    for policy in group.subjects:
        if not KEYS.isdisjoint(policy.pod_selector.box):
            yield from problems(policy, ("spec", "podSelector"), policy.pod_selector)
        for rule in policy.ingress + policy.egress:
            for peer in rule.peers or ():
                for selector, field in (
                    (peer.pod_selector, "podSelector"),
                    (peer.namespace_selector, "namespaceSelector"),
                ):
                    if selector is not None and not KEYS.isdisjoint(selector.box):
                        yield from problems(policy, (*rule.peer_path(peer), field), selector)


def problems(policy: NetworkPolicy, path: Path, selector: Selector) -> Iterator[Problem]:
    """The problems of one selector; path is its own."""
    for term in selector.terms:
        if term.key in KEYS and term.operator in ("In", "NotIn"):
            yield Problem(
                policy,
                (*path, *term.path),
                f"selector `{term_text(term)}` goes stale: the label changes {CHANGES[term.key]}",
                fix=Fix(f"select by labels that stay, without {term.key}"),
            )
