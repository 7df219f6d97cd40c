"""A peer list or a rule that was left empty allows everyone.

An empty or null `from`/`to` is no list of nobody: the API drops it, and a rule without peers
allows any peer. A null rule (`- ` with nothing after it) is stored as `{}` and allows everyone on
every port. All of this comes from templates whose list came out empty and from sections that were
commented out, and the API server accepts it without a warning.

Not reported: `ingress:` or `egress:` that is itself null or empty (no rules: nothing is allowed),
a single `- {}` (allow all, on purpose), and rules of a direction that policyTypes does not list.

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
          ports:
            - port: 8080

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
        - {}

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
        - ports:
            - port: 8080
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import Authored, NetworkPolicy, Rule
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.wording import port_text

ID = "open-by-accident"
SUMMARY = "a peer list or a rule that was left empty allows everyone"
SEVERITY = Severity.WARNING
SCOPE = "policy"

BLANK = {Authored.NULL: "null", Authored.EMPTY: "empty"}


def check(group: Group) -> Iterator[Problem]:
    """Report blank peer lists, null rules, and `{}` beside other rules."""
    for policy in group.subjects:
        for rules in (
            policy.ingress if policy.lists_ingress else (),
            policy.egress if policy.lists_egress else (),
        ):
            for rule in rules:
                if rule.peers is None:
                    if rule.peers_authored in BLANK:
                        yield blank_peers(policy, rule)
                    elif rule.authored is Authored.NULL:
                        yield null_rule(policy, rule)
                    elif rule.authored is Authored.EMPTY and len(rules) > 1:
                        yield empty_rule(policy, rule)


def anyone(rule: Rule) -> str:
    """Who may do what by a rule without peers."""
    who = "anyone may connect" if rule.direction == "ingress" else "the pods may connect anywhere"
    if rule.ports is None:
        return f"{who}, on any port"
    return f"{who}, on {', '.join(port_text(port) for port in rule.ports)}"


def blank_peers(policy: NetworkPolicy, rule: Rule) -> Problem:
    """`from:` with nothing after it, or `from: []`."""
    field = rule.peers_field
    return Problem(
        policy,
        (*rule.path, field),
        f"{BLANK[rule.peers_authored]} `{field}` does not mean nobody: {anyone(rule)}",
        fix=Fix(f"remove the rule to allow nothing, or the key `{field}` if anyone is meant"),
    )


def null_rule(policy: NetworkPolicy, rule: Rule) -> Problem:
    """A list item with nothing in it."""
    return Problem(
        policy,
        rule.path,
        f"null {rule.direction} rule is stored as {{}}: {anyone(rule)}",
        fix=Fix("remove the item to allow nothing, or write `{}` if anyone is meant"),
    )


def empty_rule(policy: NetworkPolicy, rule: Rule) -> Problem:
    """`- {}` among rules that say more, which it makes void."""
    return Problem(
        policy,
        rule.path,
        f"`{{}}` beside other {rule.direction} rules makes them void: {anyone(rule)}",
        fix=Fix("remove the empty rule, or the others if anyone is meant"),
    )
