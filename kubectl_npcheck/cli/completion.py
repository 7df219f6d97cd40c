"""`completion`: scripts for the shells, and the file that kubectl asks."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from kubectl_npcheck.cli import options
from kubectl_npcheck.cli.command import Command, Group, program
from kubectl_npcheck.cli.completing import values
from kubectl_npcheck.cli.output import print_text

EPILOG = """\b
Examples:
  # For `kubectl npcheck`, in every shell that completes kubectl (kubectl 1.26 or newer)
  {program} completion install
  # For the program itself, in this shell
  source <(npcheck completion bash)
  source <(npcheck completion zsh)
  npcheck completion fish | source
  # For all shells to come
  npcheck completion bash > ~/.local/share/bash-completion/completions/npcheck
  npcheck completion zsh > "${fpath[1]}/_npcheck"
  npcheck completion fish > ~/.config/fish/completions/npcheck.fish
"""

directory = click.option(
    "--dir",
    "directory",
    metavar="DIR",
    shell_complete=values.directories,
    help="The directory, which is on PATH (default: where kubectl finds the plugin).",
)


@click.group(
    "completion",
    cls=Group,
    short_help="complete commands in the shell",
    epilog=EPILOG,
    invoke_without_command=True,
)
@click.pass_context
def completion_command(context: click.Context) -> None:
    """Complete commands, options and their values in the shell: rules, files, and what the
    kubeconfig and the cluster know."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _shell(name: str) -> None:
    """A command `completion NAME` that prints the script of that shell."""

    @options.debug
    def show(debug: bool) -> int:
        module = import_module(f"kubectl_npcheck.cli.completing.{name}")
        print_text(module.SCRIPT)
        return 0

    show.__doc__ = f"Print the script that completes npcheck in {name}."
    line = f"print the script for {name}"
    completion_command.command(name, cls=Command, short_help=line)(show)


for _name in ("bash", "zsh", "fish"):
    _shell(_name)


@completion_command.command(
    "install", cls=Command, short_help="write the file that kubectl asks to complete the plugin"
)
@directory
@options.debug
def install_command(directory: str | None, debug: bool) -> int:
    """Write kubectl_complete-npcheck, which kubectl (1.26 or newer) asks to complete the plugin.

    It is written beside the plugin. `{program} completion uninstall` removes it; Krew knows
    nothing of it.
    """
    from kubectl_npcheck.cli.completing import plugin

    place = plugin.install(directory)
    print_text(f"{place.path}: {'written' if place.changed else 'there already'}\n")
    if directory is not None and not plugin.on_path(directory):
        sys.stderr.write(f"warning: {directory} is not on PATH: kubectl will not find it\n")
    elif place.changed:
        print_text(f"`{program()} completion uninstall` removes it\n")
    return 0


@completion_command.command("uninstall", cls=Command, short_help="remove that file")
@directory
@options.debug
def uninstall_command(directory: str | None, debug: bool) -> int:
    """Remove kubectl_complete-npcheck again."""
    from kubectl_npcheck.cli.completing import plugin

    place = plugin.uninstall(directory)
    print_text(f"{place.path}: removed\n" if place else "kubectl_complete-npcheck is not there\n")
    return 0
