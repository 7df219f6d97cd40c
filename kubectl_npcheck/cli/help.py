"""`help`: a command's help by its name, and the topics that belong to no command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kubectl_npcheck.cli import options
from kubectl_npcheck.cli.command import Command, program
from kubectl_npcheck.cli.completing import values
from kubectl_npcheck.cli.output import print_text, terminal_width
from kubectl_npcheck.cli.topics import TOPICS, topic
from kubectl_npcheck.cli.topics.blocks import shown
from kubectl_npcheck.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

EPILOG = """\b
Examples:
  # The commands and the topics
  {program} help
  # What the exit codes mean
  {program} help exit-codes
  # The same as `{program} lint -h`
  {program} help lint
"""
WIDTH = 80
WIDEST = 100


def _names(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    root = context.find_root()
    commands = [
        (item.value, item.help or "") for item in root.command.shell_complete(root, incomplete)
    ]
    return values.offered([*commands, *TOPICS.items()], incomplete)


@click.command(
    "help",
    cls=Command,
    short_help="explain a command, or a topic such as exit-codes",
    epilog=EPILOG,
)
@click.argument("name", nargs=-1, metavar="[COMMAND|TOPIC]", shell_complete=_names)
@options.debug
@click.pass_context
def help_command(context: click.Context, name: tuple[str, ...], debug: bool) -> int:
    """Explain a command or a topic; without a name, list them."""
    if not name:
        print_text(_overview(context.find_root()))
    elif len(name) == 1 and name[0] in TOPICS:
        width = min(terminal_width() or WIDTH, WIDEST)
        print_text(shown(topic(name[0]), width))
    else:
        print_text(_of_command(context.find_root(), name))
    return 0


def _overview(root: click.Context) -> str:
    width = max(len(name) for name in TOPICS) + 2
    lines = "".join(f"  {name.ljust(width)}{line}\n" for name, line in TOPICS.items())
    return f"{root.get_help()}\n\nTopics ({program()} help TOPIC):\n{lines}"


def _of_command(root: click.Context, names: tuple[str, ...]) -> str:
    context = root
    for name in names:
        group = context.command
        known = group.list_commands(context) if isinstance(group, click.Group) else []
        found = group.get_command(context, name) if isinstance(group, click.Group) else None
        if found is None or name not in known:
            topics = TOPICS if context is root else ()
            hint = did_you_mean(name, [*known, *topics]) or f"; `{program()} help` lists all"
            raise UsageError(f'no command and no topic "{" ".join(names)}"{hint}')
        context = click.Context(found, info_name=name, parent=context)
    return f"{context.get_help()}\n"
