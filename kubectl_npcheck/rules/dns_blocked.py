"""The pods may send something, but can very likely not resolve names.

Once any policy restricts what a pod sends, DNS has to be allowed like everything else: UDP and TCP
53 to the cluster's DNS pods, which run in another namespace (`k8s-app: kube-dns` in `kube-system`;
on OpenShift in `openshift-dns`, pod port 5353). Without it every connection by name fails, often
as a slow timeout that looks like an outage of the other side. A port without `protocol` is TCP, so
`port: 53` alone does not allow the usual queries.

The question is asked of all policies together that select the same pods. Not reported: pods whose
egress is denied as a whole; DNS allowed by another policy; anything uncertain, as a named port,
port 8053, any or private address ranges, any peer; policies of `kube-system` and `openshift-dns`;
namespaces with policies that were not read. Clients that use addresses only need no DNS: say so
with `npcheck/ignore: dns-blocked`.

FAIL::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: web}
      policyTypes: [Egress]
      egress:
      - to:
        - podSelector:
            matchLabels: {app: orders}
        ports:
        - {protocol: TCP, port: 8080}

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: web}
      policyTypes: [Egress]
      egress:
      - to:
        - podSelector:
            matchLabels: {app: orders}
        ports:
        - {protocol: TCP, port: 8080}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: allow-dns
      namespace: shop
    spec:
      podSelector: {}
      policyTypes: [Egress]
      egress:
      - to:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: kube-system}
        ports:
        - {protocol: UDP, port: 53}
        - {protocol: TCP, port: 53}

FIX::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: web}
      policyTypes: [Egress]
      egress:
      - to:
        - podSelector:
            matchLabels: {app: orders}
        ports:
        - {protocol: TCP, port: 8080}
      - to:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: kube-system}
          podSelector:
            matchLabels: {k8s-app: kube-dns}
        ports:
        - {protocol: UDP, port: 53}
        - {protocol: TCP, port: 53}
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.annotations import ignored_rules
from kubectl_npcheck.policy.dns import dns_reach
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.isolation import EGRESS, allows_everything, allows_something
from kubectl_npcheck.policy.model import NetworkPolicy, Workload
from kubectl_npcheck.policy.podclasses import PodClass, classes_selected_by
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.wording import labels_text, peer_text, workload_text

ID = "dns-blocked"
SUMMARY = "egress is restricted and no policy of these pods allows DNS"
SEVERITY = Severity.WARNING
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report each class that cannot resolve names once, at its first policy with egress rules."""
    told: set[int] = set()
    for policy in group.subjects:
        if not policy.egress or not policy.lists_egress or dns_reach(group, policy).udp:
            continue
        if group.unread or group.others:
            return  # they may allow DNS: unknown, and not a finding
        for pod_class in classes_selected_by(group, policy) or ():
            if id(pod_class) not in told and _is_blocked(group, policy, pod_class):
                told.update(map(id, classes_selected_by(group, policy) or ()))
                yield _problem(group, policy, pod_class)
                break


def _is_blocked(group: Group, policy: NetworkPolicy, pod_class: PodClass) -> bool:
    """Whether the class is restricted, and nothing that it is allowed may be DNS.

    A policy that the API would reject does not count, except `policy` itself.
    """
    something = False
    for other in pod_class.policies:
        if not other.lists_egress or not (other.accepted or other is policy):
            continue
        if ID in ignored_rules(other.annotations) and other is not policy:
            return False
        if dns_reach(group, other).udp:
            return False
        for rule in other.egress:
            if allows_everything(rule):
                return False
            something = something or allows_something(rule)
    return something


def _problem(group: Group, policy: NetworkPolicy, blocked: PodClass) -> Problem:
    path, message = _statement(group, policy, blocked)
    evidence = [f"pods {labels_text(blocked.witness)}: {_who_restricts(policy, blocked)}"]
    severity = None
    if group.unit.live:
        clients = _clients(group, blocked)
        if clients:
            severity = Severity.ERROR
            names = ", ".join([workload_text(client) for client in clients[:3]])
            more = f" and {len(clients) - 3} more" if len(clients) > 3 else ""
            evidence.append(f"they use the cluster's DNS (dnsPolicy ClusterFirst): {names}{more}")
    return Problem(
        policy,
        path,
        message,
        tuple(evidence),
        severity,
        Fix("allow UDP and TCP 53 to pods k8s-app=kube-dns of namespace kube-system"),
    )


def _statement(group: Group, policy: NetworkPolicy, blocked: PodClass) -> tuple[Path, str]:
    """Where the policy comes closest to allowing DNS, and what is missing there."""
    reach = dns_reach(group, policy)
    if reach.only_tcp is not None:
        rule, port = reach.only_tcp
        return rule.port_path(port), (
            f"DNS is very likely blocked: port {port.port} is allowed over TCP only, "
            "queries go over UDP"
        )
    if reach.wrong_peers is not None:
        rule = reach.wrong_peers
        peers = " and ".join([peer_text(peer, policy.namespace) for peer in rule.peers or ()])
        return (*rule.path, "to"), (
            f"DNS is very likely blocked: port 53 is allowed only to {peers}, "
            "which cannot be the cluster's DNS"
        )
    return ("spec", EGRESS), (
        "DNS is very likely blocked: egress is restricted, and nothing allows UDP 53 "
        "to the cluster's DNS"
    )


def _who_restricts(policy: NetworkPolicy, blocked: PodClass) -> str:
    others = [p.name for p in blocked.policies if p.lists_egress and p is not policy]
    if not others:
        return "no other policy states their egress"
    return f"their other egress policies do not allow DNS either ({', '.join(others)})"


def _clients(group: Group, blocked: PodClass) -> list[Workload]:
    """The live pods of the class that ask the cluster's DNS."""
    members = set(map(id, blocked.policies))
    found = []
    for workload in group.workloads:
        if workload.host_network or workload.finished or workload.dns_policy != "ClusterFirst":
            continue
        selecting = {id(p) for p in group.policies if p.pod_selector.matches(workload.labels)}
        if selecting == members:
            found.append(workload)
    return found
