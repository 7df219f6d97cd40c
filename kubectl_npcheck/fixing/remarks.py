"""What else has to be repaired, or known, when an object of a cluster is changed.

Its manifest lies somewhere, and will be applied again. Knows what was last applied and who owns an
object; must not know the strategies.
"""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.cluster.write import MANAGER
from kubectl_npcheck.policy.model import Applied, Authored, NetworkPolicy
from kubectl_npcheck.policy.ownership import owner_of

Plain = dict[str, Any]


def remarks(policy: NetworkPolicy, before: Plain, after: Plain, managed: bool) -> tuple[str, ...]:
    """One line each.

    managed: what others keep as it is was asked for too
    """
    lines = []
    owner = owner_of(before) if managed else None
    if owner is not None:
        lines.append(f"{owner.name} may undo this: repair {owner.place}")
    if policy.applied is not None:
        lines.append(_of_manifest(policy.applied, before, after))
    return tuple(lines)


def _of_manifest(applied: Applied, before: Plain, after: Plain) -> str:
    """What the next apply of the manifest that was last applied does to the repair."""
    by = f" by {applied.manager}" if applied.manager else ""
    file = f"repair its manifest too (applied{by}, {applied.source})"
    if before["spec"].get("policyTypes") == after["spec"].get("policyTypes"):
        return f"{file}: it does not state egress, and a new creation of it would not either"
    if applied.types is not Authored.SET:
        return f"{file}: it writes no policyTypes, so its next apply leaves them as they are now"
    if applied.source == "managedFields":
        return (
            f"{file}: its next apply conflicts with {MANAGER} over policyTypes, or takes them back "
            "where conflicts are forced"
        )
    rules = "and leaves the egress rules dead" if after["spec"].get("egress") else ""
    return f"{file}: its next apply takes Egress off the list again {rules}".rstrip()
