"""Another policy of the same pods, or another rule, allows all of this already.

Policies only ever add up. What a policy allows beside a wider one for the same pods has no effect:
neither does it restrict, nor can it be taken away to restrict. That matters where the narrow one
was meant to hold: a policy that lets in the gateway alone does nothing beside one that lets in the
whole namespace.

Not reported: policies that only deny, as their isolation is their purpose; `egress: [{}]`; rules
for DNS alone, which many policies bring along so as to stand on their own; of two equal ones, the
earlier.

FAIL::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: same-namespace
      namespace: shop
    spec:
      podSelector: {}
      policyTypes: [Ingress]
      ingress:
      - from:
        - podSelector: {}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: orders
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: orders}
      policyTypes: [Ingress]
      ingress:
      - from:
        - podSelector:
            matchLabels: {app: gateway}
        ports:
        - {protocol: TCP, port: 8080}

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: default-deny
      namespace: shop
    spec:
      podSelector: {}
      policyTypes: [Ingress]
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: orders
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: orders}
      policyTypes: [Ingress]
      ingress:
      - from:
        - podSelector:
            matchLabels: {app: gateway}
        ports:
        - {protocol: TCP, port: 8080}
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.origin import path_text
from kubectl_npcheck.policy.containment import rule_contains
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.isolation import allows_everything, allows_something
from kubectl_npcheck.policy.lookup import WiderIndex
from kubectl_npcheck.policy.meaning import ambiguous
from kubectl_npcheck.policy.model import NetworkPolicy, Rule
from kubectl_npcheck.policy.selectors import contains
from kubectl_npcheck.record import Record
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.wording import (
    listed,
    peer_text,
    policies_text,
    policy_text,
    port_text,
)

ID = "redundant"
SUMMARY = "another policy of the same pods, or another rule, allows all of this already"
SEVERITY = Severity.NOTE
SCOPE = "policy"

MAX_OTHERS = 40
"""How many other policies that select the same pods each policy is compared with."""


MAX_PAIRS = 2_000
"""How many pairs of rules are compared for one policy."""

DNS_PORTS = frozenset({53, 5353})


class Wider(Record):
    """The rule that contains another one, and its policy."""

    policy: NetworkPolicy
    rule: Rule


def check(group: Group) -> Iterator[Problem]:
    """Report policies and rules that allow nothing which others do not allow."""
    alone = len(group.policies) < 2
    others: _Others | None = None
    for policy in group.subjects:
        count = len(policy.ingress) + len(policy.egress)
        if not count or (alone and count < 2):
            continue
        if others is None:
            others = _Others(group)
        wider = others.wider(policy)
        if len(wider) < 2 and len(policy.ingress) < 2 and len(policy.egress) < 2:
            continue
        found = _contained(others, policy, wider)
        if found:
            yield from _problems(policy, wider, found)


class _Others:
    """The policies with rules that surely exist and whose words are all known."""

    __slots__ = ("_index", "_place", "_policies")

    def __init__(self, group: Group) -> None:
        unsure = ambiguous(group)
        self._policies = [
            policy
            for policy in group.policies
            if (policy.ingress or policy.egress)
            and not policy.unresolved
            and (not policy.defects or policy.accepted)
            and id(policy) not in unsure
        ]
        self._index = WiderIndex([policy.pod_selector for policy in self._policies])
        self._place = {id(policy): number for number, policy in enumerate(self._policies)}

    def wider(self, policy: NetworkPolicy) -> list[NetworkPolicy]:
        """The policies that select all of its pods, itself first; [] if it may not exist."""
        if id(policy) not in self._place:
            return []
        found = [policy]
        for number in self._index.containing(policy.pod_selector, MAX_OTHERS):
            other = self._policies[number]
            if other is not policy and other.name != policy.name:
                found.append(other)
        return found

    def keeps(self, policy: NetworkPolicy, rule: Rule, other: Wider) -> bool:
        """Whether the rule stays and the other, its equal, counts as the redundant one."""
        if not rule_contains(rule, other.rule, policy.namespace):
            return False
        if other.policy is policy:
            return rule.index < other.rule.index
        if not contains(policy.pod_selector, other.policy.pod_selector):
            return False
        return self._place[id(policy)] < self._place[id(other.policy)]


def _contained(
    others: _Others, policy: NetworkPolicy, wider: list[NetworkPolicy]
) -> dict[int, Wider]:
    """By rule (its id), the rule that contains it: of another policy, if there is one."""
    found: dict[int, Wider] = {}
    pairs = MAX_PAIRS
    namespace = policy.namespace
    for other in wider:
        for mine, theirs, both in (
            (policy.ingress, other.ingress, policy.lists_ingress and other.lists_ingress),
            (policy.egress, other.egress, policy.lists_egress and other.lists_egress),
        ):
            if not both or not theirs or not mine:
                continue
            pairs -= len(mine) * len(theirs)
            if pairs < 0:
                return found
            for rule in mine:
                for candidate in theirs:
                    if (
                        candidate is not rule
                        and rule_contains(candidate, rule, namespace)
                        and _tells(rule)
                        and not others.keeps(policy, rule, Wider(other, candidate))
                        and (id(rule) not in found or found[id(rule)].policy is policy)
                    ):
                        found[id(rule)] = Wider(other, candidate)
                        break
    return found


def _tells(rule: Rule) -> bool:
    """Whether it is worth a word that others allow what the rule does."""
    if rule.direction == "egress" and allows_everything(rule):
        return False
    return allows_something(rule)


def _problems(
    policy: NetworkPolicy, wider: list[NetworkPolicy], found: dict[int, Wider]
) -> Iterator[Problem]:
    """One problem for a policy that changes nothing, else one for each direction or rule."""
    whole = True
    by: dict[int, NetworkPolicy] = {}
    told: list[Problem] = []
    for direction in ("ingress", "egress"):
        if not _lists(policy, direction):
            continue
        rules = _rules(policy, direction)
        containers = [found[id(rule)] for rule in rules if id(rule) in found]
        elsewhere = [item.policy for item in containers if item.policy is not policy]
        by.update({id(other): other for other in elsewhere})
        if not rules:
            # Without rules it denies; that is its own, unless others isolate the pods as well.
            whole = whole and any(_lists(other, direction) for other in wider[1:])
        elif len(elsewhere) < len(rules):
            whole = False
            for rule in rules:
                item = found.get(id(rule))
                if item is not None and (item.policy is policy or not _only_dns(rule)):
                    told.append(_rule(policy, rule, item))
        elif not all(map(_only_dns, rules)):
            told.append(_direction(policy, direction, elsewhere))
    if whole and by:
        yield _policy(policy, list(by.values()))
    else:
        yield from told


def _rules(policy: NetworkPolicy, direction: str) -> tuple[Rule, ...]:
    return policy.ingress if direction == "ingress" else policy.egress


def _only_dns(rule: Rule) -> bool:
    """Whether the rule permits DNS and nothing else: many policies bring that along."""
    if rule.direction != "egress" or rule.ports is None:
        return False
    return all(port.port in DNS_PORTS and port.end_port is None for port in rule.ports)


def _lists(policy: NetworkPolicy, direction: str) -> bool:
    return policy.lists_ingress if direction == "ingress" else policy.lists_egress


def _policy(policy: NetworkPolicy, by: list[NetworkPolicy]) -> Problem:
    return Problem(
        policy,
        ("spec",),
        f"the policy changes nothing: {_allow(by)} all of it to the same pods",
        (f"contained in {policies_text(by)}",),
        fix=Fix("remove it, or narrow the wider one if this one is meant to restrict"),
    )


def _direction(policy: NetworkPolicy, direction: str, by: list[NetworkPolicy]) -> Problem:
    others = list(dict.fromkeys(by))
    return Problem(
        policy,
        ("spec", direction),
        f"the {direction} rules change nothing: {_allow(others)} all of it to the same pods",
        (f"contained in {policies_text(others)}",),
        fix=Fix("remove them, or narrow the wider ones if these are meant to restrict"),
    )


def _rule(policy: NetworkPolicy, rule: Rule, wider: Wider) -> Problem:
    where = path_text(wider.rule.path)
    if wider.policy is not policy:
        where = f"{where} of {policies_text([wider.policy])}"
    return Problem(
        policy,
        rule.path,
        f"the rule changes nothing: {where} allows all of it",
        (f"{where} allows {_content(wider.rule, policy.namespace)}",),
        fix=Fix("remove it, or narrow the wider rule if this one is meant to restrict"),
    )


def _allow(policies: list[NetworkPolicy]) -> str:
    names = " and ".join([policy_text(policy) for policy in policies[:2]])
    if len(policies) > 2:
        return f"{names} and {len(policies) - 2} more allow"
    return f"{names} allow" if len(policies) == 2 else f"{names} allows"


def _content(rule: Rule, namespace: str | None) -> str:
    """`all pods of namespace shop on TCP 8080`."""
    peers = [peer_text(peer, namespace) for peer in rule.peers or ()]
    ports = [port_text(port) for port in rule.ports or ()]
    return f"{listed(peers, 2) or 'any peer'} on {listed(ports) or 'every port'}"
