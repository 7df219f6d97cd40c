"""The stored policyTypes are stuck: the policy does something that its manifest does not say.

A manifest without `policyTypes` is defaulted once, when the object is created. `kubectl apply`,
client-side or server-side, leaves that value alone afterwards, whatever becomes of the rules:

- the egress section was deleted: the object keeps `[Ingress, Egress]` without egress rules, and
  everything that the pods send is denied, DNS included;
- an egress section was added: the object keeps `[Ingress]`, and the new rules are dead.

Neither gives a warning, and `kubectl diff` is clean. Only a live object shows it: beside the stored
policyTypes stands what was last applied, in the annotation
`kubectl.kubernetes.io/last-applied-configuration` or in the managedFields entry of a server-side
apply. To repair it, write `policyTypes` out in the manifest and apply it; that also ends the doubt
for the next change (rule `policy-types-implicit`). `fix --live --rule sticky-default` repairs the
stored object meanwhile: to what a creation of its manifest would mean.

A note where other policies state the egress of all pods concerned. Not reported: objects of which
it is not known what was applied; policyTypes that somebody else has set since the last apply;
clusters and namespaces where admission appends Egress: there `egress-implicit` speaks.

FAIL::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
      managedFields:
      - manager: kubectl
        operation: Apply
        time: "2026-11-02T09:14:00Z"
        fieldsV1: {"f:spec": {"f:ingress": {}, "f:podSelector": {}}}
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress, Egress]
      ingress:
      - ports:
        - {protocol: TCP, port: 8080}

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
      managedFields:
      - manager: kubectl
        operation: Apply
        time: "2026-11-02T09:14:00Z"
        fieldsV1: {"f:spec": {"f:ingress": {}, "f:podSelector": {}}}
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress]
      ingress:
      - ports:
        - {protocol: TCP, port: 8080}

FIX::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: api
      namespace: shop
      managedFields:
      - manager: kubectl
        operation: Apply
        time: "2026-11-03T08:00:00Z"
        fieldsV1:
          f:spec: {"f:egress": {}, "f:ingress": {}, "f:podSelector": {}, "f:policyTypes": {}}
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress, Egress]
      ingress:
      - ports:
        - {protocol: TCP, port: 8080}
      egress:
      - {}
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Operation, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.isolation import Reading
from kubectl_npcheck.policy.model import Applied, NetworkPolicy
from kubectl_npcheck.policy.selectors import Cover
from kubectl_npcheck.policy.stuck import Stating, Stuck, stuck
from kubectl_npcheck.rules.concerned import concerned_text
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.unread import may_allow
from kubectl_npcheck.rules.wording import example_pods, pods_text, policies_text

ID = "sticky-default"
SUMMARY = "the stored policyTypes are left from an earlier version of the manifest"
SEVERITY = Severity.ERROR
SCOPE = "live"

PATH = ("spec", "policyTypes")
BOTH = ["Ingress", "Egress"]


def check(group: Group) -> Iterator[Problem]:
    """Report each live policy whose stored default contradicts its last applied manifest."""
    if not group.unit.live:
        return
    stating: Stating | None = None
    for policy in group.subjects:
        how = stuck(policy)
        if how is Stuck.DEAD:
            yield _dead(group, policy)
        elif how is Stuck.DENIED and group.reading is not Reading.DENY:
            if stating is None:
                stating = Stating(group)
            yield _denied(group, policy, stating)


def _dead(group: Group, policy: NetworkPolicy) -> Problem:
    rules = "the egress rule is" if len(policy.egress) == 1 else "the egress rules are"
    evidence = [
        _applied(policy, "egress rules and no policyTypes: created now, it would list Egress"),
        "left from an earlier version without egress rules; `kubectl diff` does not show it",
        "these rules neither restrict what the pods send nor allow anything",
    ]
    evidence += concerned_text(group, policy)
    return Problem(
        policy,
        PATH,
        f"{rules} dead: the stored policyTypes stay [Ingress]",
        tuple(evidence),
        fix=Fix(
            "write `policyTypes: [Ingress, Egress]` in the manifest and apply it",
            True,
            (Operation("set", PATH, BOTH),),
            on_request=True,
        ),
    )


def _denied(group: Group, policy: NetworkPolicy, stating: Stating) -> Problem:
    covered = stating.cover(policy)
    others = stating.near(policy)
    evidence = [
        _applied(
            policy,
            "neither policyTypes nor egress rules: created now, it would not list Egress",
        ),
        "left from an earlier version with egress rules; `kubectl diff` does not show it",
    ]
    if covered.covered:
        return Problem(
            policy,
            PATH,
            "the stored policyTypes keep Egress; other policies state it for all of its pods",
            (*evidence, f"decided by {policies_text(others)}"),
            severity=Severity.NOTE,
            fix=Fix("write `policyTypes: [Ingress, Egress]` in the manifest: it changes nothing"),
        )
    pods = _pods(policy, covered, others)
    evidence.append(f"{pods} may send nothing; created now, they may send anything")
    if others:
        evidence.append(f"other pods of it are decided by {policies_text(others)}")
    evidence += concerned_text(group, policy)
    return Problem(
        policy,
        PATH,
        "everything the pods send is denied, DNS included: the stored policyTypes keep Egress",
        tuple(evidence),
        fix=_open(group, others),
    )


def _pods(policy: NetworkPolicy, covered: Cover, others: list[NetworkPolicy]) -> str:
    if covered.witness is None or not others:
        return pods_text(policy.pod_selector)
    return example_pods(covered.witness)


def _open(group: Group, others: list[NetworkPolicy]) -> Fix:
    """What a creation of the manifest means: open egress, for pods that nobody restricts."""
    if others:
        return Fix("write policyTypes and the egress of each part of the pods in the manifest")
    return Fix(
        "write `policyTypes: [Ingress, Egress]` in the manifest, with the egress rules that are "
        "meant (`egress: [{}]` leaves egress open), and apply it",
        not may_allow(group),
        (Operation("set", PATH, BOTH), Operation("set", ("spec", "egress"), [{}])),
        on_request=True,
    )


def _applied(policy: NetworkPolicy, what: str) -> str:
    """`the manifest last applied by kubectl (managedFields) has no policyTypes …`."""
    applied = policy.applied
    assert isinstance(applied, Applied)
    by = f" by {applied.manager}" if applied.manager else ""
    return f"the manifest last applied{by} ({applied.source}) has {what}"
