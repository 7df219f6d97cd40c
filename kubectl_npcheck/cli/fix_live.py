"""`fix --live`: the plan for a cluster, `--apply` to write it, `--undo` to take it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from kubectl_npcheck.cli.cluster_options import (
    chunk_size,
    cluster_options,
    namespace_of,
    timeout_of,
)
from kubectl_npcheck.cli.completing import values
from kubectl_npcheck.cli.output import (
    fix_command,
    print_errors,
    print_text,
    terminal_width,
    wants_color,
)
from kubectl_npcheck.cli.plain import dump
from kubectl_npcheck.errors import ClusterError, UsageError
from kubectl_npcheck.fixing.options import Options
from kubectl_npcheck.policy.label_selector import label_selector
from kubectl_npcheck.reports.appearance import Appearance, visible
from kubectl_npcheck.settings import Settings

if TYPE_CHECKING:
    from kubectl_npcheck.fixing.live_undo import Undoing
    from kubectl_npcheck.load.cluster import ClusterRequest
    from kubectl_npcheck.repairs import LiveRepair

CHANGED = 1
NOT_RESTORED = 1
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


class Output(NamedTuple):
    """How the account is shown."""

    form: str
    color: str


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


def fix_live(
    given: Mapping[str, Any], options: Options, settings: Settings, context: click.Context
) -> int:
    """Plan, and with `--apply` write; the exit code of cli.md's table."""
    from kubectl_npcheck.cli.progress import Progress
    from kubectl_npcheck.fixing.live import LiveOptions, plan_live
    from kubectl_npcheck.fixing.live_apply import Applying
    from kubectl_npcheck.load.cluster import connect

    _check_namespace(given, context)
    output = Output(given["output"], given["color"])
    request = request_of(given)
    client, version = connect(request.flags, request.timeout)
    try:
        with Progress() as progress:
            plan = plan_live(
                client,
                version,
                request._replace(progress=progress.show),
                settings,
                options,
                LiveOptions(given["include_managed"], given["for_current_pods"]),
            )
        if not given["apply"]:
            return _report(plan.repair, output, given["exit_zero"])
        applying = Applying(client, plan)
        try:
            with Progress("writing") as progress:
                applying.run(".", _program(), progress.show)
        except KeyboardInterrupt:
            _report(applying.result(), output, False)
            raise
        return _report(applying.result(), output, given["exit_zero"])
    finally:
        client.close()


def undo(given: Mapping[str, Any]) -> int:
    """Restore a backup: 0 if everything is as it was, 1 if something was left alone."""
    from kubectl_npcheck.cluster import backup
    from kubectl_npcheck.fixing.live import place_here
    from kubectl_npcheck.fixing.live_undo import Undoing, check_place
    from kubectl_npcheck.load.cluster import connect

    path = given["undo"]
    output = Output(given["output"], given["color"])
    held = backup.read(path)
    request = request_of(given)
    client, _ = connect(request.flags, request.timeout)
    try:
        check_place(held, place_here(client), path)
        undoing = Undoing(client, held)
        try:
            undoing.run()
        except KeyboardInterrupt:
            _report_undo(undoing, path, output)
            raise
        return _report_undo(undoing, path, output)
    finally:
        client.close()


def _report(repair: LiveRepair, output: Output, exit_zero: bool) -> int:
    from kubectl_npcheck.reports import live_repair

    if output.form == "text":
        print_text(live_repair.render(repair, fix_command(), _appearance(output)))
    else:
        print_text(dump(live_repair.structure(repair), output.form))
    _say(repair.trouble)
    print_errors(repair.report)
    if repair.trouble or repair.report.errors:
        return ClusterError.exit_code
    changed = bool(repair.changes) or repair.report.failing
    return CHANGED if changed and not exit_zero else 0


def _report_undo(undoing: Undoing, path: str, output: Output) -> int:
    from kubectl_npcheck.reports import live_repair

    done = undoing.result()
    if output.form == "text":
        print_text(live_repair.render_undo(done, path, undoing.where, _appearance(output)))
    else:
        plain = live_repair.undo_structure(done, path, undoing.trouble)
        print_text(dump(plain, output.form))
    if undoing.trouble:
        _say((undoing.trouble,))
        return ClusterError.exit_code
    left = any(item.outcome not in ("restored", "as before") for item in done)
    return NOT_RESTORED if left else 0


def _say(lines: tuple[str, ...]) -> None:
    import sys

    for line in lines:
        sys.stderr.write(f"error: {visible(line)}\n")
    sys.stderr.flush()


def _appearance(output: Output) -> Appearance:
    return Appearance(color=wants_color(output.color), width=terminal_width(), with_errors=False)


def _program() -> str:
    return fix_command().removesuffix(" fix")


def _check_namespace(given: Mapping[str, Any], context: click.Context) -> None:
    parameter = next(item for item in context.command.params if item.name == "namespace")
    namespace_of(context, parameter, given["namespace"])
