"""What rules that also look at files say of the objects of a cluster."""

from __future__ import annotations

import pytest

from kubectl_npcheck.findings import Severity
from kubectl_npcheck.rules import (
    RULES,
    RuleModule,
    egress_denied,
    egress_empty_list,
    namespace_name_label,
    peer_selects_nothing,
    policy_types_implicit,
    redundant,
    selects_nothing,
)
from tests.rules.live import live_found, live_groups, live_problems, pod, stored
from tests.rules.manifests import namespace, service

WEB = "podSelector: {matchLabels: {app: web}}"
FROM_API = "ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]"
DENIED = f"{WEB}, policyTypes: [Ingress, Egress], {FROM_API}"
POD = pod("web-1", "app: web")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.ID)
def test_no_finding_and_no_text_of_a_live_object_names_a_place(rule: RuleModule) -> None:
    cluster = [
        stored(f"podSelector: {{matchLabels: {{app: gone}}}}, policyTypes: [Ingress], {FROM_API}"),
        stored(DENIED, f"{WEB}, {FROM_API}", "stuck"),
        stored("podSelector: {}, policyTypes: [Ingress], ingress: [{}]", name="open"),
        stored(f"{WEB}, policyTypes: [Egress], egress: [{{ports: [{{port: 80}}]}}]", name="out"),
        pod("other-1", "app: other"),
        service("web", "app: web", "{port: 80, targetPort: 8080}"),
        namespace("shop"),
        POD,
    ]
    for problem in live_problems(rule, *cluster):
        assert "in the input" not in problem.message
        assert not any("None" in line or " ()" in line for line in problem.evidence)


@pytest.mark.parametrize(
    ("rule", "policy"),
    [
        (
            selects_nothing,
            stored("podSelector: {matchLabels: {app: gone}}, policyTypes: [Ingress]"),
        ),
        (peer_selects_nothing, stored(f"{WEB}, policyTypes: [Ingress], {FROM_API}")),
    ],
)
def test_what_matches_no_pod_now_is_a_warning(rule: RuleModule, policy: str) -> None:
    (problem,) = live_problems(rule, policy, POD)
    assert problem.severity is Severity.WARNING
    (group,) = live_groups(policy, POD)
    group.custom_resources = True  # not all that makes pods could be read
    assert list(rule.check(group)) == []


@pytest.mark.parametrize(
    ("spaces", "severity"),
    [
        ([], None),  # not known which labels it has
        ([namespace("monitoring")], Severity.ERROR),
    ],
)
def test_a_live_namespace_without_the_label(spaces: list[str], severity: Severity | None) -> None:
    peer = "{namespaceSelector: {matchLabels: {name: monitoring}}}"
    policy = stored(f"{WEB}, policyTypes: [Ingress], ingress: [{{from: [{peer}]}}]")
    (problem,) = live_problems(namespace_name_label, policy, *spaces)
    assert problem.severity is severity
    labelled = namespace("monitoring", "name: monitoring")
    assert live_found(namespace_name_label, policy, labelled) == []


def test_what_was_authored_is_unknown_without_a_trace_of_it() -> None:
    for rule in (egress_denied, egress_empty_list, policy_types_implicit):
        assert live_found(rule, stored(DENIED)) == []
    assert live_found(egress_denied, stored(DENIED, DENIED)) == ["web spec.policyTypes"]
    assert live_found(egress_denied, stored(DENIED, f"{DENIED}, egress: []")) == []
    written = stored(DENIED, f"{DENIED}, egress: []")
    assert live_found(egress_empty_list, written) == ["web spec.egress"]


def test_policy_types_are_a_matter_of_files() -> None:
    policy = stored(f"{WEB}, policyTypes: [Ingress]", WEB)
    assert live_found(policy_types_implicit, policy) == []


def test_a_redundant_policy_names_the_other_without_a_file() -> None:
    wide = stored("podSelector: {}, policyTypes: [Ingress], ingress: [{}]", name="wide")
    narrow = stored(f"{WEB}, policyTypes: [Ingress], {FROM_API}", name="narrow")
    (problem,) = live_problems(redundant, wide, narrow)
    assert problem.subject.name == "narrow"
    assert problem.evidence == ("contained in shop/wide",)
