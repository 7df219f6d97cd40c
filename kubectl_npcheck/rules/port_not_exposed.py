"""A named port that no destination pod has.

A port name in a rule is looked up among the container ports of the *destination* pod: the
policy's own pods for ingress, the peer's pods for egress. A name that they do not declare (or
declare for another protocol) permits nothing. Names of Services' ports do not count.

A note, because other pods may come. Not reported where the input does not know the destination:
no such workload in the input, egress without peers, to addresses, or to namespaces that are not
pinned by `kubernetes.io/metadata.name`.

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
            - port: web

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
            - port: web

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
            - port: http
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy, Port, Rule, Workload
from kubectl_npcheck.policy.parsing.names import is_placeholder
from kubectl_npcheck.rules.pods import destination_pods
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.wording import workload_text

ID = "port-not-exposed"
SUMMARY = "a named port that no destination pod has"
SEVERITY = Severity.NOTE
SCOPE = "inventory"


def check(group: Group) -> Iterator[Problem]:
    """Report each port name that none of the known destination pods declares."""
    for policy in group.subjects:
        for rule in (policy.ingress if policy.lists_ingress else ()) + (
            policy.egress if policy.lists_egress else ()
        ):
            for port in rule.ports or ():
                name = port.port
                if isinstance(name, str) and not is_placeholder(name):
                    pods = destination_pods(group, policy, rule)
                    if pods and not any(declares(pod, name, port.protocol) for pod in pods):
                        yield problem(policy, rule, port, pods)


def declares(workload: Workload, name: str, protocol: str) -> bool:
    """Whether one of the workload's containers declares the port, or may yet."""
    return any(
        (port.name == name and port.protocol == protocol) or is_placeholder(port.name)
        for port in workload.ports
    )


def problem(policy: NetworkPolicy, rule: Rule, port: Port, pods: list[Workload]) -> Problem:
    """The problem, with the ports that the pods do declare."""
    named = ", ".join(workload_text(pod) for pod in pods[:3]) + (", …" if len(pods) > 3 else "")
    seen = sorted(
        {f"{p.name} ({p.protocol} {p.port})" for pod in pods for p in pod.ports if p.name}
    )
    have = f"they declare {', '.join(seen[:8])}" if seen else "they declare no named port"
    return Problem(
        policy,
        (*rule.port_path(port), "port"),
        f"no destination pod declares {port.protocol} port `{port.port}`",
        (f"destination: {named}; {have}",),
    )
