"""The proof of the meaning, on the new texts read again: the obligation of each strategy.

Nothing is written unless all of it holds. Knows policies and pod classes as they were and as they
are read again; must not know texts.
"""

from __future__ import annotations

from collections.abc import Iterable

from kubectl_npcheck.fixing.allowance import allowance, allowances
from kubectl_npcheck.fixing.options import ALLOW_ALL, PRESERVE
from kubectl_npcheck.fixing.plan import Step
from kubectl_npcheck.fixing.refusing import ProofError
from kubectl_npcheck.fixing.world import stated
from kubectl_npcheck.policy.inventory import Group, Inventory
from kubectl_npcheck.policy.isolation import Reading, same_meaning
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.podclasses import PodClass, class_of, classes_selected_by


class Pair:
    """A policy in one group before and after."""

    __slots__ = ("after", "group", "new", "old")

    def __init__(self, group: Group, old: NetworkPolicy, after: Group, new: NetworkPolicy) -> None:
        self.group = group
        self.old = old
        self.after = after
        self.new = new


Pairs = dict[int, list[Pair]]
"""By the `id` of the origin of the policy as it was."""


def paired(before: Inventory, after: Inventory, steps: Iterable[Step]) -> Pairs:
    """Each policy as it was and as it is, in each of its groups. Raises ProofError if they differ.

    The policies that were added (`--split`) are those that nothing of the old ones corresponds to.
    """
    added = {step.intent.added.name for step in steps if step.intent.added is not None}
    pairs: Pairs = {}
    old_groups, new_groups = _with_policies(before), _with_policies(after)
    if [(g.unit.name, g.namespace) for g in old_groups] != [
        (g.unit.name, g.namespace) for g in new_groups
    ]:
        raise ProofError("the input", "it is applied together in another way than before")
    for old_group, new_group in zip(old_groups, new_groups, strict=True):
        _pair(old_group, new_group, added, pairs)
    return pairs


def _with_policies(inventory: Inventory) -> list[Group]:
    """The groups in which there is anything to prove: of others, a run need not read all."""
    return [group for group in inventory.groups if group.policies]


def _pair(group: Group, after: Group, added: set[str], pairs: Pairs) -> None:
    old_names = {policy.name for policy in group.policies}
    left = [p for p in after.policies if p.name in old_names or not _is_added(p.name, added)]
    if [p.name for p in left] != [p.name for p in group.policies]:
        raise ProofError(group.unit.name, "its policies are not those that were there before")
    for old, new in zip(group.policies, left, strict=True):
        if old.origin.parts != new.origin.parts:
            raise ProofError(group.unit.name, f"policy {old.name} comes from another file")
        pairs.setdefault(id(old.origin), []).append(Pair(group, old, after, new))


def _is_added(name: str, added: set[str]) -> bool:
    """Whether a name is that of an added policy; a kustomization may put affixes around it."""
    return name in added or any(own in name for own in added)


def prove_meaning(steps: Iterable[Step], pairs: Pairs, allow_widening: bool) -> None:
    """That each step does what its strategy promises, for every class under both readings."""
    proved: dict[int, PodClass] = {}
    for step in steps:
        for pair in pairs.get(id(step.target.origin), []):
            _prove_policy(step, pair)
            if step.intent.strategy == PRESERVE:
                _prove_preserved(step, pair, proved)
            elif step.intent.strategy == ALLOW_ALL and not allow_widening:
                _prove_no_widening(step, pair)


def _prove_policy(step: Step, pair: Pair) -> None:
    wanted = stated(pair.old, step.intent.effect)
    if step.intent.effect.more:
        fits = wanted.lists_egress == pair.new.lists_egress
        fits = fits and wanted.lists_ingress == pair.new.lists_ingress
    else:
        fits = same_meaning(wanted, pair.new)
    if not fits:
        why = f"in {pair.group.unit.name} the policy would mean something else than was asked for"
        raise ProofError(_place(step), why)


def _prove_preserved(step: Step, pair: Pair, proved: dict[int, PodClass]) -> None:
    """The obligation of `preserve`; classes that are proved already are known by their `id`."""
    classes = classes_selected_by(pair.after, pair.new)
    if classes is None:
        raise ProofError(_place(step), "there are too many pod classes")
    for podclass in classes:
        if id(podclass) in proved:
            continue
        proved[id(podclass)] = podclass
        old = class_of(pair.group, podclass.witness).policies
        before = allowances(old, Reading.OPEN)
        for reading in Reading:
            if allowances(podclass.policies, reading) != before:
                why = f"pods {podclass.witness} could send something else ({reading.label} reading)"
                raise ProofError(_place(step), why)


def _prove_no_widening(step: Step, pair: Pair) -> None:
    classes = classes_selected_by(pair.group, pair.old)
    if classes is None:
        raise ProofError(_place(step), "there are too many pod classes")
    for podclass in classes:
        if allowance(podclass.policies, Reading.OPEN) is not None:
            why = f"pods {podclass.witness} are restricted, and would not be"
            raise ProofError(_place(step), why)


def _place(step: Step) -> str:
    origin = step.target.origin
    return f"{origin.file}:{origin.line}" if origin.file else step.target.policy.name
