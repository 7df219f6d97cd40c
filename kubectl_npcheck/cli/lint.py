"""`lint`: check manifests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import click

from kubectl_npcheck.cli import options
from kubectl_npcheck.cli.command import Command
from kubectl_npcheck.cli.comparison import Wanted, compared
from kubectl_npcheck.cli.completing import values
from kubectl_npcheck.cli.output import fix_command, print_report, write_report
from kubectl_npcheck.cli.paths import named_paths
from kubectl_npcheck.errors import UsageError
from kubectl_npcheck.findings import Report, Severity, severity_named
from kubectl_npcheck.record import Record
from kubectl_npcheck.reports import format_for, known_format
from kubectl_npcheck.settings import Settings

if TYPE_CHECKING:
    from kubectl_npcheck.repairs import Change

INPUT_ERROR = 3
FINDINGS = 1

EPILOG = """\b
Examples:
  # The manifests below the current directory
  {program} lint
  # Some files; the rest of their repository is read to reason with
  {program} lint k8s/web.yaml k8s/db.yaml
  # What a chart or a kustomization really renders
  {program} lint --helm charts/shop --helm-values prod.yaml
  {program} lint -k overlays/prod
  # For a pipeline: a report to keep, and the run fails on errors only
  {program} lint --fail-on error --report npcheck.json k8s/
  # Accept what is there, and fail on what comes in addition
  {program} lint --write-baseline
  {program} lint --baseline .npcheck-baseline.json

\b
Exit codes:
  0  nothing at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage, or a bad .npcheck.yaml, baseline or --since report
  3  an input could not be read or parsed (the findings of the others are shown)
  5  a defect in npcheck
"""


class Arguments(Record):
    """What the user asked for."""

    paths: tuple[str, ...]
    kustomizations: tuple[str, ...]
    charts: tuple[str, ...]
    chart_values: tuple[str, ...]
    recursive: bool
    context: tuple[str, ...]
    alone: bool
    namespace: str | None
    fail_on: Severity | None
    exit_zero: bool
    output: str
    reports: tuple[str, ...]
    color: str
    config: str | None
    baseline: str | None = None
    wanted: Wanted = Wanted()


@click.command("lint", cls=Command, short_help="check manifests", epilog=EPILOG)
@click.argument("path", nargs=-1, shell_complete=values.files(*values.MANIFESTS))
@options.filename
@click.option(
    "-k",
    "--kustomize",
    multiple=True,
    metavar="DIR",
    shell_complete=values.directories,
    help="Render DIR with kubectl kustomize.",
)
@click.option(
    "--helm",
    "charts",
    multiple=True,
    metavar="DIR",
    shell_complete=values.directories,
    help="Render the chart in DIR with helm template, -n being its namespace.",
)
@click.option(
    "--helm-values",
    multiple=True,
    metavar="FILE",
    shell_complete=values.files(*values.MANIFESTS),
    help="Values for the charts of --helm (repeatable).",
)
@options.no_recursive
@click.option(
    "--with",
    "context",
    multiple=True,
    metavar="PATH",
    shell_complete=values.files(*values.MANIFESTS),
    help="Read PATH too, to reason with and not to report on.",
)
@options.alone
@options.manifests_namespace
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
def lint_command(
    path: tuple[str, ...],
    filename: tuple[str, ...],
    kustomize: tuple[str, ...],
    charts: tuple[str, ...],
    helm_values: tuple[str, ...],
    no_recursive: bool,
    context: tuple[str, ...],
    alone: bool,
    namespace: str | None,
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
    """Check the NetworkPolicies in PATH: files, directories, or - for standard input.

    Without PATH, the current directory. Around named files the rest of their repository is read
    to reason with, because another policy may decide what a policy leaves open.
    """
    named = named_paths(path, filename)
    if helm_values and not charts:
        raise UsageError("--helm-values is for --helm DIR")
    return lint(
        Arguments(
            paths=named if named or kustomize or charts else (".",),
            kustomizations=kustomize,
            charts=charts,
            chart_values=helm_values,
            recursive=not no_recursive,
            context=context,
            alone=alone,
            namespace=namespace,
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


def lint(arguments: Arguments) -> int:
    """Check, print, write the reports; the exit code of cli.md's table."""
    for path in arguments.reports:
        format_for(path)  # a wrong suffix is told before the work
    report = _report(arguments)
    print_report(report, arguments.output, arguments.color, fix_command())
    for path in arguments.reports:
        write_report(report, path, fix_command())
    if report.errors:
        return INPUT_ERROR
    return FINDINGS if report.failing and not arguments.exit_zero else 0


def _settings(arguments: Arguments) -> Settings:
    return options.settings_with(
        arguments.config,
        namespace=arguments.namespace,
        fail_on=arguments.fail_on,
        baseline=arguments.baseline,
    )


def _report(arguments: Arguments) -> Report:
    from kubectl_npcheck.check import check, described
    from kubectl_npcheck.load import Request, load

    settings = _settings(arguments)
    request = Request(
        paths=arguments.paths,
        kustomize=arguments.kustomizations,
        charts=arguments.charts,
        values=arguments.chart_values,
        recursive=arguments.recursive,
        context=(*settings.context, *arguments.context),
        alone=arguments.alone,
        namespace=settings.namespace,
        exclude=settings.exclude,
        root=settings.directory or ".",
    )
    shown = described(
        arguments.paths,
        arguments.kustomizations,
        settings.namespace,
        settings,
        arguments.charts,
    )

    def work() -> tuple[Report, Sequence[str]]:
        loaded = load(request)
        report = check(loaded, settings, shown)

        @cache
        def changes() -> Sequence[Change]:
            from kubectl_npcheck.cli.proposals import proposals

            return proposals(request, settings, report)

        report.changes = changes
        return report, loaded.named

    return compared(settings, arguments.wanted, work)
