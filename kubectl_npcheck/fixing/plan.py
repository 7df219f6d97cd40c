"""Rounds: all targets are classified from one state, changed together, and the refused ones again.

So the result does not depend on the order of files, and a second run finds nothing to do.
Knows targets, strategies and worlds; of what holds the objects only what it can write (`Medium`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubectl_npcheck.findings import Operation
from kubectl_npcheck.fixing.doubt import forbid
from kubectl_npcheck.fixing.intent import Intent, Settled
from kubectl_npcheck.fixing.medium import Medium
from kubectl_npcheck.fixing.options import DENY_ALL
from kubectl_npcheck.fixing.record import annotation, recorded, to_be_recorded
from kubectl_npcheck.fixing.refusing import Refusing
from kubectl_npcheck.fixing.strategies import classify
from kubectl_npcheck.fixing.targets import Target
from kubectl_npcheck.fixing.world import Effect, World, after
from kubectl_npcheck.policy.inventory import Inventory
from kubectl_npcheck.repairs import Refusal
from kubectl_npcheck.rules import (
    egress_denied,
    egress_empty_list,
    egress_implicit,
    policy_types_implicit,
    sticky_default,
)

SILENT = (egress_implicit.ID, egress_empty_list.ID, sticky_default.ID)
"""The rules whose repair may be to state the egress, by a strategy."""

STATING = (policy_types_implicit.ID, egress_empty_list.ID, sticky_default.ID)
"""The rules whose own repairs are described by an `Effect`; those of others change more."""


class Step(NamedTuple):
    """What is done to one target; rules: those whose findings it repairs."""

    target: Target
    rules: tuple[str, ...]
    intent: Intent


class Plan(NamedTuple):
    """What is done, what is refused, and the effects by the `id` of a policy's origin."""

    steps: list[Step]
    refused: list[Refusal]
    effects: dict[int, Effect]


def make_plan(
    inventory: Inventory, targets: list[Target], settled: Settled, medium: Medium
) -> Plan:
    """Decide about all targets. `medium` is asked whether an edit is possible at all."""
    return _Planner(inventory, targets, settled, medium).plan()


class _Planner:
    def __init__(
        self, inventory: Inventory, targets: list[Target], settled: Settled, medium: Medium
    ) -> None:
        self.start = inventory
        self.targets = targets
        self.settled = settled
        self.medium = medium
        self.refused: list[Refusal] = []
        self.left: dict[int, set[str]] = {}
        self.own: dict[int, Intent] = {}
        self.stated: dict[int, Intent] = {}
        self.effects: dict[int, Effect] = {}

    def plan(self) -> Plan:
        possible = self._possible()
        refusals = self._rounds([target for target in possible if target.silent])
        for target in possible:
            self._own(target)
        for target, why in refusals:
            silent = [rule for rule in target.rules if rule in SILENT]
            self._refuse(target, silent, why)
        self._record_denials()
        steps = [step for target in possible if (step := self._step(target)) is not None]
        return Plan(steps, self.refused, self.effects)

    def _refuse(self, target: Target, rules: Iterable[str], why: Refusing) -> None:
        left = self.left.setdefault(id(target.origin), set())
        rules = [rule for rule in rules if rule not in left]
        left.update(rules)
        if rules:
            self.refused.append(refusal(target, rules, why))

    def _possible(self) -> list[Target]:
        """The targets that may be edited at all; the others are refused whole."""
        world = World(self.start)
        possible = []
        for target in self.targets:
            try:
                forbid(target, world)
                self.medium.require(target.origin)
            except Refusing as why:
                self._refuse(target, target.rules, why)
            else:
                possible.append(target)
        return possible

    def _rounds(self, pending: list[Target]) -> list[tuple[Target, Refusing]]:
        """State the egress of the targets; what is left is refused."""
        given_up: list[tuple[Target, Refusing]] = []
        while True:
            world = World(after(self.start, self.effects))
            refused: list[tuple[Target, Refusing]] = []
            found: dict[int, Intent] = {}
            for target in pending:
                try:
                    intent = classify(target, world, self.settled)
                    self.medium.check(target.origin, self._trial(target, intent), intent.added)
                    found[id(target.origin)] = intent
                except Refusing as why:
                    (given_up if why.final else refused).append((target, why))
            self.stated.update(found)
            self.effects.update((key, intent.effect) for key, intent in found.items())
            if not found or self.settled.options.apart:  # a later round builds on the one before
                return given_up + refused
            pending = [target for target, _ in refused]

    def _trial(self, target: Target, intent: Intent) -> tuple[Operation, ...]:
        """The operations that may be needed in the end: a denial is put on record, or not."""
        if intent.strategy == DENY_ALL and target.policy.ingress:
            return (*intent.operations, annotation(target))
        return intent.operations

    def _own(self, target: Target) -> None:
        """Take the repairs that the findings themselves propose, besides the egress."""
        operations: list[Operation] = []
        done: list[str] = []
        stated = self.stated.get(id(target.origin))
        for rule, problems in target.problems.items():
            if rule == egress_implicit.ID or (rule == sticky_default.ID and target.silent):
                continue
            if rule == policy_types_implicit.ID and stated is not None:
                continue  # it is written out in any case
            proposed = [p.fix.operations for p in problems if p.fix is not None and p.fix.automatic]
            mine = [op for several in proposed for op in several]
            if stated is not None:
                mine = [op for op in mine if op.path != ("spec", "egress")]
            by_hand = [p for p in problems if p.fix is None or not p.fix.automatic]
            if by_hand and not (target.silent and rule == egress_empty_list.ID):
                hint = by_hand[0].fix.summary if by_hand[0].fix is not None else ""
                why = Refusing(by_hand[0].message, remedy=hint)
                self._refuse(target, [rule], why)
            if not mine:
                continue
            try:
                self.medium.check(target.origin, mine)
            except Refusing as why:
                self._refuse(target, [rule], why)
                continue
            operations += mine
            done.append(rule)
        if operations:
            self._take(target, operations, done)

    def _take(self, target: Target, operations: list[Operation], rules: list[str]) -> None:
        key = id(target.origin)
        dropped = tuple([str(op.path[1]) for op in operations if op.do == "remove"])
        types = policy_types_implicit.ID in rules or sticky_default.ID in rules
        rest = [rule for rule in rules if rule not in STATING]
        effect = self.effects.get(key, Effect())
        self.effects[key] = effect._replace(
            dropped=effect.dropped + dropped, types=types or effect.types, more=bool(rest)
        )
        summary = "; ".join(dict.fromkeys(_summaries(target, rules)))
        self.own[key] = Intent("", summary, tuple(operations), self.effects[key])

    def _record_denials(self) -> None:
        """Put on record the denials that lint would take for a mistake."""
        if egress_denied.ID in self.settled.off:
            return
        suspects = {
            id(target.origin): target for target in self.targets if self._denies(id(target.origin))
        }
        if not suspects:
            return
        for target in to_be_recorded(after(self.start, self.effects), suspects):
            key = id(target.origin)
            held = self.stated if key in self.stated else self.own
            held[key] = recorded(target, held[key])

    def _denies(self, key: int) -> bool:
        stated = self.stated.get(key)
        if stated is not None:
            return stated.strategy == DENY_ALL
        own = self.own.get(key)
        return own is not None and "egress" in own.effect.dropped

    def _step(self, target: Target) -> Step | None:
        key = id(target.origin)
        stated, own = self.stated.get(key), self.own.get(key)
        if stated is None and own is None:
            return None
        left = self.left.get(key, ())
        rules = tuple([rule for rule in target.rules if rule not in left])
        if stated is None or own is None:
            intent = stated or own
            assert intent is not None
            return Step(target, rules, intent._replace(effect=self.effects[key]))
        both = stated._replace(
            summary=f"{stated.summary}; {own.summary}",
            operations=stated.operations + own.operations,
            effect=self.effects[key],
        )
        return Step(target, rules, both)


def refusal(target: Target, rules: Iterable[str], why: Refusing) -> Refusal:
    """A refusal as it is listed."""
    origin, policy = target.origin, target.policy
    return Refusal(
        origin.file,
        origin.line,
        policy.namespace,
        policy.name,
        tuple(rules),
        why.reason,
        why.evidence,
        why.witnesses,
        why.remedy,
    )


def _summaries(target: Target, rules: list[str]) -> list[str]:
    return [
        problem.fix.summary
        for rule in rules
        for problem in target.problems[rule]
        if problem.fix is not None
    ]
