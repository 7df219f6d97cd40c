"""Workloads that are alike: the replicas of one controller, as far as labels tell.

Knows workloads and the labels that controllers add to single pods.
"""

from __future__ import annotations

from collections.abc import Iterable

from kubectl_npcheck.policy.model import Workload

OF_ONE_POD = frozenset(
    {
        "apps.kubernetes.io/pod-index",
        "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-completion-index",
        "batch.kubernetes.io/job-name",
        "controller-revision-hash",
        "controller-uid",
        "job-name",
        "pod-template-generation",
        "pod-template-hash",
        "statefulset.kubernetes.io/pod-name",
    }
)
"""Labels that controllers add to tell their pods, or their revisions, apart."""


def alike(workloads: Iterable[Workload], by_place: bool) -> list[list[Workload]]:
    """Workloads with the same labels together, but for those that controllers add.

    One that suppresses a finding stays alone, so that it suppresses its own.

    by_place: each workload stands in a place of its own (a file) and is not put to others
    """
    found: dict[object, list[Workload]] = {}
    for workload in workloads:
        key: object = id(workload)
        if not by_place and not workload.annotations:
            labels = workload.labels.items()
            key = frozenset([pair for pair in labels if pair[0] not in OF_ONE_POD])
        found.setdefault(key, []).append(workload)
    return list(found.values())
