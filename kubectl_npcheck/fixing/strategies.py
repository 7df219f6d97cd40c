"""What to write into a policy whose egress is not stated, by strategy (semantics, section 5).

Classifies one policy in one state of the world: an `Intent`, or `Refusing` with its reason.
Knows policies and their meaning; must not know texts.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from kubectl_npcheck.findings import Operation
from kubectl_npcheck.fixing.doubt import doubt, restricting
from kubectl_npcheck.fixing.options import (
    ALLOW_ALL,
    DENY_ALL,
    DNS,
    DNS_RULES,
    PRESERVE,
    Options,
    parsed_egress,
)
from kubectl_npcheck.fixing.refusing import Refusing
from kubectl_npcheck.fixing.split import Part, part_of
from kubectl_npcheck.fixing.targets import Target
from kubectl_npcheck.fixing.world import Effect, Home, World
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import Authored, NetworkPolicy
from kubectl_npcheck.policy.silence import Silence, silence
from kubectl_npcheck.rules.wording import example_pods, policies_text

TYPES = ("spec", "policyTypes")
EGRESS = ("spec", "egress")
ALL: tuple[dict[str, Any], ...] = ({},)

UNDECIDED = "undecided"
DECIDED = "decided elsewhere"
MIXED = "mixed"

STATE_BY_HAND = (
    "state the egress of each part by hand, or name a strategy: --strategy dns, or rules"
)


class Intent(NamedTuple):
    """What is to be written into one policy.

    strategy: as users name it; "" where no egress is stated
    added:    the policy to write beside it, for --split
    """

    strategy: str
    summary: str
    operations: tuple[Operation, ...]
    effect: Effect
    added: Part | None = None


class Settled(NamedTuple):
    """What holds for the whole run.

    blind:  the repository around the input is not known (standard input, --alone)
    denied: the settings say that silence is read as a denial
    off:    rules that the settings switch off
    """

    options: Options
    blind: bool = False
    denied: bool = False
    off: frozenset[str] = frozenset()


def classify(target: Target, world: World, settled: Settled) -> Intent:
    """What states the target's egress. Raises Refusing."""
    options = settled.options
    homes = world.homes(target.origin)
    policy = homes[0].policy
    if not options.named and policy.egress_authored is Authored.EMPTY:
        raise Refusing(
            "`egress: []` is written, but policyTypes does not list Egress: the intent is unclear",
            remedy="name a strategy: --strategy deny-all if nothing may be sent, or preserve",
        )
    if options.strategy == PRESERVE:
        return _preserve(homes, world, settled)
    if options.strategy == ALLOW_ALL:
        return _allow_all(homes, world, settled)
    if options.strategy == DENY_ALL:
        return _without_rules(policy, DENY_ALL, "egress is denied, by Egress without rules")
    rules: tuple[Any, ...] = tuple(DNS_RULES) if options.strategy == DNS else options.egress
    what = "egress is DNS only" if options.strategy == DNS else "egress is what the rules file says"
    return _with_rules(policy, options.strategy, rules, what)


def full_types(policy: NetworkPolicy) -> list[str]:
    """policyTypes as they are written out: what they are by default, and Egress."""
    return ["Ingress", "Egress"] if policy.lists_ingress else ["Egress"]


def _with_rules(
    policy: NetworkPolicy, strategy: str, rules: tuple[Any, ...], summary: str
) -> Intent:
    operations = (
        Operation("set", TYPES, full_types(policy)),
        Operation("set", EGRESS, list(rules)),
    )
    return Intent(strategy, summary, operations, Effect(parsed_egress(rules), types=True))


def _without_rules(policy: NetworkPolicy, strategy: str, summary: str) -> Intent:
    operations = [Operation("set", TYPES, full_types(policy))]
    dropped: tuple[str, ...] = ()
    if policy.egress_authored is not Authored.ABSENT:
        operations.append(Operation("remove", EGRESS))
        dropped = ("egress",)
    return Intent(strategy, summary, tuple(operations), Effect((), dropped, types=True))


def _preserve(homes: list[Home], world: World, settled: Settled) -> Intent:
    if settled.denied:
        raise Refusing(
            "the settings say `egress-default: deny`: what silence means here is a denial, "
            "and preserve would open it",
            remedy="name a strategy: --strategy deny-all, dns or rules",
        )
    for home in homes:
        doubt(home, world)
    sides = [_side(silence(home.policy, home.group)) for home in homes]
    policy = homes[0].policy
    if MIXED in sides:
        return _mixed(homes, sides.index(MIXED), settled)
    if len(set(sides)) > 1:
        raise _different(homes, sides)
    if sides[0] == DECIDED:
        return _without_rules(
            policy, PRESERVE, "egress stays as other policies have it, by Egress without rules"
        )
    _refuse_blind(settled)
    return _with_rules(policy, PRESERVE, ALL, "egress stays open, by `egress: [{}]`")


def _side(answer: Silence) -> str:
    if answer.mixed:
        return MIXED
    return UNDECIDED if answer.undecided else DECIDED


def _refuse_blind(settled: Settled) -> None:
    if settled.blind and not settled.options.allow_widening:
        raise Refusing(
            "the repository around the input is not known, and another policy in it may restrict "
            "these pods",
            remedy="name files instead of standard input and drop --alone, or, if no other policy "
            "selects these pods, add --allow-widening",
        )


def _mixed(homes: list[Home], number: int, settled: Settled) -> Intent:
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
    _refuse_blind(settled)
    own = _without_rules(policy, PRESERVE, "")
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


def _different(homes: list[Home], sides: list[str]) -> Refusing:
    evidence = []
    witnesses = []
    for side in dict.fromkeys(sides):
        group, policy = homes[sides.index(side)]
        answer = silence(policy, group)
        if side == UNDECIDED:
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


def _allow_all(homes: list[Home], world: World, settled: Settled) -> Intent:
    if not settled.options.allow_widening:
        for home in homes:
            for decider, pods in restricting(home):
                raise Refusing(
                    "another policy restricts some of its pods, and policies add up: "
                    "`egress: [{}]` would undo the restriction",
                    (f"{example_pods(pods)}: restricted by {policies_text([decider])}",),
                    (pods,),
                    "--strategy preserve, or --allow-widening if that is meant",
                )
            doubt(home, world)
        _refuse_blind(settled)
    return _with_rules(homes[0].policy, ALLOW_ALL, ALL, "egress is open, by `egress: [{}]`")
