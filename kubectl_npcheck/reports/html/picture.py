"""Which policies select which pods, as two columns joined by lines.

Where a namespace has too many of either for a picture, pods in the same states stand together,
and so do the policies that select least.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from kubectl_npcheck.findings import DirectionState
from kubectl_npcheck.reports.appearance import plural
from kubectl_npcheck.reports.html.states import UNDECIDED

if TYPE_CHECKING:
    from kubectl_npcheck.reports.html.classes import PodClass
    from kubectl_npcheck.reports.html.policies import PolicyRow

MOST_POLICIES = 14
MOST_PODS = 18
ALONE = 8
"""Policies that stand alone in a picture that bundles the others."""

HEIGHT = 30
"""Of a row, in units of the picture; the style says how much that is on the page."""


class PolicyNode(NamedTuple):
    """A policy, or a bundle of them. row: the id to link to, "" where there is none."""

    label: str
    row: str


class PodsNode(NamedTuple):
    """Pods in the same states. selected_by: what the lines show, in words."""

    label: str
    ingress: str
    egress: str
    readings: DirectionState | None
    selected_by: str


class Line(NamedTuple):
    """From a policy to pods: the path of an SVG, and whether the pods' egress is undecided."""

    path: str
    policy: int
    pods: int
    undecided: bool


class Picture(NamedTuple):
    """The columns and the lines. bundled: not every policy and class stands alone."""

    policies: list[PolicyNode]
    pods: list[PodsNode]
    lines: list[Line]
    rows: int
    bundled: bool

    @property
    def height(self) -> int:
        """Of the lines' drawing, in its units."""
        return self.rows * HEIGHT


def picture(policies: Sequence[PolicyRow], classes: Sequence[PodClass]) -> Picture:
    """The picture of one namespace. classes: the worst first."""
    bundled = len(policies) > MOST_POLICIES or len(classes) > MOST_PODS
    groups = _bundles(classes) if bundled else [[item] for item in classes]
    alone = _alone(policies, classes, bundled)
    reached = [{name for item in group for name in item.state.policies} for group in groups]
    joined: list[tuple[int, int]] = []
    for at, row in enumerate(alone):
        joined += [(at, pods) for pods, names in enumerate(reached) if row.entry.name in names]
    nodes = [PolicyNode(row.entry.name, row.id if row.shown else "") for row in alone]
    rest = {row.entry.name for row in policies} - {row.entry.name for row in alone}
    if len(policies) > len(alone):
        nodes.append(PolicyNode(f"{plural(len(policies) - len(alone), 'other policy')}", ""))
        joined += [(len(alone), pods) for pods, names in enumerate(reached) if names & rest]
    nodes, joined = _untangled(nodes, joined)
    rows = max(len(nodes), len(groups))
    return Picture(
        nodes,
        [_pods(group) for group in groups],
        _lines(joined, len(nodes), groups),
        rows,
        bundled,
    )


def _bundles(classes: Sequence[PodClass]) -> list[list[PodClass]]:
    """The classes by their states, in the given order."""
    found: dict[tuple[DirectionState, DirectionState], list[PodClass]] = {}
    for item in classes:
        found.setdefault((item.state.ingress, item.state.egress), []).append(item)
    return list(found.values())


def _alone(
    policies: Sequence[PolicyRow], classes: Sequence[PodClass], bundled: bool
) -> list[PolicyRow]:
    """The policies that are drawn one by one: those that select the most."""
    if not bundled or len(policies) <= MOST_POLICIES:
        return list(policies)
    selected = Counter(name for item in classes for name in item.state.policies)
    return sorted(policies, key=lambda row: -selected[row.entry.name])[:ALONE]


def _untangled(
    nodes: list[PolicyNode], joined: list[tuple[int, int]]
) -> tuple[list[PolicyNode], list[tuple[int, int]]]:
    """Each policy at the mean height of its pods, so that few lines cross."""
    heights: dict[int, list[int]] = {}
    for policy, pods in joined:
        heights.setdefault(policy, []).append(pods)
    order = sorted(
        range(len(nodes)),
        key=lambda at: sum(heights.get(at, (0,))) / len(heights.get(at, (0,))),
    )
    place = {policy: at for at, policy in enumerate(order)}
    return [nodes[at] for at in order], [(place[policy], pods) for policy, pods in joined]


def _lines(
    joined: list[tuple[int, int]], policies: int, groups: Sequence[Sequence[PodClass]]
) -> list[Line]:
    found = []
    rows = max(policies, len(groups))
    for policy, pods in joined:
        left = (policy + 0.5 + (rows - policies) / 2) * HEIGHT
        right = (pods + 0.5 + (rows - len(groups)) / 2) * HEIGHT
        path = f"M0 {left:g}C50 {left:g} 50 {right:g} 100 {right:g}"
        found.append(Line(path, policy, pods, groups[pods][0].egress == UNDECIDED))
    return found


def _pods(group: Sequence[PodClass]) -> PodsNode:
    first = group[0]
    label = first.pods
    by = first.selected_by
    if len(group) > 1:
        label = f"{plural(len(group), 'pod class')}, e.g. {first.pods}"
        by = plural(len({name for item in group for name in item.state.policies}), "policy")
    differing = first.state.egress if first.egress == UNDECIDED else None
    return PodsNode(label, first.ingress, first.egress, differing, by)
