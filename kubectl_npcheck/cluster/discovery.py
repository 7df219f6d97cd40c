"""Policies of other APIs that a cluster serves: they may allow or deny on their own.

Knows the groups that have such kinds; must not know what is in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.failures import ServerError
from kubectl_npcheck.cluster.lists import Resource

GROUPS = (
    "cilium.io",
    "crd.projectcalico.org",
    "projectcalico.org",
    "policy.networking.k8s.io",
    "crd.antrea.io",
)
SAME = {"projectcalico.org": "crd.projectcalico.org"}
"""Groups that serve the objects of another one again."""

SUFFIX = "NetworkPolicy"


def other_policies(client: Client) -> list[Resource] | None:
    """The lists of policies that are no NetworkPolicies of Kubernetes; None if it does not say."""
    try:
        served = _served(client.get("/apis"))
        found: list[Resource] = []
        for group in GROUPS:
            if group in served and SAME.get(group) not in served:
                api = f"/apis/{served[group]}"
                found += _lists(api, client.get(api))
        return found
    except ServerError:
        return None


def _served(groups: dict[str, Any]) -> dict[str, str]:
    """By group, its preferred version: `cilium.io` → `cilium.io/v2`."""
    found: dict[str, str] = {}
    listed = groups.get("groups")
    for group in listed if type(listed) is list else ():
        preferred = group.get("preferredVersion") if type(group) is dict else None
        version = preferred.get("groupVersion") if type(preferred) is dict else None
        if type(version) is str and type(group.get("name")) is str:
            found[group["name"]] = version
    return found


def _lists(api: str, resources: dict[str, Any]) -> Iterator[Resource]:
    listed = resources.get("resources")
    for item in listed if type(listed) is list else ():
        name, kind = item.get("name"), item.get("kind")
        if type(name) is not str or type(kind) is not str or "/" in name:
            continue
        if kind.endswith(SUFFIX) and "list" in (item.get("verbs") or ()):
            yield Resource(api, name, kind, item.get("namespaced") is True)
