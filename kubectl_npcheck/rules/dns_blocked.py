"""The pods may send something, but can very likely not resolve names.

Once any policy restricts what a pod sends, DNS has to be allowed like everything else: UDP and TCP
53 to the cluster's DNS pods, which run in another namespace (`k8s-app: kube-dns` in `kube-system`;
on OpenShift in `openshift-dns`, pod port 5353). Without it every connection by name fails, often
as a slow timeout that looks like an outage of the other side. A port without `protocol` is TCP, so
`port: 53` alone does not allow the usual queries.

The question is asked of all policies together that select the same pods. Not reported: pods whose
egress is denied as a whole; DNS allowed by another policy; anything uncertain, as a named port,
port 8053, any or private address ranges, any peer; policies of `kube-system` and `openshift-dns`;
namespaces with policies that were not read. Clients that use addresses only need no DNS: a note
where only the API server's port may be reached, else say so with `npcheck/ignore: dns-blocked`.

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
from kubectl_npcheck.policy.dns import dns_reach, only_api_server
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.isolation import EGRESS, allows_something
from kubectl_npcheck.policy.model import NetworkPolicy, Workload
from kubectl_npcheck.policy.podclasses import PodClass
from kubectl_npcheck.policy.selectors import meet
from kubectl_npcheck.rules.allowers import Allowers
from kubectl_npcheck.rules.concerned import concerned, workloads_text
from kubectl_npcheck.rules.on_record import on_record
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.unread import may_allow
from kubectl_npcheck.rules.wording import example_pods, listed, peer_text

ID = "dns-blocked"
SUMMARY = "egress is restricted and no policy of these pods allows DNS"
SEVERITY = Severity.WARNING
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report each class that cannot resolve names once, at its first policy with egress rules."""
    allowers: Allowers | None = None
    told: list[NetworkPolicy] = []
    for policy in group.subjects:
        if not policy.egress or not policy.lists_egress or dns_reach(group, policy).udp:
            continue
        if may_allow(group):
            return  # unknown, and not a finding
        if not any(map(allows_something, policy.egress)):
            continue
        if allowers is None:
            allowers = Allowers(group, [p for p in group.policies if _settles_dns(group, p)])
        blocked = allowers.missing(policy, [p for p in told if _shares_pods(p, policy)])
        if blocked is not None:
            told.append(policy)
            yield _problem(group, policy, blocked, allowers)


def _settles_dns(group: Group, policy: NetworkPolicy) -> bool:
    """Whether a policy allows its pods DNS, perhaps, or says that they need none."""
    if not policy.lists_egress or not policy.accepted:
        return False
    return dns_reach(group, policy).udp or on_record(group, policy, ID)


def _shares_pods(a: NetworkPolicy, b: NetworkPolicy) -> bool:
    return meet(a.pod_selector, b.pod_selector)


def _problem(group: Group, policy: NetworkPolicy, blocked: PodClass, allowers: Allowers) -> Problem:
    path, message = _statement(group, policy)
    evidence = [f"{example_pods(blocked.witness)}: {_who_restricts(policy, blocked)}"]
    severity = None
    if only_api_server(blocked.policies):
        severity = Severity.NOTE
        message = "DNS is not allowed: harmless if the pods speak only to the API server"
        evidence.append("all that they may reach is TCP 6443; pods are given its address")
    elif group.unit.live:
        clients = _clients(group, policy, allowers)
        if clients:
            severity = Severity.ERROR
            names = workloads_text(clients)
            evidence.append(f"they use the cluster's DNS (dnsPolicy ClusterFirst): {names}")
    return Problem(
        policy,
        path,
        message,
        tuple(evidence),
        severity,
        Fix("allow UDP and TCP 53 to pods k8s-app=kube-dns of namespace kube-system"),
    )


def _statement(group: Group, policy: NetworkPolicy) -> tuple[Path, str]:
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
    return f"their other egress policies do not allow DNS either ({listed(others)})"


def _clients(group: Group, policy: NetworkPolicy, allowers: Allowers) -> list[Workload]:
    """The live pods of the policy that ask the cluster's DNS and may not."""
    return [
        pod
        for pod in concerned(group, policy)
        if pod.dns_policy == "ClusterFirst" and not allowers.select(pod.labels)
    ]
