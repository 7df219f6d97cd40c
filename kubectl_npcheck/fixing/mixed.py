"""Policies that others decide in part, or in one unit and not in another: refused, or split.

Neither repair of `preserve` is neutral for these. Knows policies and groups; no texts.
"""

from __future__ import annotations

from kubectl_npcheck.fixing.doubt import restricting
from kubectl_npcheck.fixing.intent import Intent, Settled, refuse_blind, without_rules
from kubectl_npcheck.fixing.options import PRESERVE
from kubectl_npcheck.fixing.refusing import Refusing
from kubectl_npcheck.fixing.split import Part, part_of
from kubectl_npcheck.fixing.world import Home
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.silence import silence
from kubectl_npcheck.rules.wording import example_pods, policies_text

STATE_BY_HAND = (
    "state the egress of each part by hand, or name a strategy: --strategy dns, or rules"
)


REASON = "other policies state the egress of some of its pods and not of others"


def divided(homes: list[Home], number: int, settled: Settled) -> Intent:
    """Split the policy, where that is asked for and can be done; else refuse, and name both sides.

    number: the home in which it is mixed
    """
    group, policy = homes[number]
    part = part_of(policy, silence(policy, group).deciders)
    why = _unsplittable(homes, number, part)
    if not settled.options.split or part is None or why:
        raise _both_sides(homes[number], settled, why)
    refuse_blind(settled)
    own = without_rules(policy, PRESERVE, "")
    summary = f"egress stays open for the undecided pods, by the new policy {part.name}"
    effect = own.effect._replace(sibling=part.sibling)
    return own._replace(summary=summary, effect=effect, added=part)


def _both_sides(home: Home, settled: Settled, why: str) -> Refusing:
    """The refusal: a pod of each side, the policy that decides the one, what would resolve it.

    why: why it cannot be split, "" if it can
    """
    answer = silence(home.policy, home.group)
    held = next(restricting(home), None)
    if held is None:  # whoever states it allows everything
        decider, held_side = answer.deciders[0], answer.decided_witness or {}
        what, resolve = "allows everything there", f"--strategy allow-all; or {STATE_BY_HAND}"
    else:
        decider, held_side = held
        what, resolve = "states it, and `egress: [{}]` would undo that", STATE_BY_HAND
    open_side = answer.witness or {}
    evidence = [
        f"{example_pods(open_side)}: no policy states their egress",
        f"{example_pods(held_side)}: {policies_text([decider])} {what}",
    ]
    if settled.live:
        resolve = f"--for-current-pods, if the pods of today are of one side; or {resolve}"
    elif settled.options.split:
        evidence.append(f"--split cannot: {why}")
    elif not why:
        resolve = f"--split writes a second policy for the others; or {resolve}"
    return Refusing(REASON, tuple(evidence), (open_side, held_side), resolve)


def _unsplittable(homes: list[Home], number: int, part: Part | None) -> str:
    """Why the policy cannot be split, "" if it can."""
    group, policy = homes[number]
    if part is None:
        return "no single selector selects exactly the pods that are undecided"
    if len(homes) > 1:
        return f"the policy belongs to {len(homes)} units"
    if policy.generated_name or not policy.name:
        return "it has no name"
    taken = _named(part.name, policy, group)
    return f"{policies_text(taken[:1])} has the name {part.name}" if taken else ""


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
