"""Turns what parsing found wrong in an object into problems, for the rules that report it.

Knows nothing of the defects themselves: `policy.parse` finds and words them.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import Defect, NetworkPolicy


def defects_of(group: Group, rule: str) -> Iterator[tuple[NetworkPolicy, Defect]]:
    """Each defect that `rule` reports, with its policy, in the order of the input."""
    for policy in group.subjects:
        if policy.defects:
            for defect in policy.defects:
                if defect.rule == rule:
                    yield policy, defect
