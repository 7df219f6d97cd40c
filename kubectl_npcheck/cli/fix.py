"""`fix`: repair manifests in place; with `--live` it hands on to `fix_live`."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import click

from kubectl_npcheck.cli import options
from kubectl_npcheck.cli.command import Command
from kubectl_npcheck.cli.completing import values
from kubectl_npcheck.cli.fix_help import EPILOG
from kubectl_npcheck.cli.fix_live import fix_live, undo
from kubectl_npcheck.cli.fix_output import filter_stdin, write_files
from kubectl_npcheck.cli.live_options import check_usage, live_options
from kubectl_npcheck.cli.output import print_errors
from kubectl_npcheck.cli.paths import named_paths
from kubectl_npcheck.cli.plain import PLAIN_FORMATS
from kubectl_npcheck.errors import UsageError
from kubectl_npcheck.findings import Severity, severity_named
from kubectl_npcheck.fixing.options import PRESERVE, RULES_FILE, Options, checked_rules, read_rules
from kubectl_npcheck.load import STDIN, Request
from kubectl_npcheck.settings import STRATEGIES, Settings

INPUT_ERROR = 3
CHANGED = 1


class Arguments(NamedTuple):
    """What the user asked for."""

    paths: tuple[str, ...]
    recursive: bool
    context: tuple[str, ...]
    alone: bool
    namespace: str | None
    strategy: str | None
    rules_file: str | None
    allow_widening: bool
    split: bool
    diff: bool
    rules: tuple[str, ...]
    notes: bool
    fail_on: Severity | None
    exit_zero: bool
    output: str
    color: str
    config: str | None
    baseline: str | None = None


@click.command("fix", cls=Command, short_help="repair manifests in place", epilog=EPILOG)
@click.argument("path", nargs=-1, shell_complete=values.files(*values.MANIFESTS))
@options.filename
@click.option("--diff", is_flag=True, help="Show what would change; write nothing.")
@click.option(
    "--strategy",
    type=click.Choice(STRATEGIES),
    help="How egress that is not stated is stated (default: preserve).",
)
@click.option(
    "--rules-file",
    metavar="FILE",
    shell_complete=values.files(*values.MANIFESTS),
    help="The egress rules of --strategy rules.",
)
@click.option(
    "--allow-widening",
    is_flag=True,
    help="Write `egress: [{}]` also where it may undo another policy's restriction.",
)
@click.option(
    "--split",
    is_flag=True,
    help="Where other policies state the egress of some pods only, write a second policy.",
)
@click.option(
    "--rule",
    "rules",
    multiple=True,
    metavar="ID",
    shell_complete=values.fixable_rules,
    help="Repair the findings of this rule (default: egress-implicit, policy-types-implicit).",
)
@click.option("--notes", is_flag=True, help="Repair also what is only a note.")
@options.no_recursive
@click.option(
    "--with",
    "around",
    multiple=True,
    metavar="PATH",
    shell_complete=values.files(*values.MANIFESTS),
    help="Read PATH too, to reason with and not to change.",
)
@options.alone
@click.option(
    "-n",
    "--namespace",
    metavar="NAME",
    shell_complete=values.namespaces_of_a_cluster("live"),
    help="The namespace of manifests that name none; with --live, the cluster's to repair.",
)
@click.option(
    "--fail-on",
    type=click.Choice([s.label for s in sorted(Severity, reverse=True)]),
    help="Exit 1 if findings from this severity on remain (default: warning).",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 in spite of changes and findings.")
@click.option(
    "-o", "--output", type=click.Choice(PLAIN_FORMATS), default="text", help="text, json, yaml."
)
@click.option(
    "--baseline",
    metavar="FILE",
    shell_complete=values.files("json"),
    help="Leave alone the findings that this baseline knows.",
)
@options.color
@options.config
@live_options
@options.debug
@click.pass_context
def fix_command(
    ctx: click.Context,
    /,
    path: tuple[str, ...],
    filename: tuple[str, ...],
    diff: bool,
    strategy: str | None,
    rules_file: str | None,
    allow_widening: bool,
    split: bool,
    rules: tuple[str, ...],
    notes: bool,
    no_recursive: bool,
    around: tuple[str, ...],
    alone: bool,
    namespace: str | None,
    fail_on: str | None,
    exit_zero: bool,
    output: str,
    baseline: str | None,
    color: str,
    config: str | None,
    debug: bool,
    **live: Any,
) -> int:
    """Make egress explicit in the manifests in PATH, in place: files, directories, or - to filter
    standard input to standard output.

    Only what is needed is written, in the style of the file, and every change is proved on the
    new text before the first file is replaced. What cannot be decided is refused and listed.

    With --live, the same for the policies of a cluster: a plan, which --apply writes.
    """
    check_usage(ctx)
    if live["undo"] is not None:
        return undo(ctx.params)
    named = named_paths(path, filename)
    return fix(
        ctx,
        Arguments(
            paths=named or (".",),
            recursive=not no_recursive,
            context=around,
            alone=alone,
            namespace=namespace,
            strategy=strategy,
            rules_file=rules_file,
            allow_widening=allow_widening,
            split=split,
            diff=diff,
            rules=rules,
            notes=notes,
            fail_on=severity_named(fail_on) if fail_on else None,
            exit_zero=exit_zero,
            output=output,
            color=color,
            config=config,
            baseline=baseline,
        ),
    )


def fix(ctx: click.Context, arguments: Arguments) -> int:
    """Decide, write, print; the exit code of cli.md's table."""
    from kubectl_npcheck.fixing import repair

    if ctx.params["live"]:
        settings = _settings(arguments)
        return fix_live(ctx.params, _options(arguments, settings, live=True), settings)
    if STDIN in arguments.paths and len(arguments.paths) > 1:
        raise UsageError("standard input (-) cannot be repaired together with files; name it alone")
    settings = _settings(arguments)
    wanted = _options(arguments, settings)
    request = Request(
        paths=arguments.paths,
        recursive=arguments.recursive,
        context=(*settings.context, *arguments.context),
        alone=arguments.alone,
        namespace=settings.namespace,
        exclude=settings.exclude,
        root=settings.directory or ".",
    )
    if arguments.paths == (STDIN,):
        content = sys.stdin.buffer.read()
        request = request._replace(stdin=lambda: content)
        done = repair(request, settings, wanted)
        filter_stdin(done, content, arguments.diff, arguments.output, arguments.color)
    else:
        done = repair(request, settings, wanted)
        write_files(done, arguments.diff, arguments.output, arguments.color)
    print_errors(done.report)
    if done.report.errors:
        return INPUT_ERROR
    changed = bool(done.changes) or done.report.failing
    return CHANGED if changed and not arguments.exit_zero else 0


def _settings(arguments: Arguments) -> Settings:
    return options.settings_with(
        arguments.config,
        namespace=arguments.namespace,
        fail_on=arguments.fail_on,
        baseline=arguments.baseline,
    )


def _options(arguments: Arguments, settings: Settings, live: bool = False) -> Options:
    strategy = arguments.strategy or settings.fix_strategy
    if strategy is None and arguments.rules_file is not None:
        strategy = RULES_FILE
    file = arguments.rules_file or settings.fix_rules_file
    if strategy == RULES_FILE and file is None:
        raise UsageError("--strategy rules needs --rules-file FILE, or rules-file in the settings")
    if arguments.rules_file is not None and strategy != RULES_FILE:
        raise UsageError(f"--rules-file is for --strategy rules, not for {strategy}")
    return Options(
        strategy=strategy or PRESERVE,
        named=strategy is not None,
        rules=checked_rules(arguments.rules, live),
        egress=read_rules(file) if strategy == RULES_FILE and file is not None else (),
        allow_widening=arguments.allow_widening,
        split=arguments.split,
        notes=arguments.notes,
    )
