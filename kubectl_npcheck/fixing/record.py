"""Denials on record: the annotation that tells lint that a denial was asked for.

Without it, lint would take the denial for a mistake. Knows the rule `egress-denied` and the
annotation that suppresses it, which live objects carry too.
"""

from __future__ import annotations

from collections.abc import Mapping

from kubectl_npcheck.findings import Operation
from kubectl_npcheck.fixing.intent import Intent
from kubectl_npcheck.fixing.targets import Target
from kubectl_npcheck.policy.annotations import IGNORE, ignored_rules
from kubectl_npcheck.policy.inventory import Inventory
from kubectl_npcheck.rules import egress_denied
from kubectl_npcheck.rules.on_record import on_record

ANNOTATION = ("metadata", "annotations", IGNORE)


def to_be_recorded(inventory: Inventory, suspects: Mapping[int, Target]) -> list[Target]:
    """Those of the targets, by the `id` of their origin, that lint would warn of afterwards."""
    found: dict[int, Target] = {}
    for group in inventory.groups:
        if not any(id(policy.origin) in suspects for policy in group.policies):
            continue
        for problem in egress_denied.check(group):
            key = id(problem.subject.origin)
            target = suspects.get(key)
            if target is not None and not on_record(group, target.policy, egress_denied.ID):
                found[key] = target
    return list(found.values())


def recorded(target: Target, intent: Intent) -> Intent:
    """The intent with the annotation."""
    return intent._replace(
        operations=(*intent.operations, annotation(target)),
        summary=f"{intent.summary}; the denial is on record (annotation {IGNORE})",
    )


def annotation(target: Target) -> Operation:
    """What puts a denial on record; the rules that the annotation names already stay."""
    known = ignored_rules(target.policy.annotations)
    return Operation("set", ANNOTATION, ",".join([*known, egress_denied.ID]))
