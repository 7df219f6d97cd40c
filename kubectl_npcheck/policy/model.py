"""The objects that npcheck reasons about, as plain values.

Each field that the API defaults or drops keeps how it was authored. The model knows nothing of
files: where an object comes from is an opaque `Origin`.
"""

from __future__ import annotations

from enum import Enum

from kubectl_npcheck.origin import Origin, Path
from kubectl_npcheck.policy.selectors import Selector
from kubectl_npcheck.record import Record


class Authored(Enum):
    """How a field stands in the manifest. UNKNOWN (live objects) never fires a rule."""

    ABSENT = "absent"
    NULL = "null"
    EMPTY = "empty"
    SET = "set"
    UNKNOWN = "unknown"


class Defect(Record):
    """Something wrong in one object, found while it was parsed.

    rule is the id of the rule that reports it (`invalid`, `unknown-field`, `cidr-not-canonical`,
    `duplicate-key`, `removed-api`); path is relative to the object; hint is a remedy or "".
    """

    rule: str
    path: Path
    message: str
    hint: str = ""


class IPBlock(Record):
    """`ipBlock`, as written. The sets of addresses are computed by `cidrs`."""

    cidr: str
    excepts: tuple[str, ...] = ()


class Peer:
    """One item of `from` or `to`; conditions that are None are not part of it."""

    __slots__ = ("index", "ip_block", "namespace_selector", "pod_selector")

    def __init__(
        self,
        index: int,
        pod_selector: Selector | None = None,
        namespace_selector: Selector | None = None,
        ip_block: IPBlock | None = None,
    ) -> None:
        self.index = index
        self.pod_selector = pod_selector
        self.namespace_selector = namespace_selector
        self.ip_block = ip_block


class Port:
    """One item of `ports`, protocol defaulted. port None: every port of the protocol."""

    __slots__ = ("end_port", "index", "port", "protocol")

    def __init__(
        self, index: int, protocol: str, port: int | str | None, end_port: int | None = None
    ) -> None:
        self.index = index
        self.protocol = protocol
        self.port = port
        self.end_port = end_port


class Rule:
    """One ingress or egress rule. peers None: any peer; ports None: any port and protocol."""

    __slots__ = ("authored", "direction", "index", "peers", "peers_authored", "ports")

    def __init__(
        self,
        direction: str,
        index: int,
        peers: tuple[Peer, ...] | None,
        ports: tuple[Port, ...] | None,
        authored: Authored = Authored.SET,
        peers_authored: Authored = Authored.SET,
    ) -> None:
        self.direction = direction
        self.index = index
        self.peers = peers
        self.ports = ports
        self.authored = authored  # NULL: `- ` with nothing, EMPTY: `- {}`
        self.peers_authored = peers_authored

    @property
    def peers_field(self) -> str:
        """`from` in an ingress rule, `to` in an egress rule."""
        return "from" if self.direction == "ingress" else "to"

    @property
    def path(self) -> Path:
        """Field path of the rule, e.g. ("spec", "egress", 0)."""
        return ("spec", self.direction, self.index)

    def peer_path(self, peer: Peer) -> Path:
        """Field path of one of the rule's peers."""
        return ("spec", self.direction, self.index, self.peers_field, peer.index)

    def port_path(self, port: Port) -> Path:
        """Field path of one of the rule's ports."""
        return ("spec", self.direction, self.index, "ports", port.index)


class Applied(Record):
    """What the manifest that was last applied to a live policy wrote (`lastapplied`).

    source:         where that is known from: "last-applied annotation" or "managedFields"
    manager:        the field manager that applied it, "" if not known
    types, ingress,
    egress:         how the manifest wrote these fields
    creates_egress: a creation of the manifest would list Egress in policyTypes, under the open
                    reading
    settled:        another manager has set policyTypes since; None if nothing tells
    """

    source: str
    manager: str
    types: Authored
    ingress: Authored
    egress: Authored
    creates_egress: bool
    settled: bool | None


class NetworkPolicy:
    """One NetworkPolicy, after the API's defaulting, with what was authored.

    namespace:      as it applies in the unit (None: neither the document nor `-n` gives one)
    lists_ingress,
    lists_egress:   policyTypes after defaulting
    types_authored: how `policyTypes` itself was written
    unresolved:     paths of values that are placeholders such as `${VAR}`
    applied:        for live objects what was last applied, None where that is not known
    generated_name: the API server makes up the end of the name, which is `PREFIX*` here: no other
                    policy is the same one
    """

    __slots__ = (
        "annotations",
        "applied",
        "defects",
        "egress",
        "egress_authored",
        "generated_name",
        "ingress",
        "ingress_authored",
        "labels",
        "lists_egress",
        "lists_ingress",
        "name",
        "namespace",
        "origin",
        "pod_selector",
        "types_authored",
        "unresolved",
    )

    def __init__(
        self,
        origin: Origin,
        name: str,
        namespace: str | None,
        pod_selector: Selector,
        lists_ingress: bool,
        lists_egress: bool,
        ingress: tuple[Rule, ...] = (),
        egress: tuple[Rule, ...] = (),
        types_authored: Authored = Authored.SET,
        ingress_authored: Authored = Authored.SET,
        egress_authored: Authored = Authored.ABSENT,
        labels: dict[str, str] | None = None,
        annotations: dict[str, str] | None = None,
        defects: tuple[Defect, ...] = (),
        unresolved: tuple[Path, ...] = (),
        generated_name: bool = False,
        applied: Applied | None = None,
    ) -> None:
        self.origin = origin
        self.name = name
        self.namespace = namespace
        self.pod_selector = pod_selector
        self.lists_ingress = lists_ingress
        self.lists_egress = lists_egress
        self.ingress = ingress
        self.egress = egress
        self.types_authored = types_authored
        self.ingress_authored = ingress_authored
        self.egress_authored = egress_authored
        self.labels = labels or {}
        self.annotations = annotations or {}
        self.defects = defects
        self.unresolved = unresolved
        self.generated_name = generated_name
        self.applied = applied

    @property
    def implicit_egress(self) -> bool:
        """True if the policy says nothing of egress: not listed, and no rules (semantics, 2)."""
        return not self.lists_egress and not self.egress

    @property
    def dead_egress(self) -> bool:
        """True if there are egress rules that policyTypes makes void."""
        return bool(self.egress) and not self.lists_egress

    @property
    def accepted(self) -> bool:
        """True if the API would store the policy; only such a policy vouches for another."""
        return not any(defect.rule in REJECTED for defect in self.defects)

    def __repr__(self) -> str:
        return f"NetworkPolicy({self.namespace}/{self.name})"


REJECTED = frozenset({"invalid", "unknown-field", "removed-api"})
"""Defects with which kubectl or the API server refuses the object."""


class ContainerPort(Record):
    """A port that a container declares; name may be ""."""

    name: str
    protocol: str
    port: int


class Workload:
    """Pods, as one workload makes them. labels are those of the pods, not of the workload.

    annotations: of its own and its pods' annotations, those of npcheck
    """

    __slots__ = (
        "annotations",
        "dns_policy",
        "finished",
        "host_network",
        "kind",
        "labels",
        "name",
        "namespace",
        "origin",
        "ports",
    )

    def __init__(
        self,
        origin: Origin,
        kind: str,
        name: str,
        namespace: str | None,
        labels: dict[str, str],
        ports: tuple[ContainerPort, ...] = (),
        host_network: bool = False,
        dns_policy: str = "ClusterFirst",
        finished: bool = False,
        annotations: dict[str, str] | None = None,
    ) -> None:
        self.origin = origin
        self.kind = kind
        self.name = name
        self.namespace = namespace
        self.labels = labels
        self.ports = ports
        self.host_network = host_network
        self.dns_policy = dns_policy
        self.finished = finished
        self.annotations = annotations

    def __repr__(self) -> str:
        return f"Workload({self.kind} {self.namespace}/{self.name})"


class Namespace(Record):
    """A Namespace object of the input, with the label that the API adds to each."""

    origin: Origin
    name: str
    labels: dict[str, str]


class ServicePort(Record):
    """One port of a Service; target is a number, a container port's name, or None (= port)."""

    name: str
    protocol: str
    port: int
    target: int | str | None


class Service(Record):
    """A Service. selector {} or None selects no pods."""

    origin: Origin
    name: str
    namespace: str | None
    selector: dict[str, str] | None
    ports: tuple[ServicePort, ...]


class OtherPolicy(Record):
    """A policy of another API, or of another kind: seen and not read."""

    origin: Origin
    api_version: str
    kind: str
    name: str
    namespace: str | None
    cluster_wide: bool


class UnreadPolicy(Record):
    """A NetworkPolicy that is in the input and could not be judged (template, patch, broken).

    namespace and name are None where they could not be told either.
    """

    origin: Origin
    namespace: str | None
    name: str | None
    why: str
