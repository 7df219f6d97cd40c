"""One entry a policy document, for tables and machine formats: its classes and their states.

Knows groups, classes and states; nothing of rules beyond their ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from kubectl_npcheck.findings import ClassState, DirectionState, PolicyEntry
from kubectl_npcheck.policy.inventory import Group, Inventory
from kubectl_npcheck.policy.isolation import EGRESS, INGRESS, Reading, State, state
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.podclasses import PodClass, classes_selected_by
from kubectl_npcheck.policy.silence import silence
from kubectl_npcheck.policy.stuck import Stating, unstated
from kubectl_npcheck.rules.concerned import concerned
from kubectl_npcheck.settings import Settings

_STATING = "policies that state their egress by their manifests"

UNDECIDED = "undecided"
NONE = "none"
WORST_FIRST = (
    UNDECIDED,
    State.UNKNOWN.label,
    State.OPEN.label,
    State.RESTRICTED.label,
    State.DENIED.label,
)
"""Which state stands for a policy whose pods are in several: what is unsure, then the widest."""

MAX_STATES = 50
"""How many classes of a policy and unit are listed; beyond, one for each state that is new.

A namespace where policies select by many unrelated labels has thousands of classes.
"""

UNKNOWN = DirectionState(State.UNKNOWN.label, State.UNKNOWN.label)


def entries(
    inventory: Inventory,
    rules: Mapping[int, Iterable[str]],
    files: Mapping[str, int],
    settings: Settings,
) -> list[PolicyEntry]:
    """The entries of all policies that are not context, in the order of the input.

    rules: by origin (its id), the rules with a finding; files: position of a file in the input
    """
    homes: dict[int, list[tuple[Group, NetworkPolicy]]] = {}
    for group in inventory.groups:
        for policy in group.subjects:
            homes.setdefault(id(policy.origin), []).append((group, policy))
    states = States()
    found = [
        _entry(members, states, tuple(rules.get(origin, ())), settings)
        for origin, members in homes.items()
    ]
    last = len(files)
    found.sort(key=lambda entry: (files.get(entry.file or "", last), entry.line))
    return found


class States:
    """The states of classes, computed once a class."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[PodClass, ClassState]] = {}

    def of(self, group: Group, policy: NetworkPolicy) -> list[ClassState]:
        """The states of the classes that a policy of the group selects."""
        found = classes_selected_by(group, policy)
        if found is None:
            return [
                ClassState(group.unit.name, (policy.name,), {}, UNKNOWN, UNKNOWN, group.namespace)
            ]
        return _examples([self._state(group, podclass) for podclass in found])

    def _state(self, group: Group, podclass: PodClass) -> ClassState:
        held = self._held.get(id(podclass))
        if held is not None:
            return held[1]
        found = ClassState(
            group.unit.name,
            tuple([policy.name for policy in podclass.policies]),
            podclass.witness,
            _ingress(podclass),
            _egress(podclass),
            group.namespace,
        )
        self._held[id(podclass)] = (podclass, found)
        return found


def _examples(states: list[ClassState]) -> list[ClassState]:
    """The first states, and of the rest the first of each kind: no state goes unseen."""
    if len(states) <= MAX_STATES:
        return states
    kept = states[:MAX_STATES]
    seen = {(found.ingress, found.egress) for found in kept}
    for found in states[MAX_STATES:]:
        if (found.ingress, found.egress) not in seen:
            seen.add((found.ingress, found.egress))
            kept.append(found)
    return kept


def _ingress(podclass: PodClass) -> DirectionState:
    """The state that both readings see: they differ in egress only."""
    label = state(podclass.policies, INGRESS, Reading.OPEN).label
    return DirectionState(label, label)


def _egress(podclass: PodClass) -> DirectionState:
    label = state(podclass.policies, EGRESS, Reading.OPEN).label
    if all(policy.lists_egress for policy in podclass.policies):
        return DirectionState(label, label)
    return DirectionState(label, state(podclass.policies, EGRESS, Reading.DENY).label)


def _entry(
    members: list[tuple[Group, NetworkPolicy]],
    states: States,
    rules: tuple[str, ...],
    settings: Settings,
) -> PolicyEntry:
    found: list[ClassState] = []
    violation = ""
    undecided: dict[str, None] = {}
    shown = members[0][1]
    for group, policy in members:
        found += states.of(group, policy)
        said, pods = _violation(group, policy)
        if said and not violation:
            violation, shown = said, policy
        undecided.update(dict.fromkeys(pods))
    reading = settings.egress_default
    return PolicyEntry(
        namespace=shown.namespace,
        name=shown.name,
        file=shown.origin.file,
        line=shown.origin.line,
        ingress_rules=len(shown.ingress),
        egress_rules=len(shown.egress),
        has_ingress=shown.lists_ingress,
        has_egress=shown.lists_egress,
        compliant=not violation,
        violation=violation,
        ingress_state=_worst([s.ingress for s in found], reading),
        egress_state=_worst([s.egress for s in found], reading),
        undecided_pods="; ".join(undecided),
        rules=rules,
        states=tuple(found),
    )


def _violation(group: Group, policy: NetworkPolicy) -> tuple[str, list[str]]:
    """Why the policy is not compliant in this group ("" if it is), and the pods concerned."""
    if policy.lists_egress:
        return _left_over(group, policy) if unstated(policy) else ("", [])
    found = silence(policy, group)
    if not found.undecided:
        return "", []
    said = "egress rules are dead: policyTypes does not list Egress"
    if policy.implicit_egress:
        said = "egress is not stated"
    pods = [f"{workload.kind}/{workload.name}" for workload in found.workloads]
    if not pods and found.witness is not None:
        pods = [_labels(found.witness) or ("no labels" if found.deciders else "any pod")]
    return said, pods


def _left_over(group: Group, policy: NetworkPolicy) -> tuple[str, list[str]]:
    """A live denial that no manifest states, unless other policies decide for all of its pods."""
    held = group.cache.get(_STATING)
    if held is None:
        held = group.cache[_STATING] = Stating(group)
    if cast(Stating, held).cover(policy).covered:
        return "", []
    pods = [f"{pod.kind}/{pod.name}" for pod in concerned(group, policy)]
    return "egress is denied, and the manifest does not state it", pods


def _labels(witness: dict[str, str]) -> str:
    return ",".join(f"{key}={value}" for key, value in witness.items())


def _worst(states: list[DirectionState], reading: str) -> str:
    """The first of WORST_FIRST among the states, as the settings' reading sees them."""
    words = set()
    for direction in states:
        if reading == "open":
            words.add(direction.open)
        elif reading == "deny":
            words.add(direction.deny)
        else:
            words.add(direction.open if direction.open == direction.deny else UNDECIDED)
    return next((word for word in WORST_FIRST if word in words), NONE)
