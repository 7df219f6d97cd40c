"""The rules that hand on what parsing found: each only its own defects, at their paths."""

from __future__ import annotations

import pytest

from kubectl_npcheck.rules import (
    RuleModule,
    cidr_not_canonical,
    duplicate_key,
    invalid,
    removed_api,
    unknown_field,
)
from tests.rules.support import found, netpol, problems

FAMILY: tuple[RuleModule, ...] = (
    invalid,
    unknown_field,
    cidr_not_canonical,
    duplicate_key,
    removed_api,
)

FINE = netpol("podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]")
BLOCK = (
    "podSelector: {{}}, policyTypes: [Ingress], ingress: [{{from: [{{ipBlock: {{cidr: {}}}}}]}}]"
)

CASES: dict[str, tuple[str, RuleModule, str]] = {
    "port as text": (
        netpol("podSelector: {}, ingress: [{ports: [{port: '80'}]}]"),
        invalid,
        "web spec.ingress[0].ports[0].port",
    ),
    "misspelt field": (
        netpol("podSelector: {}, ingress: [{form: [{podSelector: {}}]}]"),
        unknown_field,
        "web spec.ingress[0].form",
    ),
    "host bits": (
        netpol(BLOCK.format("10.1.2.3/8")),
        cidr_not_canonical,
        "web spec.ingress[0].from[0].ipBlock.cidr",
    ),
    "key twice": (FINE + "  # end\n" + "kind: NetworkPolicy\n", duplicate_key, "web kind"),
    "old API": (
        FINE.replace("networking.k8s.io/v1", "extensions/v1beta1"),
        removed_api,
        "web apiVersion",
    ),
}


@pytest.mark.parametrize("rule", FAMILY, ids=lambda rule: rule.ID)
def test_silent(rule: RuleModule) -> None:
    assert found(rule, FINE) == []
    assert (
        found(rule, netpol("podSelector: {matchLabels: {app: '${APP}'}}", name="'${NAME}'")) == []
    )


@pytest.mark.parametrize(("text", "rule", "place"), CASES.values(), ids=CASES)
def test_each_defect_has_one_rule(text: str, rule: RuleModule, place: str) -> None:
    assert {r.ID: found(r, text) for r in FAMILY if found(r, text)} == {rule.ID: [place]}


LOSSES = {
    "ingress: [{form: [], ports: [{port: 1}]}]": "a rule without `from`: anyone, on its ports",
    "egress: [{too: []}]": "a rule without `to`: anyone, on any port",
    "ingress: [{from: [{podSelector: {}}], prots: []}]": None,
    "podSelector: {app: web}": "an empty podSelector: every pod of the namespace",
    "podselector: {matchLabels: {app: web}}": "an empty podSelector: every pod of the namespace",
    "podSelector: {matchLabels: {a: b}, matchLabel: {c: d}}": None,
    "ingress: [{from: [{podSelector: {app: a}}]}]": "an empty podSelector: every pod there",
    "ingress: [{from: [{namespaceSelector: {a: b}}]}]": (
        "an empty namespaceSelector: every namespace"
    ),
    "ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {a: b}, c: d}}]}]": None,
    "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, excep: []}}]}]": None,
    "spec: {}": None,
}


@pytest.mark.parametrize(("spec", "wider"), LOSSES.items(), ids=LOSSES)
def test_what_an_unknown_field_leaves(spec: str, wider: str | None) -> None:
    (problem,) = problems(unknown_field, netpol(spec))
    assert problem.evidence == ((f"dropped, it leaves {wider}",) if wider else ())


@pytest.mark.parametrize(
    ("cidr", "automatic"),
    [("10.1.2.3/8", False), ("010.0.0.0/8", True), ("'::ffff:10.0.0.0/104'", True)],
)
def test_only_a_certain_form_is_fixed_by_itself(cidr: str, automatic: bool) -> None:
    (problem,) = problems(cidr_not_canonical, netpol(BLOCK.format(cidr)))
    assert problem.fix is not None
    assert problem.fix.automatic is automatic
