"""The options of `fix --live`, and which of fix's options go together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from kubectl_npcheck.cli.cluster_options import (
    chunk_size,
    cluster_options,
    namespace_of,
    timeout_of,
)
from kubectl_npcheck.cli.completing import values
from kubectl_npcheck.errors import UsageError
from kubectl_npcheck.policy.label_selector import label_selector

if TYPE_CHECKING:
    from kubectl_npcheck.load.cluster import ClusterRequest

LIVE_ONLY = {
    "apply": "--apply",
    "undo": "--undo",
    "include_managed": "--include-managed",
    "for_current_pods": "--for-current-pods",
    "all_namespaces": "-A",
    "selector": "-l",
    "kubeconfig": "--kubeconfig",
    "context": "--context",
    "cluster": "--cluster",
    "user": "--user",
    "impersonate": "--as",
    "impersonate_groups": "--as-group",
    "request_timeout": "--request-timeout",
    "chunk": "--chunk-size",
}
FILES_ONLY = {
    "path": "PATH",
    "filename": "-f",
    "diff": "--diff",
    "no_recursive": "--no-recursive",
    "around": "--with",
    "alone": "--alone",
}
PLANNING = {
    "apply": "--apply",
    "strategy": "--strategy",
    "rules_file": "--rules-file",
    "allow_widening": "--allow-widening",
    "rules": "--rule",
    "notes": "--notes",
    "namespace": "-n",
    "all_namespaces": "-A",
    "selector": "-l",
    "include_managed": "--include-managed",
    "for_current_pods": "--for-current-pods",
    "fail_on": "--fail-on",
    "exit_zero": "--exit-zero",
    "baseline": "--baseline",
}
"""What `--undo` has no use for: the backup says what is restored."""


def live_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that only `--live` has."""
    command = cluster_options(chunk_size(command))
    for option in reversed(
        (
            click.option("--live", is_flag=True, help="Repair a cluster instead of manifests."),
            click.option(
                "--apply", is_flag=True, help="With --live: save a backup, then write the plan."
            ),
            click.option(
                "--undo",
                metavar="BACKUP",
                shell_complete=values.files("yaml"),
                help="With --live: restore what a backup of --apply holds.",
            ),
            click.option(
                "--include-managed",
                is_flag=True,
                help="With --live: write also what Argo CD, Flux, Helm or an operator keeps.",
            ),
            click.option(
                "--for-current-pods",
                is_flag=True,
                help="With --live: let the pods that there are now stand for all.",
            ),
            click.option(
                "-A", "--all-namespaces", is_flag=True, help="With --live: all namespaces."
            ),
            click.option(
                "-l",
                "--selector",
                default="",
                metavar="LABELS",
                shell_complete=values.free,
                help="With --live: repair what has these labels; everything is read all the same.",
            ),
        )
    ):
        command = option(command)
    return command


def check_usage(context: click.Context) -> None:
    """Raises UsageError for options that do not go together with `--live`, or without it."""
    given = context.params
    if not given["live"]:
        named = _given(context, LIVE_ONLY)
        if named:
            raise UsageError(f"{named} is for a cluster: it needs --live")
        return
    named = _given(context, FILES_ONLY)
    if named:
        raise UsageError(f"{named} is for manifests, and --live reads a cluster")
    if given["split"]:
        raise UsageError(
            "--split writes a second policy, and --live changes only what is there; "
            "split it in its manifest"
        )
    _check_namespace(context)
    if given["undo"] is not None:
        named = _given(context, PLANNING)
        if named:
            raise UsageError(f"{named} does not go together with --undo: the backup says it all")


def _given(context: click.Context, names: Mapping[str, str]) -> str:
    """The first of the parameters that the user gave, as it is written."""
    for name, shown in names.items():
        source = context.get_parameter_source(name)
        if source is click.core.ParameterSource.COMMANDLINE and context.params[name] != ():
            return shown
    return ""


def request_of(given: Mapping[str, Any]) -> ClusterRequest:
    """What to read, of the command's parameters."""
    from kubectl_npcheck.cluster.context import Flags
    from kubectl_npcheck.load.cluster import ClusterRequest

    selector = given["selector"]
    try:
        chosen = label_selector(selector) if selector else None
    except ValueError as error:
        raise UsageError(f"-l {selector}: {error}") from error
    flags = Flags(
        given["kubeconfig"],
        given["context"],
        given["cluster"],
        given["user"],
        given["impersonate"],
        given["impersonate_groups"],
    )
    return ClusterRequest(
        flags=flags,
        namespace=given["namespace"],
        all_namespaces=given["all_namespaces"],
        selector=chosen,
        selector_text=selector,
        chunk=given["chunk"],
        timeout=timeout_of(given["request_timeout"]),
    )


def _check_namespace(context: click.Context) -> None:
    parameter = next(item for item in context.command.params if item.name == "namespace")
    namespace_of(context, parameter, context.params["namespace"])
