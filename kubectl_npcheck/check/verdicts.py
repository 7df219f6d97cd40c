"""Runs the rules and keeps one verdict a place: an object may belong to several units.

Knows rules and groups; nothing of files and positions.
"""

from __future__ import annotations

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.origin import Origin, Path
from kubectl_npcheck.policy.inventory import Group, Inventory
from kubectl_npcheck.record import Record
from kubectl_npcheck.rules import RULES, RuleModule
from kubectl_npcheck.rules.problem import Problem, Subject
from kubectl_npcheck.settings import Settings

EGRESS_IMPLICIT = "egress-implicit"


class Verdict(Record):
    """A problem with the severity that it has in this run, and where it was judged.

    units: in how many units the object is; the group is the one that gives the worst verdict
    """

    rule: str
    severity: Severity
    problem: Problem
    group: Group
    units: int

    @property
    def origin(self) -> Origin:
        """Where the object comes from."""
        return self.problem.subject.origin


class _Judged:
    """What one rule says about one place in one group."""

    __slots__ = ("group", "problems", "severity")

    def __init__(self, group: Group, severity: Severity, problem: Problem) -> None:
        self.group = group
        self.severity = severity
        self.problems = [(severity, problem)]


def active_rules(settings: Settings) -> list[RuleModule]:
    """The rules that run: those that the settings do not switch off."""
    off = switched_off(settings)
    return [rule for rule in RULES if rule.ID not in off]


def switched_off(settings: Settings) -> set[str]:
    """The ids of the rules that the settings switch off."""
    off = {rule for rule, severity in settings.rules.items() if severity is None}
    if settings.egress_default == "open":
        off.add(EGRESS_IMPLICIT)
    return off


def verdicts(inventory: Inventory, settings: Settings) -> list[Verdict]:
    """What the rules say about everything that is not context, worst unit only, unordered."""
    rules = active_rules(settings)
    found: dict[tuple[int, int, Path], list[_Judged]] = {}
    for group in inventory.groups:
        for number, rule in enumerate(rules):
            for problem in rule.check(group):
                origin = problem.subject.origin
                if origin.context:
                    continue
                severity = _severity(rule, problem, settings)
                judged = found.setdefault((number, id(origin), problem.path), [])
                if not judged or judged[-1].group is not group:
                    judged.append(_Judged(group, severity, problem))
                    continue
                held = judged[-1]
                held.severity = max(held.severity, severity)
                if all(problem.message != other.message for _, other in held.problems):
                    held.problems.append((severity, problem))
    units = _unit_counts(inventory)
    denied = settings.egress_default == "deny"
    result: list[Verdict] = []
    for (number, origin_id, _), judged in found.items():
        worst = judged[0] if len(judged) == 1 else max(judged, key=lambda j: j.severity)
        count = units.get(origin_id, 1)
        for severity, problem in worst.problems:
            if denied and rules[number].ID == EGRESS_IMPLICIT:
                problem = _as_denied(problem)
            result.append(Verdict(rules[number].ID, severity, problem, worst.group, count))
    return result


def _severity(rule: RuleModule, problem: Problem, settings: Settings) -> Severity:
    """The problem's severity under the settings.

    The settings name the rule's usual severity. What the rule itself holds for less than usual
    (egress that other policies decide) is not raised by them.
    """
    own = rule.SEVERITY if problem.severity is None else problem.severity
    chosen = settings.rules.get(rule.ID)
    if chosen is None:
        return own
    return chosen if own >= rule.SEVERITY else min(own, chosen)


def _as_denied(problem: Problem) -> Problem:
    """An undecided policy as a cluster of the deny reading sees it (`egress-default: deny`).

    What the open reading says does not apply there, and neither does the repair that keeps egress
    open: the author has to choose.
    """
    if problem.severity is not None and problem.severity < Severity.ERROR:
        return problem
    evidence = tuple([line for line in problem.evidence if not line.startswith("open reading")])
    return problem._replace(
        message=f"{problem.message}, so it is denied (egress-default: deny)",
        evidence=evidence,
        fix=Fix("list Egress in policyTypes, with the egress rules that the pods need"),
    )


def _unit_counts(inventory: Inventory) -> dict[int, int]:
    """By origin (its id): in how many units the object is. Left out where it is in one."""
    if len(inventory.units) < 2:
        return {}
    seen: dict[int, set[int]] = {}
    first: dict[int, int] = {}
    for unit in inventory.units:
        mark = id(unit)
        for group in unit.groups.values():
            subjects: list[Subject] = [*group.subjects, *group.others]
            for subject in subjects:
                key = id(subject.origin)
                if first.setdefault(key, mark) != mark:
                    seen.setdefault(key, {first[key]}).add(mark)
    return {key: len(marks) for key, marks in seen.items()}
