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

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy, Port, Rule, Service, Workload
from kubectl_npcheck.rules.pod_ports import listens, permits, pod_port, services_of, translations
from kubectl_npcheck.rules.pods import destination_groups, destination_pods
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


def judge(group: Group, policy: NetworkPolicy, rule: Rule, port: Port) -> Iterator[Problem]:
    """The problem of one port, if all pods that the rule reaches lie behind a translation."""
    translated: tuple[Service, Workload, int] | None = None
    places = destination_groups(group, rule) or []
    for workload in destination_pods(group, policy, rule) or ():
        behind = services_of(places, workload)
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
