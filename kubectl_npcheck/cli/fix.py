"""`fix`: repair manifests in place."""

from __future__ import annotations

import sys
from typing import NamedTuple

import click

from kubectl_npcheck import settings as settings_file
from kubectl_npcheck.cli.command import Command
from kubectl_npcheck.cli.output import (
    COLORS,
    print_errors,
    print_text,
    terminal_width,
    wants_color,
)
from kubectl_npcheck.cli.plain import PLAIN_FORMATS, dump
from kubectl_npcheck.errors import UsageError
from kubectl_npcheck.findings import Severity, severity_named
from kubectl_npcheck.fixing.options import PRESERVE, RULES_FILE, Options, checked_rules, read_rules
from kubectl_npcheck.load import STDIN, Request
from kubectl_npcheck.repairs import Repair
from kubectl_npcheck.reports.appearance import Appearance
from kubectl_npcheck.settings import STRATEGIES, Settings

INPUT_ERROR = 3
CHANGED = 1

EPILOG = """\b
Examples:
  # Show what would change below the current directory, and why the rest would not
  {program} fix --diff
  # Write it
  {program} fix
  # The same for some files; the rest of their repository is read to reason with
  {program} fix k8s/web.yaml k8s/db.yaml
  # Deny what is not stated, or allow DNS only
  {program} fix --strategy deny-all k8s/
  {program} fix --strategy dns k8s/
  # A filter
  helm template mychart | {program} fix --allow-widening - > rendered.yaml

\b
Strategies:
  preserve   keep what Kubernetes as published does today: `egress: [{}]` where nothing else
             states the egress of the pods, Egress without rules where other policies do (default)
  allow-all  `egress: [{}]`; refused where that would undo another policy's restriction
  deny-all   Egress without rules: the pods may send nothing, unless another policy allows it
  dns        UDP and TCP 53 to the cluster's DNS
  rules      the egress rules in --rules-file

\b
Exit codes:
  0  nothing to do
  1  something was changed (with --diff: would be), or findings at or above --fail-on remain
  2  wrong usage, or a bad .npcheck.yaml
  3  an input could not be read or parsed, or a file could not be written
  5  a defect in npcheck, or a repair that could not be proved: nothing was written
"""


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


@click.command("fix", cls=Command, short_help="repair manifests in place", epilog=EPILOG)
@click.argument("path", nargs=-1)
@click.option("-f", "--filename", multiple=True, metavar="PATH,…", help="The same as PATH.")
@click.option("--diff", is_flag=True, help="Show what would change; write nothing.")
@click.option(
    "--strategy",
    type=click.Choice(STRATEGIES),
    help="How egress that is not stated is stated (default: preserve).",
)
@click.option("--rules-file", metavar="FILE", help="The egress rules of --strategy rules.")
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
    help="Repair the findings of this rule (default: egress-implicit, policy-types-implicit).",
)
@click.option("--notes", is_flag=True, help="Repair also what is only a note.")
@click.option("--no-recursive", is_flag=True, help="Read one level of a directory only.")
@click.option(
    "--with",
    "context",
    multiple=True,
    metavar="PATH",
    help="Read PATH too, to reason with and not to change.",
)
@click.option("--alone", is_flag=True, help="Reason with the named paths only.")
@click.option(
    "-n", "--namespace", metavar="NAME", help="The namespace of manifests that name none."
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
    "--color", type=click.Choice(COLORS), default="auto", help="Paint the text (default: auto)."
)
@click.option("--config", metavar="FILE", help="The settings file (default: .npcheck.yaml).")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def fix_command(
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
    context: tuple[str, ...],
    alone: bool,
    namespace: str | None,
    fail_on: str | None,
    exit_zero: bool,
    output: str,
    color: str,
    config: str | None,
    debug: bool,
) -> int:
    """Make egress explicit in the manifests in PATH, in place: files, directories, or - to filter
    standard input to standard output.

    Only what is needed is written, in the style of the file, and every change is proved on the
    new text before the first file is replaced. What cannot be decided is refused and listed.
    """
    named = (*path, *(part for text in filename for part in text.split(",") if part))
    return fix(
        Arguments(
            paths=named or (".",),
            recursive=not no_recursive,
            context=context,
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
        )
    )


def fix(arguments: Arguments) -> int:
    """Decide, write, print; the exit code of cli.md's table."""
    from kubectl_npcheck.fixing import repair

    if STDIN in arguments.paths and len(arguments.paths) > 1:
        raise UsageError("standard input (-) cannot be repaired together with files; name it alone")
    settings = _settings(arguments)
    options = _options(arguments, settings)
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
        done = repair(request, settings, options)
        _filter(done, content, arguments)
    else:
        done = repair(request, settings, options)
        _write(done, arguments)
    print_errors(done.report)
    if done.report.errors:
        return INPUT_ERROR
    changed = bool(done.changes) or done.report.failing
    return CHANGED if changed and not arguments.exit_zero else 0


def _settings(arguments: Arguments) -> Settings:
    from kubectl_npcheck.check.catalogue import rule_ids

    path = arguments.config or settings_file.find(".")
    settings = settings_file.read(path, rule_ids()) if path is not None else Settings()
    if arguments.namespace is not None:
        settings = settings._replace(namespace=arguments.namespace)
    if arguments.fail_on is not None:
        settings = settings._replace(fail_on=arguments.fail_on)
    return settings


def _options(arguments: Arguments, settings: Settings) -> Options:
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
        rules=checked_rules(arguments.rules),
        egress=read_rules(file) if strategy == RULES_FILE and file is not None else (),
        allow_widening=arguments.allow_widening,
        split=arguments.split,
        notes=arguments.notes,
    )


def _write(done: Repair, arguments: Arguments) -> None:
    """Write the files unless only a diff is wanted; then the account, or the diff."""
    if not arguments.diff and done.files:
        from kubectl_npcheck.fixing.apply import write

        write(done.files)
    written = not arguments.diff
    if arguments.output != "text":
        _print_data(done, written, arguments.output)
    elif arguments.diff:
        _print_diff(done, arguments)
        _account(done, written, to_stderr=True, color=arguments.color)
    else:
        _account(done, written, to_stderr=False, color=arguments.color)


def _filter(done: Repair, content: bytes, arguments: Arguments) -> None:
    """The new text of standard input on standard output, the account on stderr."""
    if arguments.output != "text":
        _print_data(done, False, arguments.output)
        return
    if arguments.diff:
        _print_diff(done, arguments)
    else:
        new = done.files[0].new_bytes if done.files else content
        sys.stdout.flush()
        sys.stdout.buffer.write(new)
        sys.stdout.buffer.flush()
    _account(done, not arguments.diff, to_stderr=True, color=arguments.color)


def _print_data(done: Repair, written: bool, form: str) -> None:
    from kubectl_npcheck.reports.repair_data import repair_structure

    print_text(dump(repair_structure(done, written), form))


def _print_diff(done: Repair, arguments: Arguments) -> None:
    from kubectl_npcheck.reports import diff

    print_text(diff.render(done.files, Appearance(color=wants_color(arguments.color))))


def _account(done: Repair, written: bool, to_stderr: bool, color: str) -> None:
    from kubectl_npcheck.reports.repair import render

    if to_stderr:
        paint = color == "always" or (color == "auto" and sys.stderr.isatty())
        sys.stderr.write(render(done, written, Appearance(color=paint, with_errors=False)))
        sys.stderr.flush()
        return
    appearance = Appearance(color=wants_color(color), width=terminal_width(), with_errors=False)
    print_text(render(done, written, appearance))
