"""Reports from YAML text, without files: `check` on objects that the rules' tests build."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from kubectl_npcheck.check import check
from kubectl_npcheck.findings import Counts, Finding, ReadError, Report, Skipped
from kubectl_npcheck.manifests.source import Source
from kubectl_npcheck.policy.inventory import Inventory
from kubectl_npcheck.settings import Settings
from tests.rules.support import groups_of

if TYPE_CHECKING:
    from kubectl_npcheck.load import Loaded

IMPLICIT = "podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]"
DENY_ALL = "podSelector: {}, policyTypes: [Ingress, Egress]"


class Objects(NamedTuple):
    """What `check` takes of `Loaded`."""

    inventory: Inventory
    skipped: Sequence[Skipped]
    errors: Sequence[ReadError]
    counts: Counts
    sources: Sequence[Source]


def inventory_of(*documents: str | dict[str, str]) -> Inventory:
    """The inventory of an input: texts are documents of one file, a dict is path -> text."""
    groups = groups_of(documents)
    return groups[0].inventory if groups else Inventory()


def checked(inventory: Inventory, settings: Settings | None = None) -> Report:
    """The report on an inventory; files in the order of their names."""
    sources: dict[str, Source] = {}
    policies = 0
    for group in inventory.groups:
        policies += len(group.subjects)
        for policy in group.policies:
            if policy.origin.document is not None:
                source = policy.origin.document.source
                sources[source.file] = source
    counts = Counts(len(sources), len(sources), policies, 0)
    loaded = Objects(inventory, [], [], counts, [sources[file] for file in sorted(sources)])
    return check(cast("Loaded", loaded), settings or Settings(), {})


def report(*documents: str | dict[str, str], settings: Settings | None = None) -> Report:
    """The report on an input."""
    return checked(inventory_of(*documents), settings)


def shown(found: Report) -> list[str]:
    """The findings as `severity rule name`."""
    return [text(finding) for finding in found.findings]


def text(finding: Finding) -> str:
    """`severity rule name`."""
    return f"{finding.severity.label} {finding.rule} {finding.name}"
