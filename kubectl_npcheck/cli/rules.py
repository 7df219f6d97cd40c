"""`rules`: the table of rules, or one rule's documentation."""

from __future__ import annotations

import inspect

import click

from kubectl_npcheck.check.catalogue import catalogue, rule_ids
from kubectl_npcheck.cli import options
from kubectl_npcheck.cli.command import Command, program
from kubectl_npcheck.cli.completing import values
from kubectl_npcheck.cli.output import COLORS, print_text, wants_color
from kubectl_npcheck.cli.plain import dump
from kubectl_npcheck.errors import UsageError, did_you_mean
from kubectl_npcheck.findings import RuleEntry
from kubectl_npcheck.reports.appearance import Appearance
from kubectl_npcheck.reports.documentation import plain

EPILOG = """\b
Examples:
  # What npcheck looks for
  {program} rules
  # One rule: why it matters, what fails, what passes, how to repair it
  {program} rules egress-implicit
"""


@click.command("rules", cls=Command, short_help="list the rules, or explain one", epilog=EPILOG)
@click.argument("rule", required=False, shell_complete=values.rules)
@options.plain_format
@click.option(
    "--color", type=click.Choice(COLORS), default="auto", help="auto (default), always or never."
)
@options.debug
def rules_command(rule: str | None, output: str, color: str, debug: bool) -> int:
    """List the rules, or explain RULE."""
    entries = catalogue()
    if rule is not None:
        entries = [entry for entry in entries if entry.id == rule]
        if not entries:
            hint = did_you_mean(rule, rule_ids()) or f"; `{program()} rules` lists all"
            raise UsageError(f'unknown rule "{rule}"{hint}')
    if output != "text":
        listed = [_plain(entry) for entry in entries]
        print_text(dump(listed if rule is None else listed[0], output))
        return 0
    appearance = Appearance(color=wants_color(color))
    print_text(_table(entries, appearance) if rule is None else _page(entries[0], appearance))
    return 0


def _plain(entry: RuleEntry) -> dict[str, str]:
    return {
        "id": entry.id,
        "severity": entry.severity.label,
        "scope": entry.scope,
        "summary": entry.summary,
        "documentation": inspect.cleandoc(entry.documentation),
    }


def _table(entries: list[RuleEntry], appearance: Appearance) -> str:
    width = max(len(entry.id) for entry in entries)
    lines = [f"{'RULE'.ljust(width)}   SEVERITY   SUMMARY"]
    for entry in entries:
        label = entry.severity.label
        severity = appearance.paint(label, label) + " " * (8 - len(label))
        lines.append(f"{entry.id.ljust(width)}   {severity}   {entry.summary}")
    return "\n".join(lines) + "\n"


def _page(entry: RuleEntry, appearance: Appearance) -> str:
    label = entry.severity.label
    head = f"{appearance.paint(entry.id, 'bold')} ({appearance.paint(label, label)}, {entry.scope})"
    return f"{head}\n\n{plain(entry.documentation)}\n"
