"""The objects of a run, indexed by unit and namespace.

A `Unit` is what is surely applied together (semantics, section 9), a `Group` is one namespace of
one unit: only policies of one group act on the same pods.
"""

from __future__ import annotations

from kubectl_npcheck.policy.model import (
    Namespace,
    NetworkPolicy,
    OtherPolicy,
    Service,
    UnreadPolicy,
    Workload,
)
from kubectl_npcheck.policy.reading import Reading


class Unit:
    """What is applied together.

    name:     how texts call it, e.g. "namespace shop", "overlays/prod", "cluster kind-dev"
    complete: False if something that belongs to it is missing from the input
    live:     True if the objects come from a cluster
    missing:  what makes it incomplete, one clause each
    relabels: True if its kustomization puts labels into selectors, those of rules included
    """

    __slots__ = ("complete", "groups", "live", "missing", "name", "relabels")

    def __init__(
        self,
        name: str,
        complete: bool = True,
        live: bool = False,
        missing: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.complete = complete
        self.live = live
        self.missing = missing
        self.relabels = False
        self.groups: dict[str | None, Group] = {}


class Group:
    """One namespace of one unit.

    policies: all NetworkPolicies of the group, context included; in a kustomization, as the
    unit rewrites them. `unread` are policies of the group, or near it, that were not judged.
    workloads: in a group without policies only those that some policy may ask for.
    custom_resources: the namespace holds objects whose operators may create pods.
    reading: how the API server of a live group reads an unstated egress, as probed; None for files
    and where it was not probed.
    """

    __slots__ = (
        "_subjects",
        "cache",
        "custom_resources",
        "inventory",
        "namespace",
        "others",
        "policies",
        "reading",
        "services",
        "unit",
        "unread",
        "workloads",
    )

    def __init__(self, inventory: Inventory, unit: Unit, namespace: str | None) -> None:
        self.inventory = inventory
        self.unit = unit
        self.namespace = namespace
        self.policies: list[NetworkPolicy] = []
        self.workloads: list[Workload] = []
        self.services: list[Service] = []
        self.others: list[OtherPolicy] = []
        self.unread: list[UnreadPolicy] = []
        self.custom_resources = False
        self.reading: Reading | None = None
        self.cache: dict[str, object] = {}
        self._subjects: list[NetworkPolicy] | None = None

    @property
    def subjects(self) -> list[NetworkPolicy]:
        """The policies to report on: those that are not context."""
        if self._subjects is None:
            self._subjects = [p for p in self.policies if not p.origin.context]
        return self._subjects


class Inventory:
    """Everything that a run knows. `namespaces` are the Namespace objects of the input, by name."""

    __slots__ = ("_by_namespace", "cache", "namespaces", "units")

    def __init__(self) -> None:
        self.units: list[Unit] = []
        self.namespaces: dict[str, list[Namespace]] = {}
        self.cache: dict[str, object] = {}
        self._by_namespace: dict[str | None, list[Group]] | None = None

    @property
    def groups(self) -> list[Group]:
        """All groups of all units, in the order of the input."""
        return [group for unit in self.units for group in unit.groups.values()]

    def groups_named(self, namespace: str | None) -> list[Group]:
        """The groups of every unit that stand for this namespace."""
        if self._by_namespace is None:
            index: dict[str | None, list[Group]] = {}
            for group in self.groups:
                index.setdefault(group.namespace, []).append(group)
            self._by_namespace = index
        return self._by_namespace.get(namespace, [])

    def group(self, unit: Unit, namespace: str | None) -> Group:
        """The group of a unit for a namespace, made on first use."""
        found = unit.groups.get(namespace)
        if found is None:
            found = unit.groups[namespace] = Group(self, unit, namespace)
            self._by_namespace = None
        return found


def system_namespace(name: str | None) -> bool:
    """True for namespaces whose pods come with the cluster and are never all in files."""
    return name is not None and (name.startswith(("kube-", "openshift-")) or name == "openshift")
