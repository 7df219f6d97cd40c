"""A command whose examples call the program as the user did."""

from __future__ import annotations

import click


class Command(click.Command):
    """click's command; `{program}` in the epilog becomes `npcheck` or `kubectl npcheck`."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, and what else stands below the options."""
        written = self.epilog
        program = ctx.find_root().info_name or "npcheck"
        self.epilog = written.replace("{program}", program) if written else None
        try:
            super().format_epilog(ctx, formatter)
        finally:
            self.epilog = written
