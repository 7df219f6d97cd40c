"""Which pods of a live cluster a policy concerns now, as one line of evidence.

Knows the known pods of a group; must not know what a rule says of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy, Workload
from kubectl_npcheck.rules.pods import known_pods
from kubectl_npcheck.rules.wording import listed, workload_text


def concerned(group: Group, policy: NetworkPolicy) -> list[Workload]:
    """The known pods on which the policy acts: not those in the network of their node."""
    pods = known_pods(group).matching(policy.pod_selector)
    return [workload for workload in pods if not workload.host_network]


def concerned_text(group: Group, policy: NetworkPolicy) -> list[str]:
    """`concerns Pod web-1, Pod web-2`; [] where no pod is known."""
    found = concerned(group, policy)
    return [f"concerns {workloads_text(found)}"] if found else []


def workloads_text(workloads: Sequence[Workload]) -> str:
    """The pods themselves where some run, else what makes them; beyond a few they are counted."""
    running = [workload for workload in workloads if workload.kind == "Pod"]
    return listed([workload_text(workload) for workload in running or workloads])
