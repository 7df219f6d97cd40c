"""Policies that others decide in part, or in one unit and not in another: refused, or split.

Neither repair of `preserve` is neutral for these. Knows policies and groups; no texts.
"""

from __future__ import annotations

from kubectl_npcheck.fixing.intent import Intent, Settled, refuse_blind, without_rules
from kubectl_npcheck.fixing.options import PRESERVE
from kubectl_npcheck.fixing.refusing import Refusing
from kubectl_npcheck.fixing.split import part_of
from kubectl_npcheck.fixing.world import Home
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.silence import silence
from kubectl_npcheck.rules.wording import example_pods, policies_text

STATE_BY_HAND = (
    "state the egress of each part by hand, or name a strategy: --strategy dns, or rules"
)


def divided(homes: list[Home], number: int, settled: Settled) -> Intent:
    """Split the policy, where that is asked for and can be done; else refuse, and name both sides.

    number: the home in which it is mixed
    """
    group, policy = homes[number]
    answer = silence(policy, group)
    decider = answer.deciders[0]
    open_side, held_side = answer.witness or {}, answer.decided_witness or {}
    evidence = (
        f"{example_pods(open_side)}: no policy states their egress",
        f"{example_pods(held_side)}: {policies_text([decider])} states it, "
        "and `egress: [{}]` would undo that",
    )
    witnesses = (open_side, held_side)
    reason = "other policies state the egress of some of its pods and not of others"
    part = part_of(policy, answer.deciders)
    if not settled.options.split:
        split = "--split writes a second policy for the others; or " if part is not None else ""
        raise Refusing(reason, evidence, witnesses, split + STATE_BY_HAND)
    if part is None:
        said = "--split cannot: no single selector selects exactly the pods that are undecided"
        raise Refusing(reason, (*evidence, said), witnesses, STATE_BY_HAND)
    if len(homes) > 1:
        said = f"--split cannot: the policy belongs to {len(homes)} units"
        raise Refusing(reason, (*evidence, said), witnesses, STATE_BY_HAND)
    taken = _named(part.name, policy, group)
    if taken or policy.generated_name or not policy.name:
        why = f"{policies_text(taken[:1])} has the name {part.name}" if taken else "it has no name"
        raise Refusing(reason, (*evidence, f"--split cannot: {why}"), witnesses, STATE_BY_HAND)
    refuse_blind(settled)
    own = without_rules(policy, PRESERVE, "")
    summary = f"egress stays open for the undecided pods, by the new policy {part.name}"
    return own._replace(
        summary=summary, effect=own.effect._replace(sibling=part.sibling), added=part
    )


def _named(name: str, policy: NetworkPolicy, group: Group) -> list[NetworkPolicy]:
    """The policies that have the name where it is to be written, or may have it."""
    return [
        other
        for near in group.inventory.groups
        for other in near.policies
        if other.name == name
        and (near.namespace in (None, policy.namespace) or not policy.namespace)
    ]


def different(homes: list[Home], undecided: list[bool]) -> Refusing:
    """The refusal of a policy whose units need different repairs, with a pod of each."""
    evidence = []
    witnesses = []
    for side in dict.fromkeys(undecided):
        group, policy = homes[undecided.index(side)]
        answer = silence(policy, group)
        if side:
            pods = answer.witness or {}
            evidence.append(f"in {group.unit.name}: no policy states the egress of its pods")
        else:
            pods = answer.decided_witness or {}
            by = policies_text(answer.deciders)
            evidence.append(f"in {group.unit.name}: {by} states the egress of its pods")
        witnesses.append(pods)
    return Refusing(
        "the units that contain it need different repairs",
        tuple(evidence),
        tuple(witnesses),
        STATE_BY_HAND,
    )
