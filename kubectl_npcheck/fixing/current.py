"""The pods that there are now, standing for all (`fix --live --for-current-pods`).

Classes are computed from selectors, for any pods that could exist. Here each selector is replaced
by one that matches exactly the known pods that the policy selects, so that all questions of a
repair, and its proof, are asked of those. Knows inventories; must not know strategies.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy

from kubectl_npcheck.fixing.refusing import Refusing
from kubectl_npcheck.fixing.targets import Target
from kubectl_npcheck.fixing.world import with_policies
from kubectl_npcheck.policy.inventory import Group, Inventory
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.selectors import Selector, Term

KEY = "pod"
"""The label that stands for a pod's identity in witnesses: `pods pod=web-1`."""


class CurrentPods:
    """The known pods of a live inventory, and which policies select them."""

    def __init__(self, inventory: Inventory) -> None:
        self._selectors: dict[int, Selector] = {}
        self._blind: set[int] = set()
        self.count = 0
        for group in inventory.groups:
            self._add(group)

    def _add(self, group: Group) -> None:
        """Pods that the same policies select are one: the first of them stands for all."""
        chosen: dict[int, list[str]] = {id(policy.origin): [] for policy in group.policies}
        seen: set[tuple[int, ...]] = set()
        for pod in group.workloads:
            if pod.finished or pod.host_network:
                continue
            self.count += 1
            by = tuple(id(p.origin) for p in group.policies if p.pod_selector.matches(pod.labels))
            if by in seen:
                continue
            seen.add(by)
            for key in by:
                chosen[key].append(pod.name if pod.kind == "Pod" else f"{pod.kind}/{pod.name}")
        for key, names in chosen.items():
            self._selectors[key] = Selector((Term(KEY, "In", tuple(names), ()),))
        if group.custom_resources:
            self._blind.update(chosen)

    def require(self, target: Target) -> None:
        """Raises Refusing where the pods do not tell: not all are known, or there are none."""
        if id(target.origin) in self._blind:
            raise Refusing(
                "the pods of its namespace could not all be listed",
                remedy="leave --for-current-pods out, or use an account that may list pods",
                final=True,
            )
        if self._selectors[id(target.origin)].void:
            raise Refusing(
                "it selects no pod now, so the pods do not tell what it is for",
                remedy="leave --for-current-pods out",
                final=True,
            )

    def narrowed(self, inventory: Inventory) -> Inventory:
        """The inventory with the selectors of these pods; policies are known by their origin."""

        def become(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
            made = copy(policy)
            made.pod_selector = self._selectors[id(policy.origin)]
            yield made

        return with_policies(inventory, become)
