"""The command table. A command's module is imported when the command runs, not for `--help`."""

from __future__ import annotations

from importlib import import_module

import click

from kubectl_npcheck import __version__
from kubectl_npcheck.errors import did_you_mean

COMMANDS = {
    "lint": ("kubectl_npcheck.cli.lint", "check manifests"),
    "fix": ("kubectl_npcheck.cli.fix", "repair manifests in place"),
    "audit": ("kubectl_npcheck.cli.audit", "check a live cluster"),
    "rules": ("kubectl_npcheck.cli.rules", "list the rules, or explain one"),
    "rbac": ("kubectl_npcheck.cli.rbac", "print the least role that audit needs"),
    "version": ("kubectl_npcheck.cli.version", "show the version"),
}
"""Name to module and help line. Each module has its command under the command's name."""

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class LazyCommands(click.Group):
    """A group whose commands come from COMMANDS."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but an unknown command names the nearest one."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            hint = did_you_mean(name, COMMANDS) or f"; there are {', '.join(COMMANDS)}"
            raise click.UsageError(f'unknown command "{name}"{hint}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help lines of the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=LazyCommands,
    context_settings=HELP,
    invoke_without_command=True,
    epilog="Run a command with -h for its options and examples.",
)
@click.version_option(__version__, message="npcheck %(version)s")
@click.pass_context
def root(context: click.Context) -> None:
    """Check Kubernetes NetworkPolicies: which ones do not do what they appear to do."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
