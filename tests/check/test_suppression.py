"""Comments and annotations that suppress, and the notes on those that do not."""

from __future__ import annotations

import pytest

from kubectl_npcheck.settings import Settings
from tests.check.support import DENY_ALL, IMPLICIT, report, shown
from tests.rules.manifests import deployment
from tests.rules.support import netpol

ERROR = "error egress-implicit web"
DENIED_IN_PASSING = (
    "podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ports: [{port: 80}]}]"
)
ALSO_DENIED = DENIED_IN_PASSING.replace("80", "81")
UNUSED = "note unused-suppression web"


def annotated(rules: str, spec: str = IMPLICIT) -> str:
    return netpol(spec, annotations=f"npcheck/ignore: '{rules}'")


@pytest.mark.parametrize(
    "document",
    [
        annotated("egress-implicit"),
        "# npcheck: ignore[egress-implicit] decided in prod\n" + netpol(IMPLICIT),
        netpol(IMPLICIT).rstrip() + "  # npcheck: ignore[egress-implicit]\n",
    ],
)
def test_suppressed(document: str) -> None:
    found = report(document)
    assert shown(found) == []
    assert found.counts.suppressed == 1
    assert found.policies[0].rules == ()


@pytest.mark.parametrize(
    "document",
    [
        annotated("dead-rules", IMPLICIT),
        "# npcheck: ignore[dead-rules]\n" + netpol(IMPLICIT),
        netpol(IMPLICIT).replace("metadata", "# npcheck: ignore[dead-rules]\nmetadata"),
    ],
)
def test_another_rule_does_not_suppress_and_is_noted(document: str) -> None:
    assert sorted(shown(report(document))) == [ERROR, UNUSED]


@pytest.mark.parametrize(
    "change",
    [
        ("metadata: {name", "metadata: {annotations: {npcheck/ignore: unprotected-workload}, name"),
        ("kind:", "# npcheck: ignore[unprotected-workload] on purpose\nkind:"),
        (
            "metadata: {labels",
            "metadata: {annotations: {npcheck/ignore: unprotected-workload}, labels",
        ),
    ],
)
def test_a_workload_suppresses_too(change: tuple[str, str]) -> None:
    policy = netpol("podSelector: {matchLabels: {a: b}}, policyTypes: [Ingress, Egress]")
    workload = deployment("front", "app: front")
    assert "note unprotected-workload front" in shown(report(policy, workload))
    assert not any("front" in line for line in shown(report(policy, workload.replace(*change))))
    unused = workload.replace("app: front", "a: b").replace(*change)
    assert "note unused-suppression front" in shown(report(policy, unused))


def test_a_suppression_of_one_object_leaves_the_next_alone() -> None:
    found = report(annotated("egress-implicit"), netpol(IMPLICIT.replace("web", "api"), "api"))
    assert shown(found) == ["error egress-implicit api"]


def test_both_ways_of_suppressing_count_as_used() -> None:
    found = report("# npcheck: ignore[egress-implicit]\n" + annotated("egress-implicit"))
    assert shown(found) == []


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (
            annotated("egress-implict"),
            'unknown rule "egress-implict"; did you mean "egress-implicit"?',
        ),
        (annotated("dead-rules"), "suppresses nothing: dead-rules finds nothing here"),
        ("# npcheck: ignore[dead-rules]\n" + netpol(DENY_ALL), "the comment suppresses nothing"),
        ("# npcheck: ignore egress\n" + netpol(DENY_ALL), "the comment names no rule"),
        ("# npcheck: ignore[]\n" + netpol(DENY_ALL), "the comment names no rule"),
    ],
)
def test_what_the_note_says(document: str, said: str) -> None:
    notes = [f for f in report(document).findings if f.rule == "unused-suppression"]
    assert len(notes) == 1
    assert said in notes[0].message
    assert notes[0].location is not None


def test_a_rule_that_is_off_is_no_unused_suppression() -> None:
    settings = Settings(rules={"egress-implicit": None})
    assert shown(report(annotated("egress-implicit"), settings=settings)) == []


def test_the_note_can_be_switched_off() -> None:
    settings = Settings(rules={"unused-suppression": None})
    assert shown(report(annotated("dead-rules", DENY_ALL), settings=settings)) == []


@pytest.mark.parametrize(
    "recorded",
    [
        netpol(ALSO_DENIED, "api", annotations="npcheck/ignore: egress-denied"),
        "# npcheck: ignore[egress-denied] meant\n" + netpol(ALSO_DENIED, "api"),
        netpol(ALSO_DENIED, "api").rstrip() + "  # npcheck: ignore[egress-denied]\n",
    ],
)
def test_a_denial_on_record_is_meant_for_siblings_too(recorded: str) -> None:
    assert shown(report(netpol(DENIED_IN_PASSING), recorded)) == []
    unrecorded = netpol(ALSO_DENIED, "api")
    assert len(shown(report(netpol(DENIED_IN_PASSING), unrecorded))) == 2


def test_in_a_list_each_comment_speaks_for_its_item() -> None:
    item = """\
- apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata: {name: NAME, namespace: NAME}
  spec:
    podSelector: {}
    policyTypes: [Ingress]
"""
    unused = report(
        "kind: List\napiVersion: v1\nitems:\n"
        + item
        + "# npcheck: ignore[dead-rules]\n"
        + item.replace("NAME", "second")
    )
    assert "note unused-suppression second" in shown(unused)
    above = "# npcheck: ignore[egress-implicit]\n" + item.replace("NAME", "above")
    late = item.replace("NAME", "late").replace("    pod", "    # npcheck: ignore[x]\n    pod")
    plain = item.replace("NAME", "plain")
    inline = item.rstrip().replace("NAME", "inline") + "  # npcheck: ignore[egress-implicit]\n"
    found = report("apiVersion: v1\nkind: List\nitems:\n" + above + late + plain + inline)
    assert sorted(shown(found)) == [
        "error egress-implicit late",
        "error egress-implicit plain",
        "note unused-suppression late",
    ]
