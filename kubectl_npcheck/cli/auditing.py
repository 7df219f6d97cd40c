"""What `audit` does with its arguments: settings, requests, one cluster or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kubectl_npcheck.cli import options
from kubectl_npcheck.cli.comparison import Wanted, compared
from kubectl_npcheck.cli.progress import Progress
from kubectl_npcheck.cluster.context import Flags
from kubectl_npcheck.errors import UsageError
from kubectl_npcheck.findings import Report, Severity
from kubectl_npcheck.policy.label_selector import label_selector
from kubectl_npcheck.settings import Settings


class Arguments(NamedTuple):
    """What the user asked for. contexts: the names of several, None for the one of the flags."""

    flags: Flags
    contexts: tuple[str, ...] | None
    namespace: str | None
    all_namespaces: bool
    selector: str
    check_version: bool
    chunk: int
    timeout: float | None
    fail_on: Severity | None
    exit_zero: bool
    output: str
    reports: tuple[str, ...]
    color: str
    config: str | None
    baseline: str | None = None
    wanted: Wanted = Wanted()


def _settings(arguments: Arguments) -> Settings:
    return options.settings_with(
        arguments.config,
        fail_on=arguments.fail_on,
        baseline=arguments.baseline,
    )


def audited(arguments: Arguments) -> Report:
    """The report on the cluster, or on the clusters, beside what is known from earlier."""
    from kubectl_npcheck.check.live import check_cluster
    from kubectl_npcheck.load.cluster import ClusterRequest

    settings = _settings(arguments)
    try:
        selector = label_selector(arguments.selector) if arguments.selector else None
    except ValueError as error:
        raise UsageError(f"-l {arguments.selector}: {error}") from error

    request = ClusterRequest(
        flags=arguments.flags,
        namespace=arguments.namespace,
        all_namespaces=arguments.all_namespaces,
        selector=selector,
        selector_text=arguments.selector,
        chunk=arguments.chunk,
        timeout=arguments.timeout,
    )

    def work() -> tuple[Report, None]:
        with Progress() as progress:
            if arguments.contexts is not None:
                return several(request, arguments.contexts, progress), None
            asked = request._replace(progress=progress.show)
            return check_cluster(asked, settings, arguments.check_version), None

    def several(request: ClusterRequest, names: Sequence[str], progress: Progress) -> Report:
        from kubectl_npcheck.check.clusters import check_clusters
        from kubectl_npcheck.load.cluster import requests_for

        requests = {
            name: asked._replace(progress=progress.of(name))
            for name, asked in requests_for(request, names).items()
        }
        return check_clusters(requests, settings, arguments.check_version)

    return compared(settings, arguments.wanted, work)
