"""A namespaceSelector on a label that the namespace does not carry by itself.

Namespaces are selected by their labels, not by their name. Only
`kubernetes.io/metadata.name` is on each of them, set by the API server. A selector on `name:`
works on clusters where somebody labels the namespaces by hand or by a tool, and silently selects
nothing on the next one: the peer is then refused (with `NotIn`, it is let in).

Not reported where a Namespace in the input carries the label. An error where the Namespace of
that name is in the input and lacks it.

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
        - from:
            - namespaceSelector:
                matchLabels: {name: monitoring}

PASS::

    apiVersion: v1
    kind: Namespace
    metadata:
      name: monitoring
      labels: {name: monitoring}
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
            - namespaceSelector:
                matchLabels: {name: monitoring}

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
            - namespaceSelector:
                matchLabels: {kubernetes.io/metadata.name: monitoring}
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Operation, Severity
from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.inventory import Group, Inventory
from kubectl_npcheck.policy.model import Namespace, NetworkPolicy, Peer, Rule
from kubectl_npcheck.policy.selectors import Term
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.wording import NAME_LABEL, place_text, term_text

ID = "namespace-name-label"
SUMMARY = "a namespaceSelector on a label that the namespace does not carry by itself"
SEVERITY = Severity.WARNING
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report each requirement of a namespaceSelector that means a name and asks for a label."""
    known = group.inventory.namespaces
    for policy in group.subjects:
        for rule in policy.ingress + policy.egress:
            for peer in rule.peers or ():
                selector = peer.namespace_selector
                if selector is None or selector.everything:
                    continue
                for term in selector.terms:
                    if term.key != NAME_LABEL and (known or term.key == "name"):
                        found = judge(group.inventory, term)
                        if found is not None:
                            yield problem(policy, rule, peer, term, found)


def judge(inventory: Inventory, term: Term) -> list[Namespace] | None:
    """None if all is well, else the Namespaces of the input that are meant and lack the label."""
    if term.operator not in ("In", "NotIn"):
        return None
    known = inventory.namespaces
    meant = [namespace for value in term.values for namespace in known.get(value, ())]
    if term.key != "name" and not meant:
        return None
    for same_name in known.values():
        for namespace in same_name:
            value = namespace.labels.get(term.key)
            # `name` counts by its value; of other labels it is enough that they are in use.
            if value is not None and (term.key != "name" or value in term.values):
                return None
    return meant


def problem(
    policy: NetworkPolicy, rule: Rule, peer: Peer, term: Term, meant: list[Namespace]
) -> Problem:
    """The problem of one requirement."""
    path = (*rule.peer_path(peer), "namespaceSelector", *term.path)
    if meant:
        namespace = meant[0]
        where = place_text(namespace.origin)
        message = (
            f"namespace {namespace.name} does not carry the label that `{term_text(term)}` asks for"
        )
        evidence = [f"its labels are at {where}" if where else "its labels were read live"]
    else:
        message = f"`{term_text(term)}` selects by a label that no namespace has by itself"
        evidence = [f"only {NAME_LABEL} is on every namespace, set to its name"]
    if term.operator == "NotIn":
        evidence.append("a namespace without the label is selected by this requirement")
    instead = term_text(Term(NAME_LABEL, term.operator, term.values, ()))
    return Problem(
        policy,
        path,
        message,
        tuple(evidence),
        severity=Severity.ERROR if meant else None,
        fix=_fix(peer, term, path, f"select by `{instead}`"),
    )


def _fix(peer: Peer, term: Term, path: Path, summary: str) -> Fix:
    """The other label in the place of this one, unless the selector asks for that one already."""
    assert peer.namespace_selector is not None
    if any(other.key == NAME_LABEL for other in peer.namespace_selector.terms):
        return Fix(summary)
    if term.path[0] == "matchLabels":
        return Fix(summary, True, (Operation("rename", path, NAME_LABEL),), True)
    return Fix(summary, True, (Operation("set", (*path, "key"), NAME_LABEL),), True)
