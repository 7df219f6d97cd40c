"""The fields of a NetworkPolicy, and what to suggest for one that does not exist.

Source: `networking.k8s.io/v1` and `meta/v1` of the Kubernetes API reference. The API's decoder is
case-sensitive. Knows names of fields; must not know their meaning.
"""

from __future__ import annotations

from collections.abc import Mapping

from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.model import Defect
from kubectl_npcheck.policy.parsing.defects import Defects, field_text

TOP = frozenset({"apiVersion", "kind", "metadata", "spec"})
METADATA = frozenset(
    {
        "name",
        "generateName",
        "namespace",
        "selfLink",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "labels",
        "annotations",
        "ownerReferences",
        "finalizers",
        "managedFields",
    }
)
SPEC = frozenset({"podSelector", "ingress", "egress", "policyTypes"})
INGRESS_RULE = frozenset({"from", "ports"})
EGRESS_RULE = frozenset({"to", "ports"})
PEER = frozenset({"podSelector", "namespaceSelector", "ipBlock"})
PORT = frozenset({"protocol", "port", "endPort"})
IP_BLOCK = frozenset({"cidr", "except"})
SELECTOR = frozenset({"matchLabels", "matchExpressions"})
REQUIREMENT = frozenset({"key", "operator", "values"})

_HOMES = (
    (TOP, "the top level of the object"),
    (SPEC, "`spec`"),
    (METADATA, "`metadata`"),
    (INGRESS_RULE, "an ingress rule"),
    (EGRESS_RULE, "an egress rule"),
    (PEER, "an item of `from` or `to`"),
    (PORT, "an item of `ports`"),
    (IP_BLOCK, "`ipBlock`"),
    (SELECTOR, "a selector"),
    (REQUIREMENT, "an item of `matchExpressions`"),
)


def unknown_fields(
    obj: Mapping[str, object], path: Path, known: frozenset[str], defects: Defects
) -> None:
    """Note each field of an object that the API does not know there."""
    for name in obj:
        if name not in known and type(name) is str:
            where = (*path, name)
            message = f'unknown field "{field_text(where)}"'
            defects.found.append(Defect("unknown-field", where, message, suggestion(name, known)))


def suggestion(name: str, known: frozenset[str]) -> str:
    """What was probably meant by a field that is not known here, or ""."""
    lower = name.lower()
    for candidate in sorted(known):
        if candidate.lower() == lower:
            return f"did you mean `{candidate}`? (field names are case-sensitive)"
    return (
        _habit(name, known)
        or _nearest(lower, known, 0.75)
        or _home(name, known)
        or _nearest(lower, known, 0.6)
        or ("labels belong under `matchLabels`" if known is SELECTOR else "")
    )


def _habit(name: str, known: frozenset[str]) -> str:
    """Slips of another kind than a typing error: the habits of neighbouring APIs."""
    if known is INGRESS_RULE and name == "to":
        return "an ingress rule has `from`; `to` belongs in an egress rule"
    if known is EGRESS_RULE and name == "from":
        return "an egress rule has `to`; `from` belongs in an ingress rule"
    if known is PEER:
        if name == "ports":
            return "`ports` belongs in the rule, beside the list of peers: check the indentation"
        if name == "namespace":
            return "write a `namespaceSelector` on the label `kubernetes.io/metadata.name`"
        if "dns" in name.lower() or "fqdn" in name.lower():
            return "a NetworkPolicy cannot name hosts, only pods, namespaces and address ranges"
    if known is PORT and name in ("name", "number", "targetPort", "containerPort"):
        return "write `port`: the number or name of the pods' port"
    return ""


def _home(name: str, known: frozenset[str]) -> str:
    """Where a field belongs that is known elsewhere; from a rule, first look into its items."""
    homes = _HOMES[5:] + _HOMES[:5] if known in (INGRESS_RULE, EGRESS_RULE) else _HOMES
    for fields, home in homes:
        if name in fields:
            return f"`{name}` belongs in {home}: check the indentation"
    return ""


def _nearest(lower: str, known: frozenset[str], similarity: float) -> str:
    from difflib import get_close_matches

    folded = {candidate.lower(): candidate for candidate in sorted(known)}
    near = get_close_matches(lower[:64], folded, n=1, cutoff=similarity)
    return f"did you mean `{folded[near[0]]}`?" if near else ""
