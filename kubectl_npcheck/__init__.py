"""npcheck: checks Kubernetes NetworkPolicies.

As a library::

    from kubectl_npcheck import lint

    report = lint("k8s/")                    # or lint(text=open("policy.yaml").read())
    for finding in report.findings:
        print(finding.rule, finding.severity.label, finding.message)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kubectl_npcheck.findings import Report
    from kubectl_npcheck.settings import Settings

__all__ = ["__version__", "audit", "lint"]
__version__ = "0.1.0"


def lint(
    *paths: str,
    text: str | None = None,
    namespace: str | None = None,
    context: Sequence[str] = (),
    alone: bool = False,
    settings: Settings | None = None,
) -> Report:
    """Check manifests: files and directories, or YAML or JSON in a string.

    paths:     files and directories, read as `npcheck lint` reads them
    text:      manifests in a string; they are checked together, besides the paths
    namespace: the namespace of manifests that name none
    context:   further paths to reason with and not to report on
    alone:     reason with the named paths only, not with the repository around them
    settings:  what a `.npcheck.yaml` would say; no file is looked for

    Returns the report: `findings`, `policies`, `skipped`, `errors` (inputs that could not be
    read), `failing`. Raises ValueError without paths and text; nothing for an input's content.
    """
    from kubectl_npcheck.check import check, described
    from kubectl_npcheck.load import Request, load
    from kubectl_npcheck.settings import Settings

    if not paths and text is None:
        raise ValueError("name paths, or give a text")
    chosen = settings or Settings()
    named = paths if text is None else (*paths, "-")
    request = Request(
        paths=named,
        context=(*chosen.context, *context),
        alone=alone,
        namespace=chosen.namespace if namespace is None else namespace,
        exclude=chosen.exclude,
        root=chosen.directory or ".",
        stdin=None if text is None else lambda: text.encode("utf-8", "surrogatepass"),
    )
    return check(load(request), chosen, described(named, (), request.namespace, chosen))


def audit(
    *,
    kubeconfig: str | None = None,
    context: str | None = None,
    namespace: str | None = None,
    all_namespaces: bool = False,
    selector: str = "",
    check_version: bool = False,
    settings: Settings | None = None,
) -> Report:
    """Check a live cluster; it is read and never written to. Needs the extra `cluster`.

    kubeconfig, context: which cluster; by default the one that kubectl would use
    namespace:           the namespace, by default the context's; all_namespaces: all of them
    selector:            labels of what is reported on, as in `kubectl -l`
    check_version:       weigh egress that is not stated as `npcheck audit --check-version` does
    settings:            what a `.npcheck.yaml` would say; no file is looked for

    Returns the report; what could not be seen is in `skipped`, what failed in `errors`. Raises
    `errors.ClusterError` where the cluster cannot be read at all, ValueError for a wrong selector.
    """
    from kubectl_npcheck.check.live import check_cluster
    from kubectl_npcheck.cluster.context import Flags
    from kubectl_npcheck.load.cluster import ClusterRequest
    from kubectl_npcheck.policy.label_selector import label_selector
    from kubectl_npcheck.settings import Settings

    request = ClusterRequest(
        flags=Flags(kubeconfig=kubeconfig, context=context),
        namespace=namespace,
        all_namespaces=all_namespaces,
        selector=label_selector(selector) if selector else None,
        selector_text=selector,
    )
    return check_cluster(request, settings or Settings(), check_version)
