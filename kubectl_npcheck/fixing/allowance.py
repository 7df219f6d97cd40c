"""What the pods of a class may send, as a value that can be compared. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from kubectl_npcheck.policy.isolation import EGRESS, Reading, allows_everything, isolates
from kubectl_npcheck.policy.meaning import rules_identity
from kubectl_npcheck.policy.model import NetworkPolicy

Allowance = frozenset[object] | None
"""The rules of the union; None is everything: not isolated, or a rule allows all."""


def allowance(policies: Sequence[NetworkPolicy], reading: Reading) -> Allowance:
    """What the pods that exactly these policies select may send under a reading.

    Equal allowances allow the same; different ones may do so too, spelt differently.
    """
    isolating = [policy for policy in policies if isolates(policy, EGRESS, reading)]
    rules = [rule for policy in isolating for rule in policy.egress]
    if not isolating or any(map(allows_everything, rules)):
        return None
    return rules_identity(rules)


def allowances(policies: Sequence[NetworkPolicy], reading: Reading) -> tuple[Allowance, Allowance]:
    """The same with the policies that the API would reject, and without: who knows."""
    accepted = [policy for policy in policies if policy.accepted]
    return allowance(policies, reading), allowance(accepted, reading)
