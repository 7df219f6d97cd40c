"""Which policies and pods stand in which namespace, in which order, and how they are drawn."""

from __future__ import annotations

import re

from kubectl_npcheck.findings import ClassState, DirectionState, Finding, Report, Severity
from kubectl_npcheck.reports.html.findings import finding_rows
from kubectl_npcheck.reports.html.places import Place, places
from kubectl_npcheck.reports.html.policies import policy_rows
from tests.reports import sample
from tests.reports.html.samples import class_state, clusters, crowd, entry, report_of

OPEN, SILENT, RESTRICTED = sample.OPEN, sample.SILENT, sample.RESTRICTED
UNKNOWN = DirectionState("unknown", "unknown")


def placed(report: Report) -> list[Place]:
    found = finding_rows(report, "")
    return places(report, policy_rows(report, found), found)


def test_nothing_is_nowhere() -> None:
    assert placed(sample.empty()) == []


def test_a_class_that_two_policies_select_counts_once() -> None:
    shared = class_state("web", RESTRICTED, "a", "b")
    (place,) = placed(report_of([entry("a", states=(shared,)), entry("b", states=(shared,))]))
    assert len(place.classes) == 1
    assert place.egress.text == "2 restricted"


def test_a_policy_counts_by_its_worst_pods() -> None:
    states = (class_state("a", RESTRICTED, "p"), class_state("b", OPEN, "p"))
    (place,) = placed(report_of([entry("p", states=states)]))
    assert place.egress.text == "1 open"


def test_a_policy_counts_in_each_unit_by_its_pods_there() -> None:
    states = tuple(
        class_state("web", state, "web")._replace(unit=unit)
        for unit, state in (("dev", OPEN), ("prod", RESTRICTED))
    )
    found = placed(report_of([entry("web", states=states)]))
    assert {place.unit: place.egress.text for place in found} == {
        "dev": "1 open",
        "prod": "1 restricted",
    }


def test_states_are_counted_the_worst_first() -> None:
    states = (
        class_state("a", RESTRICTED, "p"),
        class_state("b", SILENT, "p"),
        class_state("c", UNKNOWN, "p"),
        class_state("d", OPEN, "p"),
        class_state("e", RESTRICTED, "p"),
    )
    policies = [entry(f"p{number}", states=(state,)) for number, state in enumerate(states)]
    (place,) = placed(report_of(policies))
    assert place.egress.text == "1 undecided, 1 unknown, 1 open, 2 restricted"
    assert [item.egress for item in place.classes][:2] == ["undecided", "unknown"]
    assert [(s.start, s.width) for s in place.egress.segments][-1] == ("60.00", "40.00")


def test_the_settings_reading_decides_what_is_undecided() -> None:
    for reading, said in (("either", "undecided"), ("open", "open"), ("deny", "denied")):
        report = report_of([entry("p", states=(class_state("a", SILENT, "p"),))])
        report.input = {**sample.INPUT, "egressDefault": reading}
        assert placed(report)[0].egress.text == f"1 {said}"


def test_the_worst_namespace_stands_first() -> None:
    def policy(name: str, namespace: str, egress: DirectionState) -> object:
        state = class_state(name, egress, name)._replace(namespace=namespace)
        return entry(name, namespace, states=(state,))

    report = report_of([])
    report = report_of(
        [
            policy("a", "quiet", RESTRICTED),  # type: ignore[list-item]
            policy("b", "wide", OPEN),  # type: ignore[list-item]
            policy("c", "bad", SILENT),  # type: ignore[list-item]
            policy("d", "warned", RESTRICTED),  # type: ignore[list-item]
        ],
        [sample.WEB._replace(namespace="warned", name="d", location=None)],
    )
    assert [place.namespace for place in placed(report)] == ["bad", "warned", "wide", "quiet"]


def test_one_namespace_of_two_units_is_two_places() -> None:
    states = tuple(
        class_state("web", RESTRICTED, "web")._replace(unit=unit) for unit in ("prod", "dev")
    )
    assert [place.unit for place in placed(report_of([entry("web", states=states)]))] == [
        "dev",
        "prod",
    ]


def test_a_unit_that_says_no_more_than_the_namespace_is_not_shown() -> None:
    assert [place.unit for place in placed(report_of([entry("web")]))] == [""]


def test_a_policy_that_selects_no_pod_belongs_to_its_namespace() -> None:
    (place,) = placed(report_of([entry("web"), entry("void", states=())]))
    assert [row.entry.name for row in place.policies] == ["web", "void"]
    (alone,) = placed(report_of([entry("void", "elsewhere", states=())]))
    assert (alone.namespace, alone.egress.text) == ("elsewhere", "no pods selected")


def test_the_same_namespace_of_two_clusters_is_two_places() -> None:
    assert [(p.cluster, p.namespace, len(p.findings)) for p in placed(clusters())] == [
        ("dev", "shop", 1),
        ("prod", "shop", 1),
    ]


def test_findings_stand_with_their_policy_and_others_with_their_namespace() -> None:
    workload = Finding(
        "unprotected-workload", Severity.WARNING, "-", None, "", "shop", "db", kind="Deployment"
    )
    twin = sample.NOTIFICATION._replace(namespace="shop", name="web")
    web = entry("web", file=twin.location.file if twin.location else "")
    (place,) = placed(report_of([web], [workload, twin]))
    assert [row.finding.rule for row in place.findings] == [
        "egress-implicit",
        "unprotected-workload",
    ]


def test_a_finding_of_another_unit_stands_with_its_policy() -> None:
    """The same document may be in the namespace dev and in prod; the entry names one of them."""
    web = entry("web", "dev", file="k8s/notification.yaml")
    (place,) = placed(
        report_of([web], [sample.NOTIFICATION._replace(namespace="prod", name="web")])
    )
    assert [row.finding.namespace for row in place.findings] == ["prod"]


def test_live_policies_of_one_name_are_told_by_their_namespace() -> None:
    one, two = (entry("web", namespace, file=None) for namespace in ("dev", "prod"))
    found = placed(report_of([one, two], [sample.LIVE._replace(namespace="prod", name="web")]))
    assert [(p.namespace, len(p.findings)) for p in found] == [("prod", 1), ("dev", 0)]


def test_a_small_namespace_is_drawn_whole() -> None:
    base = class_state("db", RESTRICTED, "base")
    both = class_state("web", SILENT, "base", "web")
    (place,) = placed(report_of([entry("base", states=(base, both)), entry("web", states=(both,))]))
    picture = place.picture
    assert not picture.bundled
    assert [pods.label for pods in picture.pods] == ["app=web", "app=db"]
    assert [pods.selected_by for pods in picture.pods] == ["base, web", "base"]
    assert [(line.policy, line.pods, line.undecided) for line in picture.lines] == [
        (1, 0, True),
        (1, 1, False),
        (0, 0, True),
    ]


def test_lines_end_at_the_middle_of_their_rows() -> None:
    (place,) = placed(report_of([entry("a"), entry("b"), entry("c")]))
    ends = [re.findall(r"[\d.]+", line.path) for line in place.picture.lines]
    assert sorted(float(end[1]) for end in ends) == [15, 45, 75]
    assert place.picture.height == 90


def test_the_shorter_column_stands_in_the_middle() -> None:
    states = tuple(class_state(name, RESTRICTED, "p") for name in "abc")
    (place,) = placed(report_of([entry("p", states=states)]))
    ends = [re.findall(r"[\d.]+", line.path) for line in place.picture.lines]
    assert {float(end[1]) for end in ends} == {45}
    assert sorted(float(end[-1]) for end in ends) == [15, 45, 75]


def test_a_crowd_is_bundled_and_nothing_is_lost() -> None:
    (place,) = placed(crowd(120))
    picture = place.picture
    assert picture.bundled
    assert [node.label for node in picture.policies if not node.row] == ["113 other policies"]
    assert [pods.label for pods in picture.pods] == ["120 pod classes, e.g. app=app-0"]
    assert "base" in [node.label for node in picture.policies]
    assert place.egress.text == "121 undecided"


def test_pods_are_named_by_an_example() -> None:
    def pods(*states: ClassState) -> list[str]:
        (place,) = placed(report_of([entry("p", states=states)]))
        return [item.pods for item in place.classes]

    any_pod = class_state("x", RESTRICTED, "p")._replace(witness={})
    assert pods(any_pod) == ["any pod"]
    assert pods(any_pod, class_state("web", RESTRICTED, "p", "q")) == ["any other pod", "app=web"]
