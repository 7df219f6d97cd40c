"""An empty list of rules is written out: accepted, but it never converges.

`egress: []` means the same to the API as no `egress` key, and the API server does not store it.
So the file and the cluster differ for ever: `kubectl diff` always reports a difference, and each
`kubectl apply` raises the object's generation; a GitOps controller shows the object as changed
or applies it again and again. What denies is `Egress` in policyTypes together with no rules: the
stable way to deny all egress is to list `Egress` and to write no `egress` key. The same holds for
`ingress: []`.

Where policyTypes does not list the direction, the empty list denies nothing at all.

FAIL::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: deny-egress
      namespace: shop
    spec:
      podSelector: {}
      policyTypes: [Egress]
      egress: []

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: deny-egress
      namespace: shop
    spec:
      podSelector: {}
      policyTypes: [Egress]

FIX::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: deny-egress
      namespace: shop
    spec:
      podSelector: {}
      policyTypes: [Egress]
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Operation, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import Authored, NetworkPolicy
from kubectl_npcheck.rules.problem import Problem

ID = "egress-empty-list"
SUMMARY = "an empty rule list is written out; it never converges under diff and apply"
SEVERITY = Severity.NOTE
SCOPE = "policy"

_EMPTY = Authored.EMPTY


def check(group: Group) -> Iterator[Problem]:
    """Report each direction that is authored as an empty list."""
    for policy in group.subjects:
        if policy.egress_authored is _EMPTY:
            yield _problem(policy, "egress", policy.lists_egress)
        if policy.ingress_authored is _EMPTY:
            yield _problem(policy, "ingress", policy.lists_ingress)


def _problem(policy: NetworkPolicy, field: str, listed: bool) -> Problem:
    title = field.capitalize()
    if not listed:
        return Problem(
            policy,
            ("spec", field),
            f"`{field}: []` denies nothing here: policyTypes does not list {title}",
            fix=Fix(f"list {title} in policyTypes if everything is to be denied, and drop the []"),
        )
    return Problem(
        policy,
        ("spec", field),
        f"`{field}: []` is not stored by the API server: diff and apply never converge",
        (f"what denies here is {title} in policyTypes; it does so without the empty list too",),
        fix=Fix(
            f"remove `{field}: []`; {title} in policyTypes stays",
            automatic=True,
            operations=(Operation("remove", ("spec", field)),),
            on_request=True,
        ),
    )
