"""`audit`: check a live cluster."""

from __future__ import annotations

import click

from kubectl_npcheck.cli import options
from kubectl_npcheck.cli.auditing import Arguments, audited
from kubectl_npcheck.cli.cluster_options import (
    chunk_size,
    cluster_options,
    namespace_of,
    timeout_of,
)
from kubectl_npcheck.cli.command import Command
from kubectl_npcheck.cli.comparison import Wanted
from kubectl_npcheck.cli.completing import values
from kubectl_npcheck.cli.output import fix_command, print_report, write_report
from kubectl_npcheck.cluster.context import Flags
from kubectl_npcheck.errors import ClusterError, UsageError
from kubectl_npcheck.findings import severity_named
from kubectl_npcheck.reports import format_for, known_format

FINDINGS = 1

EPILOG = """\b
Examples:
  # The namespace of the current context
  {program} audit
  # The whole cluster, as a table for a spreadsheet
  {program} audit -A -o csv
  # Which policies an upgrade would make a matter of, by the story of 1.34
  {program} audit -A --check-version
  # All clusters of the kubeconfig; one that is down is named, the others are audited
  {program} audit --contexts all -A
  # A nightly run: a report to keep, and a failure on errors only
  {program} audit -A --fail-on error --report audit.json
  # Repair what it finds: a plan first, which writes nothing
  {program} fix --live -A
  # What is new since then, and what is gone
  {program} audit -A --since audit.json

\b
It reads and never writes: the one create that it sends is a dry run, which shows how the API
server reads a policy that does not state its egress.

\b
Exit codes:
  0  nothing at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage, or a bad .npcheck.yaml, baseline or --since report
  4  a cluster could not be reached or refused, or no usable kubeconfig
  5  a defect in npcheck
"""


@click.command("audit", cls=Command, short_help="check a live cluster", epilog=EPILOG)
@click.option(
    "-n",
    "--namespace",
    metavar="NAME",
    callback=namespace_of,
    shell_complete=values.cluster_namespaces,
    help="The namespace (default: the context's).",
)
@click.option("-A", "--all-namespaces", is_flag=True, help="All namespaces; overrides -n.")
@click.option(
    "-l",
    "--selector",
    default="",
    metavar="LABELS",
    shell_complete=values.free,
    help="Report on what has these labels; everything is read all the same.",
)
@click.option(
    "--check-version",
    is_flag=True,
    help="Weigh undecided egress as a preview of an upgrade to 1.34: before it as warnings, from it"
    " on, or where it is denied now, as errors.",
)
@click.option(
    "--contexts",
    metavar="NAME,…",
    shell_complete=values.listed(values.contexts),
    help="Several clusters in one report: contexts of the kubeconfig, patterns like 'prod-*', all.",
)
@cluster_options
@chunk_size
@options.fail_on
@options.exit_zero
@options.report_format
@options.report_files
@options.since
@options.baseline
@options.write_baseline
@options.color
@options.config
@options.debug
def audit_command(
    namespace: str | None,
    all_namespaces: bool,
    selector: str,
    check_version: bool,
    contexts: str | None,
    kubeconfig: str | None,
    context: str | None,
    cluster: str | None,
    user: str | None,
    impersonate: str | None,
    impersonate_groups: tuple[str, ...],
    request_timeout: str,
    chunk: int,
    fail_on: str | None,
    exit_zero: bool,
    output: str,
    reports: tuple[str, ...],
    since: str | None,
    baseline: str | None,
    write_baseline: bool,
    color: str,
    config: str | None,
    debug: bool,
) -> int:
    """Check the NetworkPolicies of a cluster, and say which pods are concerned now."""
    return audit(
        Arguments(
            flags=Flags(kubeconfig, context, cluster, user, impersonate, impersonate_groups),
            contexts=_named(contexts, context, cluster),
            namespace=namespace,
            all_namespaces=all_namespaces,
            selector=selector,
            check_version=check_version,
            chunk=chunk,
            timeout=timeout_of(request_timeout),
            fail_on=severity_named(fail_on) if fail_on else None,
            exit_zero=exit_zero,
            output=known_format(output),
            reports=reports,
            color=color,
            config=config,
            baseline=baseline,
            wanted=Wanted(since, write_baseline),
        )
    )


def _named(
    contexts: str | None, context: str | None, cluster: str | None
) -> tuple[str, ...] | None:
    """The names behind `--contexts`. UsageError for an empty one, and beside a single choice."""
    if contexts is None:
        return None
    for option, value in (("--context", context), ("--cluster", cluster)):
        if value is not None:
            raise UsageError(f"--contexts chooses several clusters, {option} one: use one of them")
    names = tuple(name.strip() for name in contexts.split(","))
    if not all(names):
        raise UsageError(f'--contexts "{contexts}": a name is empty; is a variable not set?')
    return names


def audit(arguments: Arguments) -> int:
    """Check, print, write the reports; the exit code of cli.md's table."""
    for path in arguments.reports:
        format_for(path)  # a wrong suffix is told before the work
    report = audited(arguments)
    command = f"{fix_command()} --live"
    print_report(report, arguments.output, arguments.color, command)
    for path in arguments.reports:
        write_report(report, path, command)
    if report.errors:
        return ClusterError.exit_code
    return FINDINGS if report.failing and not arguments.exit_zero else 0
