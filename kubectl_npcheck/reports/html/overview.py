"""The picture of all namespaces: one table a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kubectl_npcheck.reports.html.places import Place


class Table(NamedTuple):
    """The namespaces of one cluster, the worst first; no name where there is only one cluster."""

    id: str
    cluster: str
    places: list[Place]


def overview(places: Sequence[Place]) -> list[Table]:
    """The tables, in the order of the clusters' names."""
    by_cluster: dict[str, list[Place]] = {}
    for place in places:
        by_cluster.setdefault(place.cluster, []).append(place)
    return [
        Table(f"o{number}", cluster, members)
        for number, (cluster, members) in enumerate(by_cluster.items())
    ]
