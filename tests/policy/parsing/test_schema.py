"""What is suggested for a field that does not exist."""

from __future__ import annotations

import pytest

from kubectl_npcheck.policy.parsing import schema


@pytest.mark.parametrize(
    ("known", "name", "hint"),
    [
        (schema.SPEC, "egresss", "did you mean `egress`?"),
        (schema.SPEC, "policyType", "did you mean `policyTypes`?"),
        (
            schema.SPEC,
            "PodSelector",
            "did you mean `podSelector`? (field names are case-sensitive)",
        ),
        (
            schema.SPEC,
            "matchLabels",
            "`matchLabels` belongs in a selector: check the indentation",
        ),
        (schema.SPEC, "namespace", "`namespace` belongs in `metadata`: check the indentation"),
        (schema.TOP, "ingress", "`ingress` belongs in `spec`: check the indentation"),
        (schema.TOP, "sepc", "did you mean `spec`?"),
        (
            schema.INGRESS_RULE,
            "to",
            "an ingress rule has `from`; `to` belongs in an egress rule",
        ),
        (schema.INGRESS_RULE, "port", "did you mean `ports`?"),
        (
            schema.INGRESS_RULE,
            "podSelector",
            "`podSelector` belongs in an item of `from` or `to`: check the indentation",
        ),
        (
            schema.EGRESS_RULE,
            "policyTypes",
            "`policyTypes` belongs in `spec`: check the indentation",
        ),
        (
            schema.PEER,
            "ports",
            "`ports` belongs in the rule, beside the list of peers: check the indentation",
        ),
        (
            schema.PEER,
            "namespace",
            "write a `namespaceSelector` on the label `kubernetes.io/metadata.name`",
        ),
        (schema.PEER, "cidr", "`cidr` belongs in `ipBlock`: check the indentation"),
        (
            schema.PEER,
            "toFQDNs",
            "a NetworkPolicy cannot name hosts, only pods, namespaces and address ranges",
        ),
        (schema.PORT, "targetPort", "write `port`: the number or name of the pods' port"),
        (schema.PORT, "endport", "did you mean `endPort`? (field names are case-sensitive)"),
        (schema.IP_BLOCK, "excepts", "did you mean `except`?"),
        (schema.SELECTOR, "app", "labels belong under `matchLabels`"),
        (schema.SELECTOR, "matchLabel", "did you mean `matchLabels`?"),
        (schema.REQUIREMENT, "value", "did you mean `values`?"),
        (schema.EGRESS_RULE, "when", ""),
        (schema.METADATA, "clusterName", ""),
    ],
)
def test_suggestion(known: frozenset[str], name: str, hint: str) -> None:
    assert schema.suggestion(name, known) == hint


def test_no_field_that_exists_is_suggested_for_itself() -> None:
    for known in (schema.TOP, schema.SPEC, schema.PEER, schema.PORT):
        for name in known:
            assert schema.suggestion(name + "x", known) == f"did you mean `{name}`?"
