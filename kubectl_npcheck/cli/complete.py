"""`__complete`: the candidates for a command line. Hidden; the shells' scripts and kubectl ask."""

from __future__ import annotations

import click

from kubectl_npcheck.cli.completing.protocol import answer
from kubectl_npcheck.cli.output import print_text


class Words(click.Command):
    """A command whose arguments are the words of another command line: none is its own option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take all words as they are."""
        ctx.params["words"] = tuple(args)
        return []


@click.command("__complete", cls=Words, hidden=True)
@click.pass_context
def complete_command(context: click.Context, words: tuple[str, ...]) -> int:
    """Print the candidates for the last of WORDS."""
    root = context.find_root()
    print_text(answer(root.command, root.info_name or "npcheck", words))
    return 0
