"""Which objects a repair is asked for: those with a finding of the selected rules.

Suppressed findings, and those of rules that are switched off, never arrive here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kubectl_npcheck.check.catalogue import rule_ids
from kubectl_npcheck.check.placing import Placed
from kubectl_npcheck.findings import Severity
from kubectl_npcheck.fixing.options import Options
from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.model import Authored, NetworkPolicy
from kubectl_npcheck.rules import egress_empty_list, egress_implicit
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.settings import Settings


class Target:
    """One object of a file, and what was found about it.

    problems: by rule
    silent:   its egress is to be stated
    """

    __slots__ = ("origin", "policy", "problems", "silent")

    def __init__(self, policy: NetworkPolicy) -> None:
        self.origin: Origin = policy.origin
        self.policy = policy
        self.problems: dict[str, list[Problem]] = {}
        self.silent = False

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules with a finding, sorted."""
        return tuple(sorted(self.problems))


def narrowed_to(settings: Settings, rules: Collection[str]) -> Settings:
    """The settings with all rules off but the selected ones, as far as these are on."""
    chosen = {
        rule: settings.rules.get(rule) if rule in rules else None
        for rule in rule_ids()
        if rule not in rules or rule in settings.rules
    }
    return settings._replace(rules=chosen)


def switched_off(settings: Settings) -> frozenset[str]:
    """The rules that the settings switch off."""
    return frozenset(rule for rule, severity in settings.rules.items() if severity is None)


def targets(kept: Iterable[Placed], options: Options) -> list[Target]:
    """The targets in an order that depends on names and places only, not on how files are read."""
    found: dict[int, Target] = {}
    for item in kept:
        rule, problem = item.verdict.rule, item.verdict.problem
        policy = problem.subject
        if rule not in options.rules or not isinstance(policy, NetworkPolicy):
            continue
        note = rule == egress_implicit.ID and problem.severity is Severity.NOTE
        if note and not options.notes:
            continue
        target = found.setdefault(id(policy.origin), Target(policy))
        target.problems.setdefault(rule, []).append(problem)
        if rule == egress_implicit.ID or _unlisted(rule, policy, options):
            target.silent = True
    return sorted(found.values(), key=_order)


def _unlisted(rule: str, policy: NetworkPolicy, options: Options) -> bool:
    """Whether `egress: []` stands where Egress is not listed, and a strategy is chosen for it."""
    return (
        rule == egress_empty_list.ID
        and options.named
        and policy.implicit_egress
        and policy.egress_authored is Authored.EMPTY
    )


def _order(target: Target) -> tuple[object, ...]:
    origin = target.origin
    place = origin.parts, origin.file or "", origin.line, tuple(map(str, origin.prefix))
    return *place, target.policy.namespace or "", target.policy.name
