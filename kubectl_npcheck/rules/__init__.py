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
    cidr_not_canonical,
    dead_rules,
    dns_blocked,
    dns_nodelocal,
    dns_one_protocol,
    duplicate_key,
    duplicate_policy,
    egress_anywhere,
    egress_denied,
    egress_empty_list,
    egress_implicit,
    host_network,
    ingress_anywhere,
    invalid,
    ip_family_gap,
    metadata_reachable,
    namespace_name_label,
    open_by_accident,
    other_kind,
    peer_or,
    peer_selects_nothing,
    policy_types_implicit,
    port_not_exposed,
    redundant,
    removed_api,
    selects_nothing,
    service_port,
    sticky_default,
    unknown_field,
    unprotected_workload,
    version_label,
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
    dns_nodelocal,
    sticky_default,
    # things that do nothing, or not what they say
    dead_rules,
    policy_types_implicit,
    peer_or,
    namespace_name_label,
    open_by_accident,
    selects_nothing,
    peer_selects_nothing,
    version_label,
    host_network,
    service_port,
    port_not_exposed,
    redundant,
    # too wide
    egress_anywhere,
    metadata_reachable,
    ip_family_gap,
    any_namespace,
    ingress_anywhere,
    unprotected_workload,
    # invalid
    invalid,
    unknown_field,
    cidr_not_canonical,
    duplicate_key,
    removed_api,
    duplicate_policy,
    other_kind,
)
