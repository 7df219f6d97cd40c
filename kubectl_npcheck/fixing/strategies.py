"""What to write into a policy whose egress is not stated, by strategy (semantics, section 5).

Classifies one policy in one state of the world: an `Intent`, or `Refusing` with its reason.
Knows policies and their meaning; must not know texts.
"""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.fixing.doubt import doubt, restricting
from kubectl_npcheck.fixing.intent import (
    ALL,
    Intent,
    Settled,
    refuse_blind,
    refuse_hidden,
    with_rules,
    without_rules,
)
from kubectl_npcheck.fixing.mixed import different, divided
from kubectl_npcheck.fixing.options import (
    ALLOW_ALL,
    DENY_ALL,
    DNS,
    DNS_RULES,
    PRESERVE,
)
from kubectl_npcheck.fixing.refusing import Refusing
from kubectl_npcheck.fixing.targets import Target
from kubectl_npcheck.fixing.world import Home, World
from kubectl_npcheck.policy.model import Authored
from kubectl_npcheck.policy.silence import silence
from kubectl_npcheck.rules.wording import example_pods, policies_text


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
        return without_rules(policy, DENY_ALL, "egress is denied, by Egress without rules")
    _refuse_relabelled(homes)
    rules: tuple[Any, ...] = tuple(DNS_RULES) if options.strategy == DNS else options.egress
    what = "egress is DNS only" if options.strategy == DNS else "egress is what the rules file says"
    return with_rules(policy, options.strategy, rules, what)


def _refuse_relabelled(homes: list[Home]) -> None:
    """A kustomization's commonLabels would go into the selectors of the rules as well."""
    for home in homes:
        if home.group.unit.relabels:
            raise Refusing(
                f"{home.group.unit.name} puts labels into selectors, those of new rules included: "
                "they would select other pods than meant",
                remedy="state the egress by hand, with matchExpressions instead of matchLabels",
            )


def _preserve(homes: list[Home], world: World, settled: Settled) -> Intent:
    if settled.denied:
        raise Refusing(
            "the settings say `egress-default: deny`: what silence means here is a denial, "
            "and preserve would open it",
            remedy="name a strategy: --strategy deny-all, dns or rules",
        )
    for home in homes:
        doubt(home, world)
        refuse_hidden(home.policy, settled)
    answers = [silence(home.policy, home.group) for home in homes]
    policy = homes[0].policy
    for number, answer in enumerate(answers):
        if answer.mixed:
            return divided(homes, number, settled)
    undecided = [answer.undecided for answer in answers]
    if len(set(undecided)) > 1:
        raise different(homes, undecided)
    if not undecided[0]:
        return without_rules(
            policy, PRESERVE, "egress stays as other policies have it, by Egress without rules"
        )
    refuse_blind(settled)
    return with_rules(policy, PRESERVE, ALL, "egress stays open, by `egress: [{}]`")


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
            refuse_hidden(home.policy, settled)
        refuse_blind(settled)
    return with_rules(homes[0].policy, ALLOW_ALL, ALL, "egress is open, by `egress: [{}]`")
