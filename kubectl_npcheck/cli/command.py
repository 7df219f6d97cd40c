"""Commands whose texts call the program as the user did."""

from __future__ import annotations

import click

from kubectl_npcheck.errors import did_you_mean


def program() -> str:
    """How the user calls this program: `npcheck` or `kubectl npcheck`."""
    context = click.get_current_context(silent=True)
    name = context.find_root().info_name if context is not None else None
    return name or "npcheck"


class Command(click.Command):
    """click's command; `{program}` in its texts becomes `npcheck` or `kubectl npcheck`."""

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
