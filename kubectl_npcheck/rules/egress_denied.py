"""Everything the pods send is denied, and the policy reads as if only ingress had been meant.

The policy lists `Egress` in policyTypes, has ingress rules, and no egress rules. `Egress` without
rules denies all egress, DNS included: the pods answer who connects to them and can reach nobody.
In a policy that otherwise speaks of ingress this is very often an oversight, for instance a copied
`policyTypes: [Ingress, Egress]`. Add the egress rules that were meant (`egress: [{}]` if egress was
to stay open), or keep the denial and put it on record with `npcheck/ignore: egress-denied`.

Not reported: default-deny policies (no rules in either direction); `egress: []`, which says it on
purpose; pods to which another policy gives an allowance, or which another policy denies on purpose;
namespaces with policies that were not read, as these may allow something.

FAIL::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: web}
      policyTypes: [Ingress, Egress]
      ingress:
      - ports:
        - {protocol: TCP, port: 8443}

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: default-deny
      namespace: shop
    spec:
      podSelector: {}
      policyTypes: [Ingress, Egress]
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: web}
      policyTypes: [Ingress, Egress]
      ingress:
      - ports:
        - {protocol: TCP, port: 8443}

FIX::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: web}
      policyTypes: [Ingress, Egress]
      ingress:
      - ports:
        - {protocol: TCP, port: 8443}
      egress:
      - to:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: kube-system}
          podSelector:
            matchLabels: {k8s-app: kube-dns}
        ports:
        - {protocol: UDP, port: 53}
        - {protocol: TCP, port: 53}
      - to:
        - podSelector:
            matchLabels: {app: orders}
        ports:
        - {protocol: TCP, port: 8080}
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.isolation import allows_something
from kubectl_npcheck.policy.model import Authored, NetworkPolicy
from kubectl_npcheck.policy.podclasses import PodClass
from kubectl_npcheck.policy.stuck import stuck
from kubectl_npcheck.rules.allowers import Allowers
from kubectl_npcheck.rules.on_record import on_record
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.unread import may_allow
from kubectl_npcheck.rules.wording import example_pods

ID = "egress-denied"
SUMMARY = "Egress is listed without egress rules beside ingress rules: all egress is denied"
SEVERITY = Severity.WARNING
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report policies that cut off their pods' egress without looking as if they meant to."""
    allowers: Allowers | None = None
    for policy in group.subjects:
        if policy.egress or not policy.lists_egress or _on_purpose(policy):
            continue
        if policy.applied is not None and stuck(policy) is not None:
            continue  # rule sticky-default says it
        if may_allow(group):
            return  # unknown, and not a finding
        if allowers is None:
            allowers = Allowers(group, [p for p in group.policies if _settles_it(group, p)])
        cut_off = allowers.missing(policy)
        if cut_off is not None:
            yield _problem(policy, cut_off)


def _on_purpose(policy: NetworkPolicy) -> bool:
    """Whether a policy without egress rules denies egress knowingly (or that is not known)."""
    if policy.egress_authored is Authored.EMPTY or policy.egress_authored is Authored.UNKNOWN:
        return True
    return not policy.ingress


def _settles_it(group: Group, policy: NetworkPolicy) -> bool:
    """Whether a policy gives its pods some egress, or denies it and means that."""
    if not policy.lists_egress or not policy.accepted:
        return False
    if policy.egress:
        return any(map(allows_something, policy.egress))
    return _on_purpose(policy) or on_record(group, policy, ID)


def _problem(policy: NetworkPolicy, cut_off: PodClass) -> Problem:
    empty_key = policy.egress_authored is Authored.NULL
    return Problem(
        policy,
        ("spec", "egress") if empty_key else ("spec", "policyTypes"),
        "everything the pods send is denied, DNS included: Egress is listed without egress rules",
        (
            f"{example_pods(cut_off.witness)}: no policy allows them any egress",
            "`egress:` has nothing after it: the same as no rules"
            if empty_key
            else "the ingress rules take effect; only replies to them leave the pods",
        ),
        fix=Fix(
            "add the egress rules that are meant; to deny on purpose, annotate "
            f"`npcheck/ignore: {ID}`"
        ),
    )
