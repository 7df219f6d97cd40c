"""The undecided part of a policy as one selector, for `--split`.

A policy's pods without those that other policies decide: where each of these differs from it in
one label key, what is left is again a selector. Pure; knows selectors and how they are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from kubectl_npcheck.fixing.world import Sibling
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.selectors import Selector, Term, meet
from kubectl_npcheck.policy.values import ANYTHING, Values, intersect_values, values_contain

SUFFIX = "-egress"


class Part(NamedTuple):
    """The policy to write beside one. expressions: what its selector demands beyond the other's."""

    name: str
    expressions: tuple[dict[str, Any], ...]
    sibling: Sibling


def part_of(policy: NetworkPolicy, deciders: Sequence[NetworkPolicy]) -> Part | None:
    """The part of the policy's pods that no decider selects; None if it is no single selector."""
    box = policy.pod_selector.box
    kept: dict[str, Values] = {}
    for decider in deciders:
        rest = [
            (key, values)
            for key, values in decider.pod_selector.box.items()
            if not values_contain(values, box.get(key, ANYTHING))
        ]
        if len(rest) == 1:
            key, values = rest[0]
            held = kept.get(key, box.get(key, ANYTHING))
            kept[key] = intersect_values(held, _complement(values))
    terms: list[Term] = []
    for key in sorted(kept):
        found = _terms(key, kept[key])
        if found is None:
            return None
        terms += found
    selector = Selector(policy.pod_selector.terms + tuple(terms))
    if selector.void or any(meet(selector, decider.pod_selector) for decider in deciders):
        return None
    name = policy.name + SUFFIX
    if len(name) > 253:
        return None
    return Part(name, tuple(map(_written, terms)), Sibling(name, selector))


def _complement(values: Values) -> Values:
    return Values(not values.excluding, values.values, not values.absent)


def _terms(key: str, values: Values) -> list[Term] | None:
    """Requirements that allow exactly these values; None if no requirements do."""
    named = tuple(sorted(values.values))
    if values.excluding:
        terms = [Term(key, "NotIn", named, ())] if named else []
        return terms if values.absent else [*terms, Term(key, "Exists", (), ())]
    if values.absent:
        return None if named else [Term(key, "DoesNotExist", (), ())]
    return [Term(key, "In", named, ())] if named else None


def _written(term: Term) -> dict[str, Any]:
    written: dict[str, Any] = {"key": term.key, "operator": term.operator}
    return {**written, "values": list(term.values)} if term.values else written


def document_for(policy: dict[str, Any], part: Part) -> dict[str, Any]:
    """The policy to write, as plain data; policy is the one that it stands beside."""
    metadata: dict[str, Any] = {"name": part.name}
    namespace = policy["metadata"].get("namespace")
    if namespace is not None:
        metadata["namespace"] = namespace
    spec = policy.get("spec") or {}
    selector = dict(spec.get("podSelector") or {})
    own = selector.get("matchExpressions") or []
    if part.expressions:
        selector["matchExpressions"] = [*own, *part.expressions]
    head: dict[str, Any] = {key: policy[key] for key in ("apiVersion", "kind") if key in policy}
    new_spec = {"podSelector": selector, "policyTypes": ["Egress"], "egress": [{}]}
    return {**head, "metadata": metadata, "spec": new_spec}
