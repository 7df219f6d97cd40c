"""Commands whose texts call the program as the user did."""

from __future__ import annotations

from collections.abc import Callable

import click
from click import Option

from kubectl_npcheck.errors import did_you_mean


def program() -> str:
    """How the user calls this program: `npcheck` or `kubectl npcheck`."""
    context = click.get_current_context(silent=True)
    name = context.find_root().info_name if context is not None else None
    return name or "npcheck"


def ending_option(names: list[str], help: str, answer: Callable[[click.Context], str]) -> Option:
    """An option that prints an answer and ends the command: `--help`, `--version`.

    click's own look for a translation of their help at every start.
    """

    def end(context: click.Context, _: click.Parameter, value: bool) -> None:
        if value and not context.resilient_parsing:
            click.echo(answer(context))
            context.exit()

    return Option(names, is_flag=True, is_eager=True, expose_value=False, help=help, callback=end)


class Command(click.Command):
    """click's command; `{program}` in its texts becomes `npcheck` or `kubectl npcheck`."""

    help_option: Option | None = None

    def get_help_option(self, ctx: click.Context) -> Option:
        """`-h`, `--help`; the same one each time."""
        if self.help_option is None:
            self.help_option = ending_option(
                ctx.help_option_names, "Show this message and exit.", click.Context.get_help
            )
        return self.help_option

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, and what else stands below the options."""
        written = self.epilog
        self.epilog = written.replace("{program}", _program(ctx)) if written else None
        try:
            super().format_epilog(ctx, formatter)
        finally:
            self.epilog = written

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What stands above the options."""
        written = self.help
        self.help = written.replace("{program}", _program(ctx)) if written else None
        try:
            super().format_help_text(ctx, formatter)
        finally:
            self.help = written


class Group(Command, click.Group):
    """A command of commands: alone it shows its help, and an unknown one names the nearest."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but an unknown command names the nearest one."""
        name = args[0]
        known = self.list_commands(ctx)
        if not (ctx.resilient_parsing or name.startswith("-") or self.get_command(ctx, name)):
            hint = did_you_mean(name, known) or f"; there are {', '.join(known)}"
            raise click.UsageError(f'unknown command "{name}"{hint}', ctx)
        return super().resolve_command(ctx, args)


def _program(context: click.Context) -> str:
    return context.find_root().info_name or "npcheck"
