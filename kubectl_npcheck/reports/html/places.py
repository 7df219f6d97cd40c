"""Where policies act: a namespace of one cluster or unit, its pod classes, and who selects them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kubectl_npcheck.findings import ClassState, Report
from kubectl_npcheck.reports.html.classes import PodClass
from kubectl_npcheck.reports.html.facts import Count, severities
from kubectl_npcheck.reports.html.findings import FindingRow, namespace_text
from kubectl_npcheck.reports.html.picture import Picture, picture
from kubectl_npcheck.reports.html.policies import PolicyRow
from kubectl_npcheck.reports.html.room import PICTURES, Room
from kubectl_npcheck.reports.html.states import (
    WORST_FIRST,
    Bar,
    badness,
    bar,
    names_text,
    pods_text,
    word,
    worst,
)

MOST_CLASSES = 150
"""Pod classes of a namespace that are listed."""

MOST_FINDINGS = 30
"""Findings of a namespace that its section links to."""


class Place(NamedTuple):
    """One namespace as the page shows it.

    unit:  what it was judged in, where that says more than the namespace
    ingress, egress: its policies by what the pods that they select may do, each by the worst of it
    drawn: False where there was no more room for its picture and classes
    """

    id: str
    namespace: str
    unit: str
    cluster: str
    policies: list[PolicyRow]
    classes: list[PodClass]
    ingress: Bar
    egress: Bar
    findings: list[FindingRow]
    severities: tuple[Count, ...]
    picture: Picture
    drawn: bool = True

    @property
    def shown_classes(self) -> list[PodClass]:
        """The classes that are listed, the worst first."""
        return self.classes[:MOST_CLASSES]

    @property
    def shown_findings(self) -> list[FindingRow]:
        """The findings that are linked to."""
        return self.findings[:MOST_FINDINGS]


Key = tuple["str | None", "str | None", str]
States = dict[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], ClassState]


class _Members(NamedTuple):
    policies: dict[str, PolicyRow]
    states: States


def places(
    report: Report, policies: Sequence[PolicyRow], findings: Sequence[FindingRow]
) -> list[Place]:
    """The places, the worst first."""
    reading = _readings(report)
    other = _of_no_policy(policies, findings)
    found = []
    for (cluster, namespace, unit), members in _gathered(policies).items():
        rows = {row.id: row for policy in members.policies.values() for row in policy.findings}
        rows.update((row.id, row) for row in other.pop((cluster, namespace), ()))
        found.append(
            _place((cluster, namespace, unit), members, list(rows.values()), reading.get(cluster))
        )
    found.sort(key=_worst_first)
    room = Room(PICTURES, 800)
    return [
        place._replace(id=f"p{number}", drawn=room.takes(_texts(place)))
        for number, place in enumerate(found)
    ]


def _texts(place: Place) -> Iterator[str]:
    """About what the section of a place holds."""
    for item in place.shown_classes if place.picture.bundled else ():
        yield f"{item.pods}{item.selected_by:150}"
    for pods in place.picture.pods:
        yield f"{pods.label}{pods.selected_by:300}"
    for line in place.picture.lines:
        yield f"{line.path:70}"
    for row in place.shown_findings:
        yield f"{row.finding.name:120}"


def _gathered(policies: Sequence[PolicyRow]) -> dict[Key, _Members]:
    """Which policies act where, and on which classes."""
    found: dict[Key, _Members] = {}
    idle = []
    for row in policies:
        cluster = row.entry.cluster
        for state in row.entry.states:
            place = (cluster, state.namespace, state.unit)
            members = found.setdefault(place, _Members({}, {}))
            members.policies[row.id] = row
            members.states[state.policies, tuple(state.witness.items())] = state
        if not row.entry.states:
            idle.append(row)
    named = {(cluster, namespace): members for (cluster, namespace, _), members in found.items()}
    for row in idle:  # a policy that can select no pod: it belongs to its namespace all the same
        cluster, namespace = row.entry.cluster, row.entry.namespace
        if (cluster, namespace) not in named:
            named[cluster, namespace] = found[cluster, namespace, ""] = _Members({}, {})
        named[cluster, namespace].policies[row.id] = row
    return found


def _of_no_policy(
    policies: Sequence[PolicyRow], findings: Sequence[FindingRow]
) -> dict[tuple[str | None, str | None], list[FindingRow]]:
    """The findings that no policy's row has, by cluster and namespace."""
    placed = {row.id for policy in policies for row in policy.findings}
    found: dict[tuple[str | None, str | None], list[FindingRow]] = {}
    for row in findings:
        if row.id not in placed:
            found.setdefault((row.finding.cluster, row.finding.namespace), []).append(row)
    return found


def _readings(report: Report) -> Mapping[str | None, str]:
    """How silence is read, by cluster; None stands for a run over one."""
    input = report.input
    found = {item["context"]: item.get("egressDefault", "") for item in input.get("clusters", ())}
    return {**found, None: input.get("egressDefault", "")}


def _place(key: Key, members: _Members, findings: list[FindingRow], reading: str | None) -> Place:
    cluster, namespace, unit = key
    states = list(members.states.values())
    classes = [
        PodClass(
            pods_text(state, len(states) == 1),
            names_text(state.policies),
            state,
            word(state.ingress, reading or ""),
            word(state.egress, reading or ""),
        )
        for state in states
    ]
    classes.sort(key=lambda item: badness(item.ingress, item.egress))
    policies = list(members.policies.values())
    selected = [
        [s for s in row.entry.states if (s.namespace, s.unit) == key[1:]] for row in policies
    ]
    findings.sort(key=lambda row: int(row.id[1:]))
    plain = not unit or unit == f"namespace {namespace}" or unit.startswith("cluster ")
    return Place(
        id="",
        namespace=namespace_text(namespace),
        unit="" if plain else unit,
        cluster=cluster or "",
        policies=policies,
        classes=classes,
        ingress=bar(worst(word(s.ingress, reading or "") for s in own) for own in selected),
        egress=bar(worst(word(s.egress, reading or "") for s in own) for own in selected),
        findings=findings,
        severities=severities([row.finding for row in findings]),
        picture=picture(policies, classes),
    )


def _worst_first(place: Place) -> tuple[object, ...]:
    """By undecided egress, then findings by severity, then how open it is; last by name."""
    states = [-place.egress.number(state) for state in WORST_FIRST]
    counts = [-count.number for count in place.severities]
    return (place.cluster, states[0], *counts, *states[1:], place.namespace, place.unit)
