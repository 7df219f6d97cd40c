"""Whether an egress allowance can carry DNS (semantics, section 8).

The cluster's DNS pods are `k8s-app: kube-dns` in `kube-system` (OpenShift: in `openshift-dns`, pod
port 5353); NodeLocal DNSCache listens on 169.254.20.10. Only what surely cannot be the cluster's
DNS counts as such: everything uncertain (a named port, port 8053, a private address range) may be.
Knows rules and peers; must not know how a finding is worded.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from kubectl_npcheck.policy.cidrs import AddressSet, block_set, cidr_set, overlaps, union
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.isolation import NAMESPACE_NAME, peer_can_exist
from kubectl_npcheck.policy.model import IPBlock, NetworkPolicy, Peer, Port, Rule
from kubectl_npcheck.record import Record

DNS_NAMESPACES = frozenset({"kube-system", "openshift-dns"})
NODE_CACHE = frozenset({"node-local-dns", "nodelocaldns"})
"""The `k8s-app` of NodeLocal DNSCache: as Kubernetes publishes it, and as Kubespray installs it."""
DNS_PORTS = (53, 5353)
MAYBE_DNS_PORTS = (53, 5353, 8053)
API_SERVER_PORT = 6443
CLUSTER_RANGES = (
    "10.0.0.0/8",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "34.118.224.0/20",  # GKE's default range of Service addresses
    "fc00::/7",
    "fe80::/10",
)
"""Where a cluster's Service, pod and node-local addresses may be."""

_CACHE = "dns"


class DnsReach(Record):
    """What the egress rules of one policy do for DNS.

    udp, tcp:    whether DNS over that protocol may work
    only_tcp:    a port entry that permits TCP 53 to what may be DNS, None if there is none
    only_udp:    a port entry that surely permits UDP 53 to what may be DNS
    wrong_peers: a rule that names UDP 53 as a port, to peers that cannot be the cluster's DNS
    """

    udp: bool = False
    tcp: bool = False
    only_tcp: tuple[Rule, Port] | None = None
    only_udp: tuple[Rule, Port] | None = None
    wrong_peers: Rule | None = None


NO_DNS = DnsReach()
ANY_DNS = DnsReach(udp=True, tcp=True)


def dns_reach(group: Group, policy: NetworkPolicy) -> DnsReach:
    """What a policy of the group, which must list Egress, allows of DNS; cached in the group."""
    cache = group.cache.setdefault(_CACHE, {})
    assert isinstance(cache, dict)
    found: DnsReach | None = cache.get(id(policy))
    if found is None:
        found = cache[id(policy)] = _reach(group, policy) if policy.egress else NO_DNS
    return found


def _reach(group: Group, policy: NetworkPolicy) -> DnsReach:
    if policy.namespace in DNS_NAMESPACES:
        return ANY_DNS
    udp = tcp = False
    only_tcp: tuple[Rule, Port] | None = None
    only_udp: tuple[Rule, Port] | None = None
    wrong_peers: Rule | None = None
    for rule in policy.egress:
        udp_port = may_carry_dns(rule, "UDP")
        tcp_port = may_carry_dns(rule, "TCP")
        if not udp_port and not tcp_port:
            continue
        exact_udp = _exact_port(rule, "UDP")
        if not peers_may_be_dns(group, rule, exact_udp is not None):
            if exact_udp is not None:
                wrong_peers = wrong_peers or rule
            continue
        udp = udp or udp_port
        tcp = tcp or tcp_port
        exact_tcp = _exact_port(rule, "TCP")
        if exact_udp is not None:
            only_udp = only_udp or (rule, exact_udp)
        if exact_tcp is not None:
            only_tcp = only_tcp or (rule, exact_tcp)
    return DnsReach(udp, tcp, only_tcp, only_udp, wrong_peers)


def may_carry_dns(rule: Rule, protocol: str) -> bool:
    """Whether the ports of a rule permit DNS over the protocol, surely or perhaps."""
    if rule.ports is None:
        return True
    for entry in rule.ports:
        if entry.protocol != protocol:
            continue
        first = entry.port
        if first is None or isinstance(first, str):
            return True  # every port, or a name that may stand for it
        last = first if entry.end_port is None else entry.end_port
        for number in MAYBE_DNS_PORTS:
            if first <= number <= last:
                return True
    return False


def only_api_server(policies: Sequence[NetworkPolicy]) -> bool:
    """Whether all that the policies' egress rules permit is TCP 6443, the API server's port.

    Pods are given its address in their environment, so that its clients need no DNS.
    """
    rules = [rule for policy in policies if policy.lists_egress for rule in policy.egress]
    return bool(rules) and all(map(_is_api_server, rules))


def _is_api_server(rule: Rule) -> bool:
    for port in rule.ports or (None,):
        if port is None or port.port != API_SERVER_PORT or port.end_port is not None:
            return False
    return True


def _exact_port(rule: Rule, protocol: str) -> Port | None:
    """The port entry that names 53 or 5353 as such."""
    for port in rule.ports or ():
        if port.protocol == protocol and port.port in DNS_PORTS:
            return port
    return None


def peers_may_be_dns(group: Group, rule: Rule, named: bool) -> bool:
    """Whether a peer of the rule could be the cluster's DNS; named: the rule names port 53."""
    if rule.peers is None:
        return True
    return any(_may_be_dns(group, peer, named) for peer in rule.peers)


def _may_be_dns(group: Group, peer: Peer, named: bool) -> bool:
    if not peer_can_exist(peer):
        return False
    if peer.ip_block is not None:
        return _in_cluster_ranges(peer.ip_block)
    if peer.namespace_selector is None:
        return _serves_dns(group, peer)
    name = peer.namespace_selector.box.get(NAMESPACE_NAME)
    if name is None or any((space in name.values) != name.excluding for space in DNS_NAMESPACES):
        return True
    # Another namespace by name: with port 53 that may be a DNS server of the user's own,
    # unless it is searched by the label that only the cluster's DNS pods carry.
    return named and not _demands_kube_dns(peer)


def _demands_kube_dns(peer: Peer) -> bool:
    label = peer.pod_selector.box.get("k8s-app") if peer.pod_selector is not None else None
    return label is not None and not label.excluding and label.values == {"kube-dns"}


def _serves_dns(group: Group, peer: Peer) -> bool:
    """Whether a known pod of the own namespace, selected by the peer, declares a DNS port."""
    selector = peer.pod_selector
    for workload in group.workloads:
        if selector is None or selector.matches(workload.labels):
            for port in workload.ports:
                if port.port in MAYBE_DNS_PORTS:
                    return True
    return False


@lru_cache(maxsize=4096)
def _in_cluster_ranges(block: IPBlock) -> bool:
    addresses = block_set(block)
    if addresses is None:
        return True  # unreadable: unknown
    return overlaps(addresses, _cluster_addresses())


@lru_cache(maxsize=1)
def _cluster_addresses() -> AddressSet:
    return union([cidr_set(text) for text in CLUSTER_RANGES])
