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
    from kubectl_npcheck.repairs import Repair
    from kubectl_npcheck.settings import Settings

__all__ = ["__version__", "audit", "fix", "lint"]
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
    loaded = load(request)
    report = check(loaded, chosen, described(named, (), request.namespace, chosen))
    if chosen.baseline is not None:
        from kubectl_npcheck.check.comparing import compared, known

        compared(report, known(chosen), chosen, loaded.named)
    return report


def fix(
    *paths: str,
    text: str | None = None,
    strategy: str | None = None,
    egress: Sequence[object] = (),
    rules: Sequence[str] = (),
    write: bool = True,
    allow_widening: bool = False,
    split: bool = False,
    notes: bool = False,
    namespace: str | None = None,
    context: Sequence[str] = (),
    alone: bool = False,
    settings: Settings | None = None,
) -> Repair:
    """Make egress explicit in manifests, in place: files and directories, or a string.

    paths, namespace, context, alone, settings: as for `lint`
    text:     manifests in a string, instead of paths; the new text is in the result's `files`
    strategy: preserve (default), allow-all, deny-all, dns, or rules, which writes `egress`
    rules:    the ids of the rules whose findings are repaired; by default those that are neutral
    write:    False to decide and prove only
    allow_widening, split, notes: as `npcheck fix -h` describes them

    Returns what was changed and refused, the new texts, and the report of what remains. Raises
    ValueError for a wrong call, `errors.NpcheckError` where a file cannot be written; then each
    file is either as it was or as it should be.
    """
    from kubectl_npcheck.errors import UsageError
    from kubectl_npcheck.fixing import Options, repair
    from kubectl_npcheck.fixing.apply import write as write_files
    from kubectl_npcheck.fixing.options import PRESERVE, checked_egress, checked_rules
    from kubectl_npcheck.load import Request
    from kubectl_npcheck.settings import STRATEGIES, Settings

    if bool(paths) == (text is not None):
        raise ValueError("name paths, or give a text")
    chosen = settings or Settings()
    named = strategy or chosen.fix_strategy
    if named is not None and named not in STRATEGIES:
        raise ValueError(f"strategy is one of {', '.join(STRATEGIES)}")
    try:
        options = Options(
            strategy=named or PRESERVE,
            named=named is not None,
            rules=checked_rules(rules),
            egress=checked_egress(egress) if named == "rules" else (),
            allow_widening=allow_widening,
            split=split,
            notes=notes,
        )
    except UsageError as error:
        raise ValueError(str(error)) from error
    request = Request(
        paths=paths or ("-",),
        context=(*chosen.context, *context),
        alone=alone,
        namespace=chosen.namespace if namespace is None else namespace,
        exclude=chosen.exclude,
        root=chosen.directory or ".",
        stdin=None if text is None else lambda: text.encode("utf-8", "surrogatepass"),
    )
    done = repair(request, chosen, options)
    if write and text is None:
        write_files(done.files, done.directories)
    return done


def audit(
    *,
    kubeconfig: str | None = None,
    context: str | None = None,
    contexts: Sequence[str] = (),
    namespace: str | None = None,
    all_namespaces: bool = False,
    selector: str = "",
    check_version: bool = False,
    settings: Settings | None = None,
) -> Report:
    """Check a live cluster; it is read and never written to. Needs the extra `cluster`.

    kubeconfig, context: which cluster; by default the one that kubectl would use
    contexts:            several clusters in one report, by their contexts, patterns, or ["all"];
                         one that cannot be read is named in `errors`
    namespace:           the namespace, by default the context's; all_namespaces: all of them
    selector:            labels of what is reported on, as in `kubectl -l`
    check_version:       weigh egress that is not stated as `npcheck audit --check-version` does
    settings:            what a `.npcheck.yaml` would say; no file is looked for

    Returns the report; what could not be seen is in `skipped`, what failed in `errors`. Raises
    ValueError for a wrong call, `errors.ClusterError` where the kubeconfig or the one cluster
    cannot be read at all.
    """
    from kubectl_npcheck.check.clusters import check_clusters
    from kubectl_npcheck.check.live import check_cluster
    from kubectl_npcheck.cluster.context import Flags
    from kubectl_npcheck.load.cluster import ClusterRequest, requests_for
    from kubectl_npcheck.policy.label_selector import label_selector
    from kubectl_npcheck.settings import Settings

    if context is not None and contexts:
        raise ValueError("give context, or contexts")
    request = ClusterRequest(
        flags=Flags(kubeconfig=kubeconfig, context=context),
        namespace=namespace,
        all_namespaces=all_namespaces,
        selector=label_selector(selector) if selector else None,
        selector_text=selector,
    )
    chosen = settings or Settings()
    if contexts:
        report = check_clusters(requests_for(request, contexts), chosen, check_version)
    else:
        report = check_cluster(request, chosen, check_version)
    if chosen.baseline is not None:
        from kubectl_npcheck.check.comparing import compared, known

        compared(report, known(chosen), chosen)
    return report
