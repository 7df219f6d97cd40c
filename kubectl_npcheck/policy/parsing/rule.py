"""Plain object → one ingress or egress rule: its peers and ports.

Knows the fields of a rule, and of a peer and a port; must not know policies.
"""

from __future__ import annotations

from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.model import Authored, IPBlock, Peer, Port, Rule
from kubectl_npcheck.policy.parsing import schema
from kubectl_npcheck.policy.parsing.defects import Defects
from kubectl_npcheck.policy.parsing.ip_block import parse_ip_block
from kubectl_npcheck.policy.parsing.port import parse_port
from kubectl_npcheck.policy.parsing.selector import parse_selector
from kubectl_npcheck.policy.selectors import Selector

_STRUCT = {"ingress": "NetworkPolicyIngressRule", "egress": "NetworkPolicyEgressRule"}
_PEERS = {"ingress": "from", "egress": "to"}
_KNOWN = {"ingress": schema.INGRESS_RULE, "egress": schema.EGRESS_RULE}


def parse_rule(item: object, direction: str, index: int, defects: Defects) -> Rule | None:
    """Read one item of `spec.ingress` or `spec.egress`; None if it is no rule at all.

    A null rule, and one whose fields are all unknown, is `{}` for the API: it allows everyone. A
    list of peers or ports that holds none the API takes is read as an empty one, not as "any".
    """
    if item is None:
        return Rule(direction, index, None, None, Authored.NULL, Authored.ABSENT)
    path = ("spec", direction, index)
    struct = _STRUCT[direction]
    if type(item) is not dict:
        defects.mismatch(item, path, "NetworkPolicySpec", f"v1.{struct}")
        return None
    if not item:
        return Rule(direction, index, None, None, Authored.EMPTY, Authored.ABSENT)
    field = _PEERS[direction]
    if not item.keys() <= _KNOWN[direction]:
        schema.unknown_fields(item, path, _KNOWN[direction], defects)
    peers: tuple[Peer, ...] | None = None
    value = item.get(field)
    if type(value) is list:
        peers_authored = Authored.SET if value else Authored.EMPTY
        if value:
            peers = _peers(value, (*path, field), struct, defects)
    elif value is None:
        peers_authored = Authored.NULL if field in item else Authored.ABSENT
    else:
        defects.mismatch(value, (*path, field), struct, "[]v1.NetworkPolicyPeer")
        peers_authored = Authored.UNKNOWN
        peers = ()
    ports = item.get("ports")
    return Rule(
        direction,
        index,
        peers,
        None if ports is None else _ports(ports, (*path, "ports"), struct, defects),
        Authored.SET,
        peers_authored,
    )


def _peers(items: list[object], path: Path, struct: str, defects: Defects) -> tuple[Peer, ...]:
    peers: list[Peer] = []
    for index, item in enumerate(items):
        where = (*path, index)
        if item is None:
            item = {}
        if type(item) is not dict:
            defects.mismatch(item, where, struct, "v1.NetworkPolicyPeer")
            continue
        peer = _peer(item, index, where, defects)
        if peer is not None:
            peers.append(peer)
    return tuple(peers)


def _peer(item: dict[str, object], index: int, path: Path, defects: Defects) -> Peer | None:
    """A peer; None if it has no condition, which the API refuses."""
    if not item.keys() <= schema.PEER:
        schema.unknown_fields(item, path, schema.PEER, defects)
    pods = item.get("podSelector")
    namespaces = item.get("namespaceSelector")
    block = item.get("ipBlock")
    pod_selector: Selector | None = None
    namespace_selector: Selector | None = None
    ip_block: IPBlock | None = None
    if pods is not None:
        pod_selector = parse_selector(pods, path, "podSelector", "NetworkPolicyPeer", defects)
    if namespaces is not None:
        namespace_selector = parse_selector(
            namespaces, path, "namespaceSelector", "NetworkPolicyPeer", defects
        )
    if block is not None:
        ip_block = parse_ip_block(block, (*path, "ipBlock"), defects)
        if pods is not None or namespaces is not None:
            defects.refuse(path, "Forbidden: may not specify both ipBlock and another peer")
    elif pods is None and namespaces is None:
        defects.refuse(path, "Required value: must specify a peer")
        return None
    if pod_selector is None and namespace_selector is None and ip_block is None:
        return None
    return Peer(index, pod_selector, namespace_selector, ip_block)


def _ports(value: object, path: Path, struct: str, defects: Defects) -> tuple[Port, ...] | None:
    if type(value) is not list:
        defects.mismatch(value, path, struct, "[]v1.NetworkPolicyPort")
        return ()
    if not value:
        return None
    ports: list[Port] = []
    for index, item in enumerate(value):
        port = parse_port(item, index, path, struct, defects)
        if port is not None:
            ports.append(port)
    return tuple(ports)
