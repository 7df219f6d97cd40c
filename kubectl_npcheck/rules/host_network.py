"""All selected pods run with hostNetwork, where a NetworkPolicy has no defined effect.

Pods with `hostNetwork: true` use their node's network. The API gives a policy on them no defined
effect: most plugins ignore it, some apply parts of it. As peers they cannot be told by labels
either, since their traffic has the node's address: the rule that names them allows nothing.

Only reported where every known pod that the selector matches runs so; a selector that also
matches other pods still does its work for them.

FAIL::

    apiVersion: apps/v1
    kind: DaemonSet
    metadata:
      name: node-agent
      namespace: shop
    spec:
      selector:
        matchLabels: {app: node-agent}
      template:
        metadata:
          labels: {app: node-agent}
        spec:
          hostNetwork: true
          containers:
            - {name: agent, image: agent}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: node-agent
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: node-agent}
      policyTypes: [Ingress]

PASS::

    apiVersion: apps/v1
    kind: DaemonSet
    metadata:
      name: node-agent
      namespace: shop
    spec:
      selector:
        matchLabels: {app: node-agent}
      template:
        metadata:
          labels: {app: node-agent}
        spec:
          containers:
            - {name: agent, image: agent}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: node-agent
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: node-agent}
      policyTypes: [Ingress]

FIX::

    apiVersion: apps/v1
    kind: DaemonSet
    metadata:
      name: node-agent
      namespace: shop
    spec:
      selector:
        matchLabels: {app: node-agent}
      template:
        metadata:
          labels: {app: node-agent}
        spec:
          hostNetwork: false
          containers:
            - {name: agent, image: agent}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: node-agent
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: node-agent}
      policyTypes: [Ingress]
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group, Inventory
from kubectl_npcheck.policy.model import NetworkPolicy, Workload
from kubectl_npcheck.policy.selectors import Selector
from kubectl_npcheck.rules.pods import every_pod, known_pods, peer_groups, possible_pods
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.wording import peer_text, selector_text, workload_text

ID = "host-network"
SUMMARY = "all selected pods run with hostNetwork: the policy has no defined effect on them"
SEVERITY = Severity.WARNING
SCOPE = "inventory"


def check(group: Group) -> Iterator[Problem]:
    """Report each podSelector and each peer that means hostNetwork pods only."""
    if not any_on_host(group.inventory):
        return
    for policy in group.subjects:
        pods = on_host([group], policy.pod_selector)
        if pods:
            yield Problem(
                policy,
                ("spec", "podSelector"),
                f"pods {selector_text(policy.pod_selector)} run with hostNetwork: "
                "the policy has no defined effect on them",
                evidence(pods),
            )
        yield from peers(group, policy)


def peers(group: Group, policy: NetworkPolicy) -> Iterator[Problem]:
    """The problems of a policy's peers."""
    for rule in policy.ingress + policy.egress:
        for peer in rule.peers or ():
            places = peer_groups(group, peer) if peer.pod_selector is not None else None
            pods = on_host(places, peer.pod_selector) if places and peer.pod_selector else []
            if pods:
                yield Problem(
                    policy,
                    rule.peer_path(peer),
                    f"{peer_text(peer, policy.namespace)} run with hostNetwork: "
                    "labels do not tell them from their node",
                    evidence(pods),
                    fix=Fix("use an ipBlock with the nodes' addresses"),
                )


def any_on_host(inventory: Inventory) -> bool:
    """Whether any known pod runs with hostNetwork."""
    held = inventory.cache.get("host network")
    if held is None:
        held = any(workload.host_network for workload in every_pod(inventory).workloads)
        inventory.cache["host network"] = held
    return bool(held)


def on_host(places: list[Group], selector: Selector) -> list[Workload]:
    """The known pods of a selector if all of them run with hostNetwork, else nothing."""
    if selector.everything:
        return []
    found: list[Workload] = []
    for place in places:
        if not all(workload.host_network for workload in possible_pods(place).matching(selector)):
            return []
        found.extend(known_pods(place).matching(selector))
    return found


def evidence(pods: list[Workload]) -> tuple[str, ...]:
    """The workloads concerned, the first few by name."""
    named = ", ".join(workload_text(workload) for workload in pods[:5])
    return (f"hostNetwork: true in {named}" + (", …" if len(pods) > 5 else ""),)
