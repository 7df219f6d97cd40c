"""DNS is allowed to the cluster's DNS pods, but not to the cache on the node.

NodeLocal DNSCache answers the pods of its node at 169.254.20.10, from the network of the node. No
podSelector or namespaceSelector reaches that address; an `ipBlock` does. A rule that allows DNS to
`k8s-app: kube-dns` in `kube-system` alone then depends on the network plugin: some let traffic to
the own node pass, others drop it, and names are not resolved, or only after a timeout.

Asked where the input holds NodeLocal DNSCache (`node-local-dns`), and of all policies together
that select the same pods. A note on files; a warning on a cluster where pods of the policy use the
cluster's DNS. Not reported: pods that are not restricted, or may not send anything; pods that no
policy allows DNS at all (rule `dns-blocked`); namespaces with policies that were not read.

FAIL::

    apiVersion: apps/v1
    kind: DaemonSet
    metadata:
      name: node-local-dns
      namespace: kube-system
    spec:
      selector:
        matchLabels: {k8s-app: node-local-dns}
      template:
        metadata:
          labels: {k8s-app: node-local-dns}
        spec:
          hostNetwork: true
          containers:
          - {name: node-cache, image: k8s-dns-node-cache}
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

PASS::

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

    apiVersion: apps/v1
    kind: DaemonSet
    metadata:
      name: node-local-dns
      namespace: kube-system
    spec:
      selector:
        matchLabels: {k8s-app: node-local-dns}
      template:
        metadata:
          labels: {k8s-app: node-local-dns}
        spec:
          hostNetwork: true
          containers:
          - {name: node-cache, image: k8s-dns-node-cache}
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
        - ipBlock:
            cidr: 169.254.20.10/32
        ports:
        - {protocol: UDP, port: 53}
        - {protocol: TCP, port: 53}
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.cidrs import V4, block_set, has_address
from kubectl_npcheck.policy.dns import DNS_NAMESPACES, NODE_CACHE, dns_reach, may_carry_dns
from kubectl_npcheck.policy.inventory import Group, Inventory
from kubectl_npcheck.policy.model import IPBlock, NetworkPolicy, Rule, Workload
from kubectl_npcheck.policy.podclasses import PodClass
from kubectl_npcheck.policy.selectors import meet
from kubectl_npcheck.rules.allowers import Allowers
from kubectl_npcheck.rules.concerned import concerned, workloads_text
from kubectl_npcheck.rules.on_record import on_record
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.unread import may_allow
from kubectl_npcheck.rules.wording import example_pods, workload_text

ID = "dns-nodelocal"
SUMMARY = "DNS is allowed, but not to NodeLocal DNSCache, which the cluster runs"
SEVERITY = Severity.NOTE
SCOPE = "inventory"

ADDRESS = 0xA9FE140A
"""169.254.20.10, where NodeLocal DNSCache listens unless it is set up otherwise."""

_CACHE = "NodeLocal DNSCache"


def check(group: Group) -> Iterator[Problem]:
    """Report each class that may ask the cluster's DNS and not the node's cache, once."""
    cache = _node_cache(group.inventory)
    if cache is None or group.namespace in DNS_NAMESPACES:
        return
    allowers: Allowers | None = None
    told: list[NetworkPolicy] = []
    for policy in group.subjects:
        if not policy.egress or not policy.lists_egress:
            continue
        if not dns_reach(group, policy).udp or _reaches_cache(policy):
            continue
        if may_allow(group):
            return  # unknown, and not a finding
        if allowers is None:
            allowers = Allowers(group, [p for p in group.policies if _settles_it(group, p)])
        cut_off = allowers.missing(policy, [p for p in told if _shares_pods(p, policy)])
        if cut_off is not None:
            told.append(policy)
            yield _problem(group, policy, cut_off, cache)


def _node_cache(inventory: Inventory) -> Workload | None:
    """NodeLocal DNSCache, if the input holds it."""
    if _CACHE not in inventory.cache:
        inventory.cache[_CACHE] = _find(inventory)
    found = inventory.cache[_CACHE]
    return found if isinstance(found, Workload) else None


def _find(inventory: Inventory) -> Workload | None:
    for group in inventory.groups:
        for workload in group.workloads:
            if workload.labels.get("k8s-app") in NODE_CACHE or workload.name == "node-local-dns":
                return workload
    return None


def _settles_it(group: Group, policy: NetworkPolicy) -> bool:
    """Whether a policy lets its pods reach the cache, or says that this is known."""
    if not policy.lists_egress or not policy.accepted:
        return False
    return _reaches_cache(policy) or on_record(group, policy, ID)


def _reaches_cache(policy: NetworkPolicy) -> bool:
    return any(may_carry_dns(rule, "UDP") and _to_cache(rule) for rule in policy.egress)


def _to_cache(rule: Rule) -> bool:
    if rule.peers is None:
        return True
    return any(peer.ip_block is not None and _holds_cache(peer.ip_block) for peer in rule.peers)


def _holds_cache(block: IPBlock) -> bool:
    addresses = block_set(block)
    return addresses is None or has_address(addresses, V4, ADDRESS)


def _shares_pods(a: NetworkPolicy, b: NetworkPolicy) -> bool:
    return meet(a.pod_selector, b.pod_selector)


def _problem(group: Group, policy: NetworkPolicy, cut_off: PodClass, cache: Workload) -> Problem:
    evidence = [
        f"{workload_text(cache)} runs in namespace {cache.namespace}: it answers at 169.254.20.10, "
        "which only an ipBlock reaches",
        f"{example_pods(cut_off.witness)}: no policy allows them UDP 53 to that address",
        "whether traffic to the own node passes all the same depends on the network plugin",
    ]
    clients = [w for w in concerned(group, policy) if w.dns_policy == "ClusterFirst"]
    if clients:
        evidence.append(f"concerns {workloads_text(clients)}")
    return Problem(
        policy,
        _place(group, policy),
        "DNS is allowed to the cluster's DNS pods, but not to NodeLocal DNSCache on the node",
        tuple(evidence),
        severity=Severity.WARNING if group.unit.live and clients else None,
        fix=Fix("add `ipBlock: {cidr: 169.254.20.10/32}` beside the DNS pods, UDP and TCP 53"),
    )


def _place(group: Group, policy: NetworkPolicy) -> Path:
    """The peers of the rule for DNS, where a rule names its port."""
    named = dns_reach(group, policy).only_udp
    return ("spec", "egress") if named is None else (*named[0].path, "to")
