"""A field that the API does not know: it is refused, or dropped.

`kubectl` refuses unknown fields by default; with `--validate=false`, and through clients that do
not ask for validation, the field is dropped without a trace. What is left then means something
else: a misspelt `form:` in an ingress rule leaves the rule `{}`, which allows everyone, and labels
without `matchLabels:` leave a podSelector `{}`, which selects every pod.

The nearest known name is suggested. Field names are case-sensitive.

FAIL::

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
        - form:
            - podSelector:
                matchLabels: {app: web}

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
        - from:
            - podSelector:
                matchLabels: {app: web}
          ports:
            - port: 8080
              endPort: 8090

FIX::

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
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy, Peer
from kubectl_npcheck.rules.defects import defects_of
from kubectl_npcheck.rules.problem import Problem

ID = "unknown-field"
SUMMARY = "a field that the API does not know is refused, or dropped"
SEVERITY = Severity.ERROR
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report each unknown field, and what its loss means where that is worse than nothing."""
    for policy, defect in defects_of(group, ID):
        fix = Fix(defect.hint) if defect.hint else None
        evidence = loss(policy, defect.path, defect.hint)
        yield Problem(policy, defect.path, defect.message, evidence, fix=fix)


def loss(policy: NetworkPolicy, path: Path, hint: str) -> tuple[str, ...]:
    """What the API makes of the object without the field, where that is wider than it looks."""
    wider = wider_pods(policy, path, hint) or wider_rule(policy, path)
    return (f"dropped, it leaves {wider}",) if wider else ()


def wider_pods(policy: NetworkPolicy, path: Path, hint: str) -> str:
    """Words for a podSelector that loses its requirements, else ""."""
    inside = path[:2] == ("spec", "podSelector")
    misspelt = len(path) == 2 and path[0] == "spec" and "`podSelector`" in hint
    if (inside or misspelt) and policy.pod_selector.everything:
        return "an empty podSelector: every pod of the namespace"
    return ""


def wider_rule(policy: NetworkPolicy, path: Path) -> str:
    """Words for a rule that loses its peers, or a peer that loses its labels, else ""."""
    if len(path) < 4 or path[0] != "spec" or path[1] not in ("ingress", "egress"):
        return ""
    for rule in policy.ingress if path[1] == "ingress" else policy.egress:
        if rule.path != path[:3]:
            continue
        if rule.peers is None:
            ports = "any port" if rule.ports is None else "its ports"
            return f"a rule without `{rule.peers_field}`: anyone, on {ports}"
        for peer in rule.peers:
            if rule.peer_path(peer) == path[:5] and len(path) > 6:
                return wider_peer(peer, path[5])
    return ""


def wider_peer(peer: Peer, field: str | int) -> str:
    """Words for a selector of a peer that loses its requirements, else ""."""
    if field == "podSelector" and peer.pod_selector and peer.pod_selector.everything:
        return "an empty podSelector: every pod there"
    if field == "namespaceSelector":
        selector = peer.namespace_selector
        if selector is not None and selector.everything:
            return "an empty namespaceSelector: every namespace"
    return ""
