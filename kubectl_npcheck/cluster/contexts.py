"""Several contexts of one kubeconfig, by their names, by patterns, or all of them.

Knows the kubeconfig's names; must not connect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kubectl_npcheck.cluster.context import Flags
from kubectl_npcheck.cluster.kubeconfig import read_kubeconfig
from kubectl_npcheck.errors import ClusterError

ALL = "all"


def chosen_contexts(
    names: Sequence[str], flags: Flags, environment: Mapping[str, str] | None = None
) -> list[str]:
    """The contexts that are meant, each once; patterns and `all` in the order of the names.

    A name that does not exist stays: whoever resolves it says so, and the others are still audited.
    ClusterError for a kubeconfig that cannot be read, or has no context for `all`.
    """
    config = read_kubeconfig(flags.kubeconfig, environment)
    known = sorted(config.contexts)
    if not known:
        files = ", ".join(config.files or config.looked_at)
        raise ClusterError(f"kubeconfig {files} has no context")
    found: dict[str, None] = {}
    for name in names:
        meant = [name] if name in config.contexts else _meant(name, known)
        found.update(dict.fromkeys(meant or [name]))
    return list(found)


def _meant(name: str, known: Sequence[str]) -> Sequence[str]:
    from fnmatch import fnmatchcase

    return known if name == ALL else [item for item in known if fnmatchcase(item, name)]
