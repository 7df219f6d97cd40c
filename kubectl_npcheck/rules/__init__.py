"""The rules, one module each, in an explicit table.

A rule module has constants `ID`, `SUMMARY`, `SEVERITY`, `SCOPE` ("policy", "inventory" or
"live"), a function `check(group)`, and a docstring that is the user's documentation. The engine
(`check.py`) stamps id and severity; a rule only says where and what.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from kubectl_npcheck.findings import Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.rules import (
    any_namespace,
    dead_rules,
    dns_blocked,
    dns_one_protocol,
    egress_anywhere,
    egress_denied,
    egress_empty_list,
    egress_implicit,
    ingress_anywhere,
    ip_family_gap,
    metadata_reachable,
    policy_types_implicit,
)
from kubectl_npcheck.rules.problem import Problem


class RuleModule(Protocol):
    """What the engine expects of a rule module."""

    ID: str
    SUMMARY: str
    SEVERITY: Severity
    SCOPE: str

    def check(self, group: Group, /) -> Iterator[Problem]:
        """The problems of one namespace of one unit; only about `group.subjects` and the like."""
        ...


RULES: tuple[RuleModule, ...] = (
    # egress
    egress_implicit,
    egress_denied,
    egress_empty_list,
    dns_blocked,
    dns_one_protocol,
    # things that do nothing, or not what they say
    dead_rules,
    policy_types_implicit,
    # too wide
    egress_anywhere,
    metadata_reachable,
    ip_family_gap,
    any_namespace,
    ingress_anywhere,
    # invalid
)
