"""policyTypes is not written, so its value depends on the object's history.

A manifest without `policyTypes` gets a default once, when the object is created: `Ingress`, plus
`Egress` if there is at least one egress rule. Later `kubectl apply` (client-side and server-side)
leaves that value alone, because no manifest owns it. So the same file means different things,
depending on what was applied before:

- egress rules are removed later: the object keeps `[Ingress, Egress]` without egress rules, and
  everything that the pods send is denied;
- egress rules are added later: the object keeps `[Ingress]`, and the new rules are dead.

There is no warning, and `kubectl diff` is clean. With `policyTypes` written out the file says what
the cluster does. A policy with egress rules alone has a second trap: its default lists `Ingress`
too, so nothing may connect to its pods unless another policy allows it.

Not reported for live objects: there the value is stored, and rule `sticky-default` finds the
damage.

FAIL::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      egress:
        - to:
            - podSelector:
                matchLabels: {app: db}

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Egress]
      egress:
        - to:
            - podSelector:
                matchLabels: {app: db}

FIX::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress, Egress]
      egress:
        - to:
            - podSelector:
                matchLabels: {app: db}
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Operation, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import Authored, NetworkPolicy
from kubectl_npcheck.rules.problem import Problem

ID = "policy-types-implicit"
SUMMARY = "policyTypes is not written, so its value depends on the object's history"
SEVERITY = Severity.WARNING
SCOPE = "policy"

HOW = {Authored.ABSENT: "not written", Authored.NULL: "null", Authored.EMPTY: "empty"}


def check(group: Group) -> Iterator[Problem]:
    """Report each policy of a file that leaves policyTypes to the default."""
    if group.unit.live:
        return
    for policy in group.subjects:
        authored = policy.types_authored
        if authored is not Authored.SET and authored in HOW:
            yield problem(policy, HOW[authored])


def problem(policy: NetworkPolicy, how: str) -> Problem:
    """What the default is today, and how the object can come to differ from it."""
    default = ["Ingress", "Egress"] if policy.egress else ["Ingress"]
    types = f"[{', '.join(default)}]"
    return Problem(
        policy,
        ("spec", "policyTypes"),
        f"policyTypes is {how}: a new object gets {types}, an existing one keeps what it has",
        history(policy),
        fix=Fix(
            f"write the default: `policyTypes: {types}`",
            automatic=True,
            operations=(Operation("set", ("spec", "policyTypes"), default),),
        ),
    )


def history(policy: NetworkPolicy) -> tuple[str, ...]:
    """The evidence: what `kubectl apply` of this file can leave behind, both ways."""
    if not policy.egress:
        return (
            "applied over a version that had egress rules, the object keeps Egress: "
            "everything the pods send is denied",
            "if egress rules are added later, the object keeps [Ingress]: the new rules are dead",
        )
    lines = [
        "applied over a version without egress rules, the object keeps [Ingress]: "
        "these egress rules are dead",
        "if they are removed later, the object keeps Egress: everything the pods send is denied",
    ]
    if not policy.ingress:
        lines.insert(
            0,
            "the default lists Ingress too: this policy also isolates its pods for ingress, "
            "and allows none (write [Egress] if that is not meant)",
        )
    return tuple(lines)
