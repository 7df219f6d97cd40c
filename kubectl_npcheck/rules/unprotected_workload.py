"""No policy isolates this workload, in a namespace whose other pods are protected.

A pod that no policy selects for a direction is open in it: anybody may connect, or it may send
anything. Where a namespace has policies for that direction, such a workload has usually been
forgotten: it came later, or its labels changed. A default-deny (`podSelector: {}`) closes the gap
for all pods, those of tomorrow included.

A note; write `rules: {unprotected-workload: warning}` into `.npcheck.yaml` to be strict. Not
reported: namespaces without a policy for that direction; egress that a policy of the workload
leaves unstated (rule `egress-implicit`); pods in their node's network, on which policies have no
defined effect, and finished ones; the system's own namespaces; where policies that were not read,
or of another API, may select the workload. On a cluster, pods that are alike are reported once.

FAIL::

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
      - ports:
        - {protocol: TCP, port: 8080}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: orders
      namespace: shop
    spec:
      selector:
        matchLabels: {app: orders}
      template:
        metadata:
          labels: {app: orders}
        spec:
          containers:
          - {name: orders, image: orders}

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
      - ports:
        - {protocol: TCP, port: 8080}
    ---
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

FIX::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: default-deny
      namespace: shop
    spec:
      podSelector: {}
      policyTypes: [Ingress]
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
      - ports:
        - {protocol: TCP, port: 8080}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: orders
      namespace: shop
    spec:
      selector:
        matchLabels: {app: orders}
      template:
        metadata:
          labels: {app: orders}
        spec:
          containers:
          - {name: orders, image: orders}
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group, Inventory, system_namespace
from kubectl_npcheck.policy.isolation import EGRESS, INGRESS
from kubectl_npcheck.policy.lookup import SelectorIndex
from kubectl_npcheck.policy.model import NetworkPolicy, Workload
from kubectl_npcheck.policy.parsing.names import is_placeholder
from kubectl_npcheck.policy.vouching import placeholder_keys, without_keys
from kubectl_npcheck.rules.alike import alike
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.unread import may_allow
from kubectl_npcheck.rules.wording import listed, namespace_text, policies_text, workload_text

ID = "unprotected-workload"
SUMMARY = "no policy isolates the workload, in a namespace whose other pods are protected"
SEVERITY = Severity.NOTE
SCOPE = "inventory"

WHAT = {INGRESS: "anybody may connect to it", EGRESS: "it may send anything"}


def check(group: Group) -> Iterator[Problem]:
    """Report each workload that is open in a direction in which others are isolated."""
    if not group.workloads or not group.policies or system_namespace(group.namespace):
        return
    if may_allow(group) or not group.unit.complete:
        return  # unknown, and not a finding
    used = [d for d in (INGRESS, EGRESS) if any(_lists(p, d) for p in group.policies if p.accepted)]
    shields = {direction: _Shield(group.policies, direction) for direction in used}
    if all(shield.everywhere for shield in shields.values()):
        return
    for workloads in alike(_concerned(group), by_place=not group.unit.live):
        labels = workloads[0].labels
        gaps = [d for d, shield in shields.items() if not shield.may_select(labels)]
        if gaps and not any(_elsewhere(group, d).may_select(labels) for d in gaps):
            yield _problem(group, workloads, gaps)


class _Shield:
    """The policies that isolate pods for a direction, or may, whatever the reading."""

    __slots__ = ("_index", "everywhere")

    def __init__(self, policies: Sequence[NetworkPolicy], direction: str) -> None:
        isolating = [p for p in policies if direction == EGRESS or p.lists_ingress]
        selectors = [
            without_keys(p.pod_selector, placeholder_keys(p)) if p.unresolved else p.pod_selector
            for p in isolating
        ]
        self.everywhere = any(selector.everything for selector in selectors)
        self._index = SelectorIndex(selectors)

    def may_select(self, labels: dict[str, str]) -> bool:
        """Whether a pod with these labels may be isolated."""
        return self.everywhere or bool(self._index.matching(labels))


def _lists(policy: NetworkPolicy, direction: str) -> bool:
    return policy.lists_ingress if direction == INGRESS else policy.lists_egress


def _concerned(group: Group) -> Iterator[Workload]:
    """The workloads on which policies act, and whose labels are known."""
    for workload in group.workloads:
        if workload.finished or workload.host_network or workload.origin.context:
            continue
        if not any(map(is_placeholder, workload.labels.values())):
            yield workload


def _elsewhere(group: Group, direction: str) -> _Shield:
    """The policies of other units that may be applied to the same namespace."""
    key = f"unprotected {direction}"
    held = group.cache.get(key)
    if not isinstance(held, _Shield):
        held = group.cache[key] = _Shield(_others(group.inventory, group), direction)
    return held


def _others(inventory: Inventory, group: Group) -> list[NetworkPolicy]:
    if len(inventory.units) < 2:
        return []
    if group.namespace is None:
        near = [other for other in inventory.groups if other is not group]
    else:
        near = [*inventory.groups_named(group.namespace), *inventory.groups_named(None)]
    return [policy for other in near if other is not group for policy in other.policies]


def _problem(group: Group, workloads: list[Workload], gaps: list[str]) -> Problem:
    first = workloads[0]
    selecting = [p for p in group.policies if p.pod_selector.matches(first.labels)]
    others = [p for p in group.policies if any(_lists(p, d) for d in gaps)]
    effect = " and ".join([WHAT[direction] for direction in gaps])
    evidence = [
        f"others of {namespace_text(group.namespace)} are isolated by {policies_text(others)}"
    ]
    if selecting:
        evidence.append(f"it is selected by {policies_text(selecting)}, not for this direction")
    if len(workloads) > 1:
        same = [workload_text(workload) for workload in workloads[1:]]
        evidence.append(f"the same holds for {listed(same)}")
    titles = " and ".join([direction.capitalize() for direction in gaps])
    return Problem(
        first,
        ("metadata", "name"),
        f"no policy isolates it for {titles}: {effect}",
        tuple(evidence),
        fix=Fix("add a policy that selects it, or a default-deny with `podSelector: {}`"),
    )
