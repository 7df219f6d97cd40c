"""`version`: which npcheck this is, and with `--server` what it talks to."""

from __future__ import annotations

from typing import Any

import click

from kubectl_npcheck import __version__
from kubectl_npcheck.cli import options
from kubectl_npcheck.cli.cluster_options import cluster_options, namespace_of, timeout_of
from kubectl_npcheck.cli.command import Command
from kubectl_npcheck.cli.completing import values
from kubectl_npcheck.cli.output import print_text
from kubectl_npcheck.cli.plain import dump

EPILOG = """\b
Examples:
  {program} version
  # The API server's version, and how it reads a policy that does not state its egress
  {program} version --server
"""


@click.command("version", cls=Command, short_help="show the version", epilog=EPILOG)
@click.option("--server", is_flag=True, help="Ask the cluster too, with a dry run for its reading.")
@click.option(
    "-n",
    "--namespace",
    metavar="NAME",
    callback=namespace_of,
    shell_complete=values.namespaces_of_a_cluster("server"),
    help="Where to ask (default: the context's).",
)
@cluster_options
@options.plain_format
@options.debug
def version_command(
    server: bool,
    namespace: str | None,
    kubeconfig: str | None,
    context: str | None,
    cluster: str | None,
    user: str | None,
    impersonate: str | None,
    impersonate_groups: tuple[str, ...],
    request_timeout: str,
    output: str,
    debug: bool,
) -> int:
    """Show the version of npcheck and of what it runs on."""
    found: dict[str, Any] = {"clientVersion": _client()}
    if output == "text":
        client = found["clientVersion"]
        print_text(f"npcheck {__version__}\n")
        runs_on = f"PyYAML {client['yaml']} ({client['yamlParser']})"
        print_text(f"Python {client['python']}, {runs_on}\n")
    if server:
        from kubectl_npcheck.cluster.context import Flags
        from kubectl_npcheck.load.cluster import ask_server

        flags = Flags(kubeconfig, context, cluster, user, impersonate, impersonate_groups)
        found["serverVersion"] = ask_server(flags, namespace, timeout_of(request_timeout))
        if output == "text":
            _print_server(found["serverVersion"])
    if output != "text":
        print_text(dump(found, output))
    return 0


def _client() -> dict[str, str]:
    import platform

    from kubectl_npcheck.pyyaml import yaml

    return {
        "version": __version__,
        "python": platform.python_version(),
        "platform": f"{platform.system().lower()}/{platform.machine()}",
        "yaml": yaml.__version__,
        "yamlParser": "libyaml" if hasattr(yaml, "CSafeLoader") else "pure Python",
    }


def _print_server(server: dict[str, Any]) -> None:
    from kubectl_npcheck.reports.appearance import shown
    from kubectl_npcheck.reports.cluster import reading

    text = server["version"] or "of a version that is not known"
    lines = [
        f"Kubernetes {text}, cluster {server['cluster']} ({server['server']})",
        *reading(server["reading"]),
    ]
    print_text("".join(f"{shown(line)}\n" for line in lines))
