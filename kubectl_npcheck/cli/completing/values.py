"""What completes the values of options and arguments: click's `shell_complete` callbacks.

The declarations of the commands name these functions, so this module loads nothing; they import
when they are called. What cannot be found out is not offered, and never an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

    from kubectl_npcheck.cluster.context import Flags
    from kubectl_npcheck.cluster.kubeconfig import Entry, Kubeconfig

    Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem[str]]]

MANIFESTS = ("yaml", "yml", "json")
SETTINGS = ("yaml", "yml")
CLUSTER_SECONDS = 3.0
"""How long a cluster may take to name its namespaces: somebody waits at a prompt."""


def offered(
    pairs: Iterable[tuple[str, str]], incomplete: str, **info: Any
) -> list[CompletionItem[str]]:
    """Those of the values, each with a description, that begin with what is typed."""
    from click.shell_completion import CompletionItem

    return [
        CompletionItem(value, help=text or None, **info)
        for value, text in pairs
        if value.startswith(incomplete)
    ]


def free(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Nothing: a value that only the user knows, and that is no file."""
    return []


def files(*suffixes: str) -> Completer:
    """Files, or only those with one of the suffixes; the shell finds them."""

    def complete(
        context: click.Context, parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file", suffixes=suffixes)]

    return complete


def directories(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Directories; the shell finds them."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="dir")]


def listed_files(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Manifests, or a list of them with commas; behind a comma the shell cannot find them."""
    before, comma, last = incomplete.rpartition(",")
    if not comma:
        return files(*MANIFESTS)(context, parameter, incomplete)
    paths = ((f"{before},{path}", "") for path in _paths(last))
    return offered(paths, incomplete, unfinished=True)


def _paths(beginning: str) -> list[str]:
    import os

    directory, slash, name = beginning.rpartition("/")
    try:
        with os.scandir(directory + slash or ".") as entries:
            found = [(entry.name, entry.is_dir()) for entry in entries]
    except OSError:
        return []
    return [
        f"{directory}{slash}{entry}{'/' if is_directory else ''}"
        for entry, is_directory in sorted(found)
        if entry.startswith(name)
        and (name.startswith(".") or not entry.startswith("."))
        and (is_directory or entry.endswith(tuple(f".{suffix}" for suffix in MANIFESTS)))
    ]


def listed(complete: Completer) -> Completer:
    """A list with commas of what another one completes, each once."""

    def complete_last(
        context: click.Context, parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        before, comma, last = incomplete.rpartition(",")
        pairs = (
            (f"{before}{comma}{item.value}", item.help or "")
            for item in complete(context, parameter, last)
            if item.value not in before.split(",")
        )
        return offered(pairs, incomplete, unfinished=True)

    return complete_last


def rules(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """The ids of all rules."""
    from kubectl_npcheck.check.catalogue import catalogue

    return offered(((entry.id, entry.summary) for entry in catalogue()), incomplete)


def fixable_rules(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """The ids of the rules whose findings can be repaired."""
    from kubectl_npcheck.check.catalogue import catalogue
    from kubectl_npcheck.fixing.options import FIXABLE, LIVE_FIXABLE

    fixable = LIVE_FIXABLE if context.params.get("live") else FIXABLE
    pairs = ((entry.id, entry.summary) for entry in catalogue() if entry.id in fixable)
    return offered(pairs, incomplete)


def formats(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """The formats of a report."""
    from kubectl_npcheck.reports import FORMATS

    return offered(((name, "") for name in FORMATS), incomplete)


def contexts(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """The contexts of the kubeconfig, with their clusters."""
    return _entries(context, "contexts", "cluster", incomplete)


def clusters(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """The clusters of the kubeconfig, with their addresses."""
    return _entries(context, "clusters", "server", incomplete)


def users(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """The users of the kubeconfig."""
    return _entries(context, "users", "", incomplete)


def _entries(
    context: click.Context, group: str, field: str, incomplete: str
) -> list[CompletionItem[str]]:
    config = _kubeconfig(context)
    if config is None:
        return []
    found: dict[str, Entry] = getattr(config, group)
    pairs = ((name, str(found[name].fields.get(field) or "")) for name in sorted(found))
    return offered(pairs, incomplete)


def _kubeconfig(context: click.Context) -> Kubeconfig | None:
    from kubectl_npcheck.cluster.kubeconfig import read_kubeconfig
    from kubectl_npcheck.errors import ClusterError

    try:
        return read_kubeconfig(_flags(context).kubeconfig)
    except ClusterError:
        return None


def cluster_namespaces(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """The namespaces of the cluster that the flags so far choose, if it names them in time."""
    from kubectl_npcheck.cluster.namespaces import namespace_names

    names = namespace_names(_flags(context), CLUSTER_SECONDS)
    return offered(((name, "") for name in names), incomplete)


def namespaces_of_a_cluster(option: str) -> Completer:
    """Those of the cluster where the option (its parameter's name) is given, else nothing."""

    def complete(
        context: click.Context, parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        if not context.params.get(option):
            return []
        return cluster_namespaces(context, parameter, incomplete)

    return complete


def _flags(context: click.Context) -> Flags:
    import os

    from kubectl_npcheck.cluster.context import Flags

    given = context.params
    several = str(given.get("contexts") or "").split(",")  # the first stands for all of them
    kubeconfig = given.get("kubeconfig")
    return Flags(
        kubeconfig=os.path.expanduser(kubeconfig) if kubeconfig else None,
        context=given.get("context") or several[0] or None,
        cluster=given.get("cluster"),
        user=given.get("user"),
        impersonate=given.get("impersonate"),
        impersonate_groups=given.get("impersonate_groups") or (),
    )
