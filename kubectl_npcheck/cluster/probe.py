"""How the API server reads a policy that does not state its egress: asked, not guessed.

A server-side dry-run create shows what would be stored, mutating policies and webhooks included;
nothing is written. Knows one manifest and its answers; must not know what follows from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.failures import ServerError
from kubectl_npcheck.cluster.parallel import each
from kubectl_npcheck.cluster.resources import POLICIES
from kubectl_npcheck.errors import ClusterError

OPEN = "open"
DENY = "deny"
NOT_PROBED = "not probed"
REFUSED = "refused by admission"
CHANGED = "changed by admission"

LIMIT = 500
"""How many namespaces are probed; each is a request that the admission webhooks see."""

WORKERS = 8
IMPLICIT = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"generateName": "npcheck-probe-"},
    "spec": {
        "podSelector": {"matchLabels": {"npcheck/probe": "dry-run"}},
        "ingress": [{"from": [{"podSelector": {}}]}],
    },
}
"""Ingress rules and not a word about egress; it would select no pod even if it were stored."""


class Probe(NamedTuple):
    """The answer of one namespace: OPEN, DENY, NOT_PROBED, REFUSED or CHANGED, and why."""

    outcome: str
    detail: str = ""


def probe(client: Client, namespace: str) -> Probe:
    """What becomes of an implicit policy in this namespace."""
    query = {"dryRun": "All", "fieldManager": "npcheck", "fieldValidation": "Ignore"}
    try:
        stored = client.post(POLICIES.path(namespace), IMPLICIT, query)
    except ServerError as error:
        return _refused(error)
    except ClusterError as error:
        return Probe(NOT_PROBED, str(error))
    spec = stored.get("spec")
    types = spec.get("policyTypes") if type(spec) is dict else None
    if type(spec) is not dict or type(types) is not list:
        return Probe(NOT_PROBED, "the answer is no NetworkPolicy")
    if "Egress" not in types:
        return Probe(OPEN)
    rules = spec.get("egress")
    if not rules:
        return Probe(DENY, "something in the cluster adds Egress to policyTypes")
    if rules == [{}]:
        return Probe(OPEN, "something in the cluster adds `egress: [{}]`")
    return Probe(CHANGED, "something in the cluster adds egress rules of its own")


def probe_all(client: Client, namespaces: Sequence[str]) -> dict[str, Probe]:
    """The answers of the first LIMIT namespaces; the others are NOT_PROBED."""
    asked = namespaces[:LIMIT]
    answers = each(lambda name: probe(client, name), asked, WORKERS)
    found = dict(zip(asked, answers, strict=True))
    left = Probe(NOT_PROBED, f"only the first {LIMIT} namespaces are probed")
    found.update((name, left) for name in namespaces[LIMIT:])
    return found


def _refused(error: ServerError) -> Probe:
    if error.status == 403 and "cannot create resource" in error.message:
        return Probe(NOT_PROBED, "no permission to create networkpolicies (a dry run needs it)")
    if "is being terminated" in error.message:
        return Probe(NOT_PROBED, "the namespace is being terminated")
    if error.status in (400, 403, 409, 422):
        return Probe(REFUSED, error.message)
    return Probe(NOT_PROBED, error.message)
