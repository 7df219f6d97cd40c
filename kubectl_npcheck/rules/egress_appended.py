"""Live policies to which admission appended Egress: their silence is in effect as a denial.

What rule `egress-implicit` says where the probe found the deny reading. Knows what was applied and
what is stored; must not know how the probe works.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.stuck import Stating, unstated
from kubectl_npcheck.rules.concerned import concerned_text
from kubectl_npcheck.rules.problem import Problem
from kubectl_npcheck.rules.wording import example_pods, pods_text, policies_text

PATH = ("spec", "policyTypes")


def appended(group: Group) -> Iterator[Problem]:
    """Report each policy whose manifest does not state the egress that is stored."""
    stating: Stating | None = None
    for policy in group.subjects:
        if policy.lists_egress and unstated(policy) and not policy.pod_selector.void:
            if stating is None:
                stating = Stating(group)
            yield _problem(group, policy, stating)


def _problem(group: Group, policy: NetworkPolicy, stating: Stating) -> Problem:
    covered = stating.cover(policy)
    others = stating.near(policy)
    applied = policy.applied
    source = applied.source if applied is not None else ""
    evidence = [f"the manifest ({source}) does not state egress; Egress is appended here (probed)"]
    if covered.covered:
        return Problem(
            policy,
            PATH,
            f"egress is not stated in the manifest; {policies_text(others)} state it for all of "
            "its pods",
            tuple(evidence),
            severity=Severity.NOTE,
            fix=Fix("list Egress in the manifest, without egress rules: it changes nothing"),
        )
    pods = pods_text(policy.pod_selector)
    if others and covered.witness is not None:
        pods = example_pods(covered.witness)
    evidence.append(f"{pods} may send nothing, DNS included")
    if others:
        evidence.append(f"other pods of it are decided by {policies_text(others)}")
    evidence += concerned_text(group, policy)
    return Problem(
        policy,
        PATH,
        "egress is not stated, and denied here: Egress is stored without rules",
        tuple(evidence),
        fix=Fix("list Egress in the manifest, with the egress rules that the pods need"),
    )
