"""Several clusters to one report: some at a time, and one that fails does not stop the others.

Knows reports and who made them; what a cluster is asked, and judged by, is `live`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kubectl_npcheck.check import every_rule
from kubectl_npcheck.check.live import check_cluster
from kubectl_npcheck.cluster.parallel import each
from kubectl_npcheck.errors import ClusterError
from kubectl_npcheck.findings import (
    Counts,
    Finding,
    PolicyEntry,
    ReadError,
    Report,
    Severity,
    Skipped,
)
from kubectl_npcheck.load.cluster import ClusterRequest
from kubectl_npcheck.settings import Settings

AT_ONCE = 4
"""How many clusters are read at a time; each has some requests under way, and its objects."""


class Part(NamedTuple):
    """What came of one cluster: plain values, its objects are dropped. error: why nothing did."""

    context: str
    input: dict[str, Any]
    counts: Counts = Counts(0, 0, 0, 0)
    findings: Sequence[Finding] = ()
    skipped: Sequence[Skipped] = ()
    errors: Sequence[ReadError] = ()
    policies: Sequence[PolicyEntry] = ()
    hidden: Sequence[Finding] = ()
    error: str = ""


def check_clusters(
    requests: Mapping[str, ClusterRequest], settings: Settings, check_version: bool = False
) -> Report:
    """What the rules find in several clusters, by the names of their contexts."""

    def one(item: tuple[str, ClusterRequest]) -> Part:
        return _part(item[0], item[1], settings, check_version)

    return together(each(one, list(requests.items()), AT_ONCE), settings.fail_on)


def _part(context: str, request: ClusterRequest, settings: Settings, check_version: bool) -> Part:
    try:
        report = check_cluster(request, settings, check_version)
    except ClusterError as error:
        return Part(context, {}, error=str(error))
    return Part(
        context,
        report.input,
        report.counts,
        report.findings,
        report.skipped,
        report.errors,
        report.policies,
        report.hidden(),
    )


def together(parts: Sequence[Part], fail_on: Severity) -> Report:
    """One report of all parts, in their order; each entry names the context that it is of."""
    findings = [one._replace(cluster=part.context) for part in parts for one in part.findings]
    policies = [one._replace(cluster=part.context) for part in parts for one in part.policies]
    hidden = [one._replace(cluster=part.context) for part in parts for one in part.hidden]
    report = Report(
        input={"clusters": _inputs(parts)},
        counts=Counts(
            0,
            0,
            sum(part.counts.policies for part in parts),
            sum(part.counts.suppressed for part in parts),
        ),
        findings=findings,
        skipped=[one._replace(cluster=part.context) for part in parts for one in part.skipped],
        errors=[error for part in parts for error in _errors(part)],
        policies=lambda: policies,
        fail_on=fail_on,
        hidden=lambda: hidden,
    )
    report.rules = every_rule
    return report


def _errors(part: Part) -> list[ReadError]:
    """What failed, named by its context, in every format that shows an error's file only."""
    where = f"context {part.context}"
    if part.error:
        return [ReadError(where, None, None, part.error, part.context)]
    return [one._replace(file=f"{where}: {one.file}", cluster=part.context) for one in part.errors]


def _inputs(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """The inputs, and which of them are of one and the same server."""
    first: dict[str, str] = {}
    inputs: list[dict[str, Any]] = []
    for part in parts:
        if part.error:
            inputs.append({"context": part.context, "error": part.error})
            continue
        input = dict(part.input)
        same = first.setdefault(input["server"], part.context)
        if same != part.context:
            input["sameServerAs"] = same
        inputs.append(input)
    return inputs
