"""Whether policies that were seen and not read may act on the pods of a group.

Templates, patches, broken files, and policies of another API: each may allow something on its own.
A question that they could decide is unknown (semantics, section 7).
"""

from __future__ import annotations

from kubectl_npcheck.policy.inventory import Group, Inventory
from kubectl_npcheck.rules.wording import place_text

_CACHE = "cluster-wide policies of another API"


def may_allow(group: Group) -> bool:
    """True if something that was not read may allow the group's pods more."""
    return bool(group.unread or group.others) or _cluster_wide(group.inventory)


def unread_texts(group: Group) -> list[str]:
    """How a text names them: `CiliumNetworkPolicy x (k8s/x.yaml:3)`, `policy in k8s/y.yaml:1`."""
    texts = []
    for other in group.others:
        at = place_text(other.origin)
        texts.append(f"{other.kind} {other.name}" + (f" ({at})" if at else ""))
    for item in group.unread:
        texts.append(f"{f'policy {item.name}' if item.name else 'a policy'} in {item.origin.file}")
    return texts


def _cluster_wide(inventory: Inventory) -> bool:
    found = inventory.cache.get(_CACHE)
    if found is None:
        found = any(other.cluster_wide for group in inventory.groups for other in group.others)
        inventory.cache[_CACHE] = found
    return bool(found)
