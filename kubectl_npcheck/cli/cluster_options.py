"""kubectl's flags that choose a cluster and an identity, for every command that talks to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from kubectl_npcheck.cli.completing import values
from kubectl_npcheck.errors import UsageError

_DURATION = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "us": 1e-6, "ns": 1e-9}
DEFAULT_TIMEOUT = "1m"


def cluster_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the flags; the command gets them under the names of `cluster.context.Flags`."""
    for option in reversed(
        (
            click.option(
                "--kubeconfig",
                metavar="FILE",
                shell_complete=values.files(),
                help="The kubeconfig to use.",
            ),
            click.option(
                "--context",
                metavar="NAME",
                shell_complete=values.contexts,
                help="The context of the kubeconfig.",
            ),
            click.option(
                "--cluster",
                metavar="NAME",
                shell_complete=values.clusters,
                help="The cluster of the kubeconfig.",
            ),
            click.option(
                "--user",
                metavar="NAME",
                shell_complete=values.users,
                help="The user of the kubeconfig.",
            ),
            click.option(
                "--as",
                "impersonate",
                metavar="USER",
                shell_complete=values.free,
                help="Impersonate this user.",
            ),
            click.option(
                "--as-group",
                "impersonate_groups",
                multiple=True,
                metavar="GROUP",
                shell_complete=values.free,
                help="Impersonate this group, with --as (repeatable).",
            ),
            click.option(
                "--request-timeout",
                default=DEFAULT_TIMEOUT,
                metavar="TIME",
                shell_complete=values.free,
                help="How long to wait for one answer, like 30s or 2m; 0: for ever (default: 1m).",
            ),
        )
    ):
        command = option(command)
    return command


chunk_size = click.option(
    "--chunk-size",
    "chunk",
    type=click.IntRange(min=0),
    default=500,
    metavar="NUMBER",
    shell_complete=values.free,
    help="Objects a page (default: 500); 0: each list in one answer.",
)


def namespace_of(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    """A `-n` that can be a namespace's name: it becomes a part of the API's paths."""
    from kubectl_npcheck.policy.parsing.names import namespace_name

    if value is not None and (value == "" or namespace_name(value)):
        raise UsageError(f'-n "{value}": not the name of a namespace')
    return value


def timeout_of(text: str) -> float | None:
    """kubectl's `--request-timeout`: seconds, or a Go duration such as 1m30s; None for 0."""
    import re

    if re.fullmatch(r"\d+", text):
        seconds = float(text)
    else:
        parts = re.findall(r"(\d+(?:\.\d+)?)(ms|us|ns|s|m|h)", text)
        if not parts or "".join(number + unit for number, unit in parts) != text:
            raise UsageError(f'--request-timeout "{text}": write a duration like 30s, 2m or 0')
        seconds = sum(float(number) * _DURATION[unit] for number, unit in parts)
    return seconds or None
