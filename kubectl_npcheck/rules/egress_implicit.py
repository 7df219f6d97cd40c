"""Egress is not stated, and nothing else decides it."""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.rules.problem import Problem

ID = "egress-implicit"
SUMMARY = "egress is not stated, and no other policy of these pods states it"
SEVERITY = Severity.ERROR
SCOPE = "policy"


def check(group: Group) -> Iterator[Problem]:
    """Report each policy that leaves its pods' egress to an unstated default."""
    for policy in group.subjects:
        if policy.implicit_egress:
            yield Problem(policy, ("spec", "policyTypes"), "egress is not stated")
