"""Everything that a finding can be named: the rules, and what the engine itself reports."""

from __future__ import annotations

from typing import Protocol

from kubectl_npcheck.check import unused_suppression
from kubectl_npcheck.findings import RuleEntry, Severity
from kubectl_npcheck.rules import RULES


class _Documented(Protocol):
    ID: str
    SUMMARY: str
    SEVERITY: Severity
    SCOPE: str


def catalogue() -> list[RuleEntry]:
    """All rules in the order of the catalogue."""
    documented: list[_Documented] = [*RULES, unused_suppression]
    return [
        RuleEntry(rule.ID, rule.SEVERITY, rule.SCOPE, rule.SUMMARY, rule.__doc__ or "")
        for rule in documented
    ]


def rule_ids() -> list[str]:
    """The ids that settings and suppressions may name."""
    return [*(rule.ID for rule in RULES), unused_suppression.ID]
