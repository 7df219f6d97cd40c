"""Rule unprotected-workload."""

from __future__ import annotations

import pytest

from kubectl_npcheck.policy.isolation import Reading
from kubectl_npcheck.rules import unprotected_workload
from tests.rules.live import live_found, live_problems, pod, stored
from tests.rules.manifests import custom_resource, deployment
from tests.rules.support import found, groups_of, netpol, problems

WEB = "podSelector: {matchLabels: {app: web}}"
IN = netpol(f"{WEB}, policyTypes: [Ingress], ingress: [{{}}]")
BOTH = netpol(f"{WEB}, policyTypes: [Ingress, Egress]")
FRONT = deployment("front", "app: front")
CALICO = "apiVersion: crd.projectcalico.org/v1\nkind: {}NetworkPolicy\nmetadata: {{name: c, namespace: shop}}\n"


@pytest.mark.parametrize(
    "documents",
    [
        [FRONT, IN.replace("namespace: shop", "namespace: dev")],  # a namespace without policies
        [deployment("web", "app: web"), BOTH],
        # isolated for both; what is allowed is another question
        [FRONT, netpol("podSelector: {}, policyTypes: [Ingress]", "deny"), IN],
        # its own policy leaves egress unstated: egress-implicit
        [
            FRONT,
            BOTH,
            netpol("podSelector: {matchLabels: {app: front}}, policyTypes: [Ingress]", "front"),
        ],
        [deployment("front", "app: front", pod="hostNetwork: true"), IN],
        [deployment("dns", "app: dns", "kube-system"), IN.replace("shop", "kube-system")],
        # not read, and may select it
        [FRONT, IN, CALICO.format("")],
        [FRONT, IN, CALICO.format("Global")],
        # a placeholder may be anything, on either side
        [deployment("front", "app: '${APP}'"), IN],
        [FRONT, IN, netpol("podSelector: {matchLabels: {app: '${APP}'}}", "other")],
        # the API rejects it; what its author meant is known all the same
        [FRONT, IN, netpol("podSelector: {}, policyTypes: [Ingress, Sideways]", "rejected")],
        # no policy of the namespace counts
        [FRONT, netpol(f"{WEB}, policyTypes: [Ingress, Sideways]", "rejected")],
        # a policy that may be applied to the same namespace
        [
            {"app/front.yaml": FRONT + "---\n" + IN},
            {"all/deny.yaml": netpol("podSelector: {}", "deny", "")},
        ],
        [
            {"a/web.yaml": FRONT + "---\n" + IN},
            {"b/web.yaml": IN.replace("[Ingress]", "[Egress]")},
            {"b/deny.yaml": netpol("podSelector: {}, policyTypes: [Ingress]", "deny")},
        ],
    ],
)
def test_silent(documents: list[str | dict[str, str]]) -> None:
    assert found(unprotected_workload, *documents) == []


@pytest.mark.parametrize(
    ("policy", "what"),
    [
        (IN, "no policy isolates it for Ingress: anybody may connect to it"),
        (
            BOTH,
            "no policy isolates it for Ingress and Egress: anybody may connect to it and it may "
            "send anything",
        ),
        (
            netpol(f"{WEB}, policyTypes: [Egress]"),
            "no policy isolates it for Egress: it may send anything",
        ),
    ],
)
def test_reported(policy: str, what: str) -> None:
    (problem,) = problems(unprotected_workload, FRONT, policy, custom_resource())
    assert (problem.subject.name, problem.message) == ("front", what)
    assert problem.path == ("metadata", "name")
    assert problem.evidence[0].startswith("others of namespace shop are isolated by shop/web")


def test_a_policy_for_the_other_direction_is_named() -> None:
    egress = netpol("podSelector: {matchLabels: {app: front}}, policyTypes: [Egress]", "front")
    (problem,) = problems(unprotected_workload, FRONT, IN, egress)
    assert problem.message == "no policy isolates it for Ingress: anybody may connect to it"
    assert "it is selected by shop/front" in problem.evidence[1]


def test_replicas_are_reported_once() -> None:
    policy = stored(f"{WEB}, policyTypes: [Ingress]")
    front = [pod(f"front-{n}", f"app: front, pod-template-hash: h{n}") for n in range(3)]
    done = pod("job-1", "app: job").replace("Running", "Succeeded")
    cluster = [policy, *front, pod("web-1", "app: web"), pod("x-1", "app: x"), done]
    (first, second) = live_problems(unprotected_workload, *cluster)
    assert first.evidence[1] == "the same holds for Pod front-1, Pod front-2"
    assert second.subject.name == "x-1"
    assert live_found(unprotected_workload, *cluster, reading=Reading.DENY) != []


def test_one_that_suppresses_it_stays_alone() -> None:
    policy = stored(f"{WEB}, policyTypes: [Ingress]")
    meta = "annotations: {npcheck/ignore: unprotected-workload}, labels"
    front = [pod(f"front-{n}", "app: front").replace("labels", meta) for n in range(2)]
    cluster = [policy, *front, pod("front-2", "app: front")]
    assert len(live_found(unprotected_workload, *cluster)) == 3


def test_a_unit_of_which_something_is_missing_tells_nothing() -> None:
    (group,) = groups_of([FRONT, IN])
    group.unit.complete = False
    assert list(unprotected_workload.check(group)) == []


def test_context_is_not_reported() -> None:
    (group,) = groups_of([FRONT, IN])
    group.workloads[0].origin.context = True
    assert list(unprotected_workload.check(group)) == []
