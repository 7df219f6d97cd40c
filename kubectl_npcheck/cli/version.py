"""`version`: which npcheck this is."""

from __future__ import annotations

import click

from kubectl_npcheck import __version__
from kubectl_npcheck.cli.output import print_text
from kubectl_npcheck.cli.plain import PLAIN_FORMATS, dump


@click.command("version", short_help="show the version")
@click.option(
    "-o",
    "--output",
    type=click.Choice(PLAIN_FORMATS),
    default="text",
    help="text (default), json or yaml.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def version_command(output: str, debug: bool) -> int:
    """Show the version of npcheck and of what it runs on."""
    import platform

    import yaml

    parser = "libyaml" if hasattr(yaml, "CSafeLoader") else "pure Python"
    if output == "text":
        print_text(f"npcheck {__version__}\n")
        print_text(f"Python {platform.python_version()}, PyYAML {yaml.__version__} ({parser})\n")
        return 0
    client = {
        "version": __version__,
        "python": platform.python_version(),
        "platform": f"{platform.system().lower()}/{platform.machine()}",
        "yaml": yaml.__version__,
        "yamlParser": parser,
    }
    print_text(dump({"clientVersion": client}, output))
    return 0
