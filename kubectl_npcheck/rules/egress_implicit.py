"""Egress is not stated, and no other policy of these pods states it.

The policy does not list `Egress` and has no egress rules, and at least some of its pods are
selected by no policy that does. What it does to the pods' egress depends on who reads it:

- *open reading*: Kubernetes as published, in every version, does not touch their egress;
- *deny reading*: they may send nothing. So it is where a mutating policy or webhook appends Egress,
  and where policyTypes got stuck at an earlier version of the manifest (rule
  `policy-types-implicit`).

State it and the policy means the same to every reader: `Egress` in policyTypes with the rules that
the pods need, with `egress: [{}]` to leave egress open, or with no `egress` key to deny it.

An error where some pods are left undecided; a note where other policies state the egress of all
pods concerned, so that the silence changes nothing. Not reported: policies that list Egress, with
rules or without. Under `egress-default: open` in `.npcheck.yaml` the rule is off.

FAIL::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: notification
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: notification}
      policyTypes: [Ingress]
      ingress:
      - from:
        - podSelector:
            matchLabels: {app: gateway}

PASS::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: default-deny
      namespace: shop
    spec:
      podSelector: {}
      policyTypes: [Ingress, Egress]

FIX::

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: notification
      namespace: shop
    spec:
      podSelector:
        matchLabels: {app: notification}
      policyTypes: [Ingress, Egress]
      ingress:
      - from:
        - podSelector:
            matchLabels: {app: gateway}
      egress:
      - {}
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from kubectl_npcheck.findings import Fix, Operation, Severity
from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.isolation import Reading
from kubectl_npcheck.policy.model import Authored, NetworkPolicy
from kubectl_npcheck.policy.selectors import contains, meet
from kubectl_npcheck.policy.silence import Silence, silence
from kubectl_npcheck.policy.units import neighbours
from kubectl_npcheck.rules.concerned import workloads_text
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.unread import may_allow, unread_texts
from kubectl_npcheck.rules.wording import (
    example_pods,
    listed,
    pods_text,
    policies_text,
    policy_text,
)

ID = "egress-implicit"
SUMMARY = "egress is not stated, and no other policy of these pods states it"
SEVERITY = Severity.ERROR
SCOPE = "policy"

PROBED = {
    Reading.OPEN: "probed: the API server follows the open reading here",
    Reading.DENY: "probed: Egress is appended to what is written here now, so that the next change "
    "of the policy denies",
}

MAX_NEIGHBOURS = 300
"""How many policies of other units are looked at for each finding."""


def check(group: Group) -> Iterator[Problem]:
    """Report each policy that leaves its pods' egress to an unstated default."""
    if group.reading is Reading.DENY:
        from kubectl_npcheck.rules.egress_appended import appended

        yield from appended(group)
    for policy in group.subjects:
        if policy.lists_egress or policy.egress or policy.pod_selector.void:
            continue
        answer = silence(policy, group)
        if answer.undecided:
            yield _undecided(group, answer)
        else:
            yield _decided_elsewhere(answer)


def _undecided(group: Group, answer: Silence) -> Problem:
    policy = answer.policy
    mixed = answer.mixed
    evidence = [
        f"open reading (Kubernetes as published): {_pods(answer)} may send anything",
        f"deny reading: they may send {_under_deny(answer)}",
    ]
    if group.reading is not None:
        evidence.append(PROBED[group.reading])
    if answer.workloads:
        evidence.append(f"concerns {workloads_text(answer.workloads)}")
    if answer.unknown:
        evidence.append("the selectors are too many to decide whether others state it for all pods")
    elif mixed:
        evidence.append(f"other pods of it are decided by {policies_text(answer.deciders)}")
    evidence += [_doubt(other) for other in answer.doubtful]
    near = _neighbour(group, policy)
    if near is not None:
        whole = contains(near.pod_selector, policy.pod_selector)
        part = "this" if whole else "a part of this"
        evidence.append(
            f"{policies_text([near])} would decide {part} if applied to the same namespace"
        )
    if group.unread or group.others:
        evidence.append(f"not read, and may change this: {listed(unread_texts(group), 2)}")
    if policy.egress_authored is Authored.EMPTY:
        evidence.append("`egress: []` denies nothing here: policyTypes does not list Egress")
    message = "egress is not stated"
    if mixed and not answer.unknown:
        message += " for all of its pods: other policies decide only a part"
    return Problem(policy, _place(policy), message, tuple(evidence), fix=_fix(group, answer, near))


def _decided_elsewhere(answer: Silence) -> Problem:
    policy = answer.policy
    deciders = answer.deciders
    for decider in deciders:
        if contains(decider.pod_selector, policy.pod_selector):
            deciders = (decider,)
            break
    names = listed([policy_text(decider) for decider in deciders], 2)
    verb = "states" if len(deciders) == 1 else "together state"
    return Problem(
        policy,
        _place(policy),
        f"egress is not stated here; {names} {verb} it for all of its pods",
        (f"decided by {policies_text(deciders)}",),
        severity=Severity.NOTE,
        fix=Fix(
            "add Egress to policyTypes, without egress rules: it changes nothing",
            operations=(_types(policy),),
        ),
    )


def _place(policy: NetworkPolicy) -> Path:
    """policyTypes if it is written, else the ingress rules, else the spec."""
    if policy.types_authored is not Authored.ABSENT:
        return ("spec", "policyTypes")
    if policy.ingress_authored is not Authored.ABSENT:
        return ("spec", "ingress")
    return ("spec",)


def _pods(answer: Silence) -> str:
    """The undecided pods: as the policy selects them, or where that is too much, an example."""
    if answer.witness is None or not answer.deciders:
        return pods_text(answer.policy.pod_selector)
    return example_pods(answer.witness)


def _under_deny(answer: Silence) -> str:
    revived = answer.revived
    if revived:
        dead = policies_text(revived)
        return f"only what the dead egress rules of {dead} allow, which count then"
    some = () if answer.deciders else answer.revived_in_part
    if some:
        dead = policies_text(some)
        return f"nothing, or where {dead} selects them too, what its dead egress rules allow"
    return "nothing, DNS included"


def _neighbour(group: Group, policy: NetworkPolicy) -> NetworkPolicy | None:
    """A policy that is not surely applied together with this one, and would decide it."""
    for other in islice(neighbours(policy, group), MAX_NEIGHBOURS):
        if other.lists_egress and meet(other.pod_selector, policy.pod_selector):
            return other
    return None


def _doubt(other: NetworkPolicy) -> str:
    why = "its name is taken by another policy" if other.accepted else "the API would reject it"
    return f"{policies_text([other])} states their egress, but does not count: {why}"


def _fix(group: Group, answer: Silence, near: NetworkPolicy | None) -> Fix:
    policy = answer.policy
    if answer.mixed:
        return Fix("state the egress of each part: rules here, or one policy for each part")
    if policy.egress_authored is Authored.EMPTY:
        return Fix("list Egress in policyTypes if nothing may be sent, else write the egress rules")
    safe = (
        group.unit.complete
        and policy.accepted
        and not (answer.doubtful or answer.unresolved or near or may_allow(group))
        and not answer.revived_in_part
    )
    written = (_types(policy), Operation("set", ("spec", "egress"), [{}])) if safe else ()
    if policy.types_authored in (Authored.SET, Authored.UNKNOWN):
        return Fix("add Egress to policyTypes, and `egress: [{}]`", safe, written)
    return Fix("write `policyTypes: [Ingress, Egress]`, and `egress: [{}]`", safe, written)


def _types(policy: NetworkPolicy) -> Operation:
    """policyTypes in full, with Egress."""
    types = ["Ingress", "Egress"] if policy.lists_ingress else ["Egress"]
    return Operation("set", ("spec", "policyTypes"), types)
