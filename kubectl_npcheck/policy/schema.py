"""The fields of a NetworkPolicy, and what to suggest for one that does not exist.

Source: `networking.k8s.io/v1` and `meta/v1` of the Kubernetes API reference. The API's decoder is
case-sensitive. Knows names of fields; must not know their meaning.
"""

from __future__ import annotations

from collections.abc import Mapping

from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.defects import Defects, field_text
from kubectl_npcheck.policy.model import Defect

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
    (TOP, "the top level"),
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
    if name == "to" and known is INGRESS_RULE:
        return "an ingress rule has `from`; `to` belongs in an egress rule"
    if name == "from" and known is EGRESS_RULE:
        return "an egress rule has `to`; `from` belongs in an ingress rule"
    for fields, home in _HOMES:
        if name in fields:
            return f"`{name}` belongs in {home}: check the indentation"
    from difflib import get_close_matches

    near = get_close_matches(lower, {c.lower(): c for c in sorted(known)}, n=1, cutoff=0.6)
    for candidate in sorted(known):
        if near and candidate.lower() == near[0]:
            return f"did you mean `{candidate}`?"
    return ""
