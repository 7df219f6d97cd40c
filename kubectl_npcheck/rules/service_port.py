"""A rule names a Service's port, but the pods listen on its targetPort.

NetworkPolicies act on pods: the port in a rule is the pod's port, after a Service has translated
it. Where a Service maps port 80 to targetPort 8080, a rule for port 80 permits a port on which
nobody listens, and the traffic that was meant is refused.

Reported only where every known pod that the rule reaches lies behind the translation. Not
reported: pods that also listen on the Service's port, rules that permit the targetPort too, and
destinations that the input does not know.

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
            - name: api
              image: api
              ports:
                - {name: http, containerPort: 8080}
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: api
      namespace: shop
    spec:
      selector: {app: api}
      ports:
        - {port: 80, targetPort: http}
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
                matchLabels: {app: web}
          ports:
            - port: 80

PASS::

    apiVersion: v1
    kind: Service
    metadata:
      name: api
      namespace: shop
    spec:
      selector: {app: api}
      ports:
        - {port: 80, targetPort: http}
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
                matchLabels: {app: web}
          ports:
            - port: 80

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
            - name: api
              image: api
              ports:
                - {name: http, containerPort: 8080}
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: api
      namespace: shop
    spec:
      selector: {app: api}
      ports:
        - {port: 80, targetPort: http}
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
                matchLabels: {app: web}
          ports:
            - port: 8080
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group, Inventory
from kubectl_npcheck.policy.model import NetworkPolicy, Port, Rule, Service, ServicePort, Workload
from kubectl_npcheck.rules.pods import destination_pods
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.wording import place_text, workload_text

ID = "service-port"
SUMMARY = "a rule names a Service's port, but the pods listen on its targetPort"
SEVERITY = Severity.ERROR
SCOPE = "inventory"


def check(group: Group) -> Iterator[Problem]:
    """Report each numeric port that only a Service has, and not the pods behind it."""
    translating = translations(group.inventory)
    if not translating:
        return
    for policy in group.subjects:
        for rule in (policy.ingress if policy.lists_ingress else ()) + (
            policy.egress if policy.lists_egress else ()
        ):
            for port in rule.ports or ():
                if port.end_port is None and port.port in translating:
                    yield from judge(group, policy, rule, port)


def translations(inventory: Inventory) -> frozenset[int]:
    """The Service ports of the input that may differ from the port of the pods."""
    held = inventory.cache.get("translated ports")
    if held is None:
        held = inventory.cache["translated ports"] = frozenset(
            port.port
            for group in inventory.groups
            for service in group.services
            for port in service.ports
            if port.target is not None and port.target != port.port
        )
    return cast("frozenset[int]", held)


def judge(group: Group, policy: NetworkPolicy, rule: Rule, port: Port) -> Iterator[Problem]:
    """The problem of one port, if all pods that the rule reaches lie behind a translation."""
    translated: tuple[Service, Workload, int] | None = None
    for workload in destination_pods(group, policy, rule) or ():
        behind = services_of(group.inventory, workload)
        if listens(workload, port, behind):
            return
        for service, entry in behind:
            target = pod_port(workload, entry)
            if entry.port == port.port and entry.protocol == port.protocol and target is not None:
                if any(
                    permits(other, port.protocol, target, workload) for other in rule.ports or ()
                ):
                    return
                translated = translated or (service, workload, target)
    if translated is not None:
        yield problem(policy, rule, port, *translated)


def services_of(inventory: Inventory, workload: Workload) -> list[tuple[Service, ServicePort]]:
    """The Service ports that lead to a workload's pods."""
    return [
        (service, entry)
        for group in inventory.groups_named(workload.namespace)
        for service in group.services
        if service.selector and service.selector.items() <= workload.labels.items()
        for entry in service.ports
    ]


def pod_port(workload: Workload, entry: ServicePort) -> int | None:
    """The pod's port behind a Service port; None if a named one is not declared."""
    if entry.target is None:
        return entry.port
    if isinstance(entry.target, int):
        return entry.target
    for declared in workload.ports:
        if declared.name == entry.target and declared.protocol == entry.protocol:
            return declared.port
    return None


def listens(workload: Workload, port: Port, behind: list[tuple[Service, ServicePort]]) -> bool:
    """Whether the pods may listen on the port; declaring none and serving none leaves it open."""
    protocol, number = port.protocol, port.port
    for declared in workload.ports:
        if declared.port == number and declared.protocol == protocol:
            return True
    translated = False
    for _, entry in behind:
        if entry.protocol == protocol:
            target = pod_port(workload, entry)
            if target == number or (target is None and entry.port == number):
                return True
            translated = translated or entry.port == number
    return not translated and not workload.ports


def permits(port: Port, protocol: str, number: int, workload: Workload) -> bool:
    """Whether one item of `ports` permits a number on a workload's pods."""
    if port.protocol != protocol:
        return False
    if isinstance(port.port, int):
        return port.port <= number <= (port.end_port or port.port)
    return port.port is None or any(
        declared.name == port.port and declared.port == number for declared in workload.ports
    )


def problem(
    policy: NetworkPolicy, rule: Rule, port: Port, service: Service, pods: Workload, target: int
) -> Problem:
    """The problem, with the Service that translates and the pods' own port."""
    where = place_text(service.origin)
    return Problem(
        policy,
        (*rule.port_path(port), "port"),
        f"{port.protocol} {port.port} is the port of Service {service.name}; "
        f"its pods listen on {target}",
        (
            f"Service {service.name}{f' ({where})' if where else ''} maps {port.port} to "
            f"{target} of {workload_text(pods)}; policies see the pod's port",
        ),
        fix=Fix(f"allow port {target}"),
    )
