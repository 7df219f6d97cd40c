"""Kustomizations' units: objects as the layers of their closure rewrite them.

Pure: works on `Closure`, `Layer` and `Target`, and knows no files. What a layer does to which
field is what `kubectl kustomize` (kustomize 5.5) was seen to do: `commonLabels` and
`includeSelectors` go into a NetworkPolicy's `podSelector.matchLabels`, its own and its peers',
only where `matchLabels` is written; into pod templates; into Services' selectors always.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from kubectl_npcheck.origin import Closure, Layer
from kubectl_npcheck.policy.inventory import Inventory, Unit
from kubectl_npcheck.policy.members import PATCHED, Object, Parts, place
from kubectl_npcheck.policy.model import (
    Namespace,
    NetworkPolicy,
    OtherPolicy,
    Peer,
    Rule,
    Service,
    UnreadPolicy,
    Workload,
)
from kubectl_npcheck.policy.selectors import Selector, Term
from kubectl_npcheck.policy.targets import Identity

Made = TypeVar("Made", NetworkPolicy, Rule, Peer, Workload)


def add_closures(
    inventory: Inventory, objects: Sequence[Object], closures: Sequence[Closure]
) -> list[Object]:
    """Add a unit for each closure; returns the objects that belong to none.

    A policy that a patch or replacement targets becomes an `UnreadPolicy` there.
    """
    claimed: dict[Parts, list[Object]] = {
        member.parts: [] for closure in closures for member in closure.members
    }
    rest: list[Object] = []
    for item in objects:
        claimed.get(item.origin.parts, rest).append(item)
    for closure in closures:
        unit = Unit(closure.name, not closure.missing, missing=closure.missing)
        inventory.units.append(unit)
        layers = [layer for member in closure.members for layer in member.layers]
        unit.relabels = any(layer.selector_labels for layer in layers)
        for member in closure.members:
            for item in claimed[member.parts]:
                place(inventory, unit, _rewritten(item, member.layers))
        _spread_unread(unit)
    return rest


def _spread_unread(unit: Unit) -> None:
    """An unread policy without namespace may belong to each namespace of its unit."""
    unknown = unit.groups.get(None)
    if unknown is None or not unknown.unread:
        return
    for group in unit.groups.values():
        if group is not unknown:
            group.unread += [item for item in unknown.unread if item not in group.unread]


def _rewritten(item: Object, layers: Sequence[Layer]) -> Object:
    if isinstance(item, NetworkPolicy):
        return _policy(item, layers)
    namespace, labels = item_namespace(item), dict[str, str]()
    selectors, templates = dict[str, str](), dict[str, str]()
    prefix = suffix = ""
    for layer in layers:
        prefix, suffix = layer.prefix + prefix, suffix + layer.suffix
        namespace = layer.namespace or namespace
        labels.update(layer.labels)
        selectors.update(layer.selector_labels)
        templates.update(layer.selector_labels)
        templates.update(layer.template_labels)
    if isinstance(item, Workload):
        added = labels | templates if item.kind == "Pod" else templates
        if namespace == item.namespace and not (added or prefix or suffix):
            return item
        workload = _copy(item)
        workload.name = f"{prefix}{item.name}{suffix}"
        workload.namespace = namespace
        workload.labels = {**item.labels, **added}
        return workload
    if isinstance(item, Service):
        selector = {**(item.selector or {}), **selectors} if selectors else item.selector
        name = f"{prefix}{item.name}{suffix}"
        return item._replace(name=name, namespace=namespace, selector=selector)
    if isinstance(item, Namespace):
        return _namespace(item, layers, labels)
    if isinstance(item, OtherPolicy):
        name = f"{prefix}{item.name}{suffix}"
        return item._replace(name=name, namespace=None if item.cluster_wide else namespace)
    return item._replace(namespace=namespace)


def item_namespace(item: Object) -> str | None:
    """The namespace of an object; a Namespace is in none."""
    return None if isinstance(item, Namespace) else item.namespace


def _namespace(item: Namespace, layers: Sequence[Layer], labels: dict[str, str]) -> Namespace:
    """A Namespace object takes the name that its kustomization gives to all namespaces."""
    name = item.name
    for layer in layers:
        name = layer.namespace or name
    own = {**item.labels, **labels, "kubernetes.io/metadata.name": name}
    return Namespace(item.origin, name, own)


def _policy(policy: NetworkPolicy, layers: Sequence[Layer]) -> NetworkPolicy | UnreadPolicy:
    identity = Identity.of(policy)
    added: dict[str, str] = {}
    patched: str | None = None
    for layer in layers:
        hit = identity.targeted(layer.targets)
        identity.apply(layer)
        if patched is None and (hit or identity.targeted(layer.targets)):
            patched = layer.name
        added.update(layer.selector_labels)
    if patched is not None:
        why = f"{PATCHED}{patched}; check with -k"
        return UnreadPolicy(policy.origin, identity.namespace, policy.name, why)
    unchanged = identity.name == policy.name and identity.namespace == policy.namespace
    if unchanged and not added and identity.labels == policy.labels:
        return policy
    rewritten = _copy(policy)
    rewritten.name = identity.name
    rewritten.namespace = identity.namespace
    rewritten.labels = identity.labels
    if added:
        rewritten.pod_selector = _selector(policy.pod_selector, added)
        rewritten.ingress = tuple(_rule(rule, added) for rule in policy.ingress)
        rewritten.egress = tuple(_rule(rule, added) for rule in policy.egress)
    return rewritten


def _rule(rule: Rule, added: dict[str, str]) -> Rule:
    if not rule.peers:
        return rule
    changed = _copy(rule)
    changed.peers = tuple(_peer(peer, added) for peer in rule.peers)
    return changed


def _peer(peer: Peer, added: dict[str, str]) -> Peer:
    if peer.pod_selector is None:
        return peer
    changed = _copy(peer)
    changed.pod_selector = _selector(peer.pod_selector, added)
    return changed


def _selector(selector: Selector, added: dict[str, str]) -> Selector:
    """The selector with labels put into its `matchLabels`; without those it stays."""
    if not any(term.path[:1] == ("matchLabels",) for term in selector.terms):
        return selector
    kept = tuple(
        term
        for term in selector.terms
        if term.path[:1] != ("matchLabels",) or term.key not in added
    )
    new = tuple(Term(key, "In", (value,), ("matchLabels", key)) for key, value in added.items())
    return Selector(kept + new)


def _copy(item: Made) -> Made:
    made = type(item).__new__(type(item))
    for slot in type(item).__slots__:
        setattr(made, slot, getattr(item, slot))
    return made
