"""The plan for the objects of a cluster, over the planner for all media.

Stored denials that no manifest states (semantics, 6 and 10) are planned from what a creation of
their manifest would store. Knows targets and inventories; sends nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from kubectl_npcheck.fixing.current import CurrentPods
from kubectl_npcheck.fixing.intent import Settled
from kubectl_npcheck.fixing.objects import Objects
from kubectl_npcheck.fixing.options import PRESERVE
from kubectl_npcheck.fixing.plan import Plan, Step, make_plan, refusal
from kubectl_npcheck.fixing.refusing import Refusing
from kubectl_npcheck.fixing.targets import Target
from kubectl_npcheck.fixing.world import with_policies
from kubectl_npcheck.policy.inventory import Inventory
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.stuck import Stuck, as_created, stuck
from kubectl_npcheck.repairs import Refusal
from kubectl_npcheck.rules import egress_implicit, sticky_default
from kubectl_npcheck.rules.wording import policy_text


class Planned(NamedTuple):
    """A plan, its steps in an order in which no part of them cuts anybody off.

    start:  the inventory that it starts from: stored denials as created
    seen:   what makes an inventory the one that was planned on (see `current`)
    stands: what the plan holds for, "" if for all pods
    """

    steps: list[Step]
    refused: list[Refusal]
    start: Inventory
    seen: Callable[[Inventory], Inventory]
    stands: str = ""


class LivePlanner:
    """Plans, and plans anew without what was given up."""

    def __init__(
        self,
        inventory: Inventory,
        targets: list[Target],
        settled: Settled,
        objects: Objects,
        current_pods: bool,
    ) -> None:
        self._inventory = inventory
        self._targets = targets
        self._settled = settled
        self._objects = objects
        self._pods = CurrentPods(inventory) if current_pods else None
        self._refused: list[Refusal] = []
        self.trouble: list[str] = []
        # by the `id` of their origin, the targets that are planned as created, and by which rule
        self._fresh: dict[int, str] = {}
        for target in targets:
            self._prepare(target)

    def _prepare(self, target: Target) -> None:
        """Find out where a stored denial is to be repaired, and what forbids it."""
        if stuck(target.policy) is Stuck.DENIED and sticky_default.ID in target.problems:
            target.silent = True
        if sticky_default.ID in target.problems:
            self._fresh[id(target.origin)] = sticky_default.ID
        elif egress_implicit.ID in target.problems and target.policy.lists_egress:
            self._fresh[id(target.origin)] = egress_implicit.ID
            if not self._settled.options.named:
                why = Refusing(
                    "nothing may be sent now: Egress is appended here to what is written, and its "
                    "manifest does not state egress",
                    remedy="name a strategy: --strategy dns or rules for what the pods need; "
                    "preserve opens it, as Kubernetes as published reads the manifest",
                )
                self._drop(target, [egress_implicit.ID], why)
        if self._pods is not None and target.silent and target.problems:
            try:
                self._pods.require(target)
            except Refusing as why:
                self._drop(target, list(target.problems), why)

    def give_up(self, target: Target, why: Refusing) -> None:
        """Leave a target out of the next plan: the cluster refuses its change."""
        self._objects.refused[id(target.origin)] = why
        said = "; ".join(why.evidence) or why.reason
        self.trouble.append(f"{policy_text(target.policy)}: {why.reason}: {said}")

    def _drop(self, target: Target, rules: Iterable[str], why: Refusing) -> None:
        """Refuse some findings of a target for good; the others are repaired all the same."""
        rules = [rule for rule in rules if rule in target.problems]
        self._refused.append(refusal(target, rules, why))
        for rule in rules:
            del target.problems[rule]
        if self._fresh.get(id(target.origin)) in rules:
            del self._fresh[id(target.origin)]
        target.silent = egress_implicit.ID in target.problems

    def plan(self) -> Planned:
        """The plan. What is planned as created and then refused is planned as it is stored."""
        seen = self._pods.narrowed if self._pods is not None else _unchanged
        while True:
            start = self._start()
            wanted = [target for target in self._targets if target.problems]
            plan = make_plan(seen(start), wanted, self._settled, self._objects)
            if not self._drop_refused(plan):
                break
        steps = [
            _opened(step) if id(step.target.origin) in self._fresh else step
            for step in sorted(plan.steps, key=_order(plan, self._fresh))
        ]
        stands = ""
        if self._pods is not None:
            stands = f"only the {self._pods.count} workloads that there are now were looked at"
        return Planned(steps, [*self._refused, *plan.refused], start, seen, stands)

    def _start(self) -> Inventory:
        def become(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
            yield as_created(policy) if id(policy.origin) in self._fresh else policy

        return with_policies(self._inventory, become)

    def _drop_refused(self, plan: Plan) -> bool:
        """Whether a target that was planned as created was refused; its findings are given up."""
        repaired = {id(step.target.origin): step.rules for step in plan.steps}
        lost = [
            target
            for target in self._targets
            if id(target.origin) in self._fresh
            and self._fresh[id(target.origin)] not in repaired.get(id(target.origin), ())
        ]
        for target in lost:
            rule = self._fresh[id(target.origin)]
            for item in plan.refused:
                mine = (item.namespace, item.name) == (target.policy.namespace, target.policy.name)
                if mine and rule in item.rules:
                    why = Refusing(item.reason, item.evidence, item.witnesses, item.remedy)
                    self._drop(target, item.rules, why)
                    break
            else:
                del self._fresh[id(target.origin)]
        return bool(lost)


def _opened(step: Step) -> Step:
    """The step with a summary that does not say "stays" of what is denied as it is stored."""
    intent = step.intent
    if intent.strategy != PRESERVE:
        return step
    summary = "egress opens, as its manifest would leave it if created now, by `egress: [{}]`"
    return step._replace(intent=intent._replace(summary=summary))


def _unchanged(inventory: Inventory) -> Inventory:
    return inventory


def _order(plan: Plan, fresh: dict[int, str]) -> Callable[[Step], tuple[bool, int]]:
    """Stored denials first, since others are planned on their repair; then round by round."""
    position = {key: number for number, key in enumerate(plan.effects)}

    def order(step: Step) -> tuple[bool, int]:
        key = id(step.target.origin)
        return key not in fresh, position[key]

    return order
