"""What the changes come to: states before and after, and which pods may do more or less.

Knows proved steps; decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from kubectl_npcheck.check.entries import States
from kubectl_npcheck.findings import ClassState
from kubectl_npcheck.fixing.allowance import Allowance, allowance
from kubectl_npcheck.fixing.medium import Medium
from kubectl_npcheck.fixing.options import PRESERVE
from kubectl_npcheck.fixing.plan import Step
from kubectl_npcheck.fixing.prove import Pair, Pairs
from kubectl_npcheck.policy.isolation import EGRESS, Reading, state
from kubectl_npcheck.policy.podclasses import class_of, classes_selected_by
from kubectl_npcheck.repairs import Change
from kubectl_npcheck.rules import sticky_default
from kubectl_npcheck.rules.wording import example_pods


def changes_of(steps: Sequence[Step], pairs: Pairs, medium: Medium) -> list[Change]:
    """One change a step, in their order."""
    before, after = States(), States()
    return [_change(step, pairs, medium, before, after) for step in steps]


def _change(step: Step, pairs: Pairs, medium: Medium, before: States, after: States) -> Change:
    target, rules, intent = step
    origin = target.origin
    found = pairs.get(id(origin), [])
    effects: dict[str, None] = {}
    if _may_change(step):
        for pair in found:
            effects.update(dict.fromkeys(_effects(pair)))

    def states() -> tuple[list[ClassState], list[ClassState]]:
        old = [state for pair in found for state in before.of(pair.group, pair.old)]
        return old, [state for pair in found for state in after.of(pair.after, pair.new)]

    return Change(
        origin.file,
        origin.line,
        target.policy.namespace,
        target.policy.name,
        rules,
        intent.strategy,
        intent.summary,
        intent.operations,
        medium.placed(origin, intent.operations, intent.added),
        states,
        tuple(effects),
        intent.added.name if intent.added is not None else "",
    )


def _may_change(step: Step) -> bool:
    """Whether pods may do more or less afterwards; of all other steps it is proved that not."""
    intent = step.intent
    kept = intent.strategy in ("", PRESERVE) and not intent.effect.more
    return not kept or sticky_default.ID in step.rules


def _effects(pair: Pair) -> list[str]:
    """What Kubernetes as published will do differently, by kind of change, with an example each."""
    classes = classes_selected_by(pair.after, pair.new)
    if classes is None:
        return ["there are too many kinds of pods to say what changes for which"]
    seen: dict[str, list[dict[str, str]]] = {}
    for podclass in classes:
        old = class_of(pair.group, podclass.witness).policies
        was, now = allowance(old, Reading.OPEN), allowance(podclass.policies, Reading.OPEN)
        if was != now:
            states = (
                state(old, EGRESS, Reading.OPEN).label,
                state(podclass.policies, EGRESS, Reading.OPEN).label,
            )
            seen.setdefault(_kind(was, now, states), []).append(podclass.witness)
    lines = []
    for kind, pods in seen.items():
        more = f" and {len(pods) - 1} more kinds of pods" if len(pods) > 1 else ""
        lines.append(f"{example_pods(pods[0])}{more}: {kind}")
    return lines


def _kind(was: Allowance, now: Allowance, states: tuple[str, str]) -> str:
    if states[0] != states[1]:
        return f"egress was {states[0]} and will be {states[1]}"
    if was is not None and now is not None and was < now:
        return "they may send more than before"
    return "they may send something else than before"
