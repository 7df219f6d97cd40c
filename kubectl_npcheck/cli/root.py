"""The command table. A command's module is imported when the command runs, not for `--help`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

from kubectl_npcheck import __version__
from kubectl_npcheck.cli.command import Group, ending_option

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "lint": ("kubectl_npcheck.cli.lint", "check manifests"),
    "fix": ("kubectl_npcheck.cli.fix", "repair manifests in place"),
    "audit": ("kubectl_npcheck.cli.audit", "check a live cluster"),
    "rules": ("kubectl_npcheck.cli.rules", "list the rules, or explain one"),
    "rbac": ("kubectl_npcheck.cli.rbac", "print the least role that audit and fix --live need"),
    "completion": ("kubectl_npcheck.cli.completion", "complete commands in the shell"),
    "help": ("kubectl_npcheck.cli.help", "explain a command, or a topic such as exit-codes"),
    "version": ("kubectl_npcheck.cli.version", "show the version"),
}
"""Name to module and help line. Each module has its command under the command's name."""

HIDDEN = {"__complete": "kubectl_npcheck.cli.complete"}
"""What programs call."""

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class LazyCommands(Group):
    """A group whose commands come from COMMANDS."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name in HIDDEN:
            module = import_module(HIDDEN[cmd_name])
        elif cmd_name in COMMANDS:
            module = import_module(COMMANDS[cmd_name][0])
        else:
            return None
        command: click.Command = getattr(module, f"{cmd_name.lstrip('_')}_command")
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """The names of the table; no command is imported for it."""
        from kubectl_npcheck.cli.completing.values import offered

        lines = ((name, line) for name, (_, line) in COMMANDS.items())
        return [*offered(lines, incomplete), *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help lines of the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=LazyCommands,
    context_settings=HELP,
    invoke_without_command=True,
    epilog="Run a command with -h for options and examples, and `help` for topics.",
)
@click.pass_context
def root(context: click.Context) -> None:
    """Check Kubernetes NetworkPolicies: which ones do not do what they appear to do."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


root.params.append(
    ending_option(["--version"], "Show the version and exit.", lambda _: f"npcheck {__version__}")
)
