"""Kubeconfig files → one configuration, merged by kubectl's rules.

Knows the format and the order of files; must not know which context is asked for, nor connect.
Source: client-go `tools/clientcmd/loader.go`; the Kubernetes documentation, "Organizing Cluster
Access Using kubeconfig Files".
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from kubectl_npcheck.errors import ClusterError

ENVIRONMENT = "KUBECONFIG"
_PATHS = {
    "cluster": ("certificate-authority",),
    "user": ("client-certificate", "client-key", "tokenFile"),
    "context": (),
}


class Entry(NamedTuple):
    """A cluster, user or context; paths in it are absolute. file: the kubeconfig that gives it."""

    fields: dict[str, Any]
    file: str


class Kubeconfig(NamedTuple):
    """Merged files. explicit: the user named the file; files: those that exist and were read."""

    clusters: dict[str, Entry]
    users: dict[str, Entry]
    contexts: dict[str, Entry]
    current_context: str
    files: tuple[str, ...]
    looked_at: tuple[str, ...]
    explicit: bool

    @property
    def empty(self) -> bool:
        """True if no file says anything: then a pod's service account counts."""
        return not (self.clusters or self.users or self.contexts or self.current_context)


def read_kubeconfig(
    path: str | None = None, environment: Mapping[str, str] | None = None
) -> Kubeconfig:
    """The configuration of `--kubeconfig`, of the files in KUBECONFIG, or of ~/.kube/config.

    The first file that gives a cluster, a user, a context or the current context wins. A file of
    the list that does not exist is passed over, as kubectl does; one that was named by
    `--kubeconfig` is not. ClusterError, with file and line, for what cannot be used.
    """
    env = os.environ if environment is None else environment
    if path:
        files = [path]
        if not os.path.exists(path):
            raise ClusterError(f"--kubeconfig {path}: no such file")
    else:
        files = _listed(env)
    merged = Kubeconfig({}, {}, {}, "", (), tuple(files), path is not None)
    for file in files:
        if os.path.exists(file):
            merged = _merged(merged, _read(file), file)
    return merged


def _listed(env: Mapping[str, str]) -> list[str]:
    listed = env.get(ENVIRONMENT, "")
    if listed:
        return list(dict.fromkeys(part for part in listed.split(os.pathsep) if part))
    return [os.path.join(os.path.expanduser("~"), ".kube", "config")]


def _read(file: str) -> dict[str, Any]:
    from kubectl_npcheck.pyyaml import SafeLoader, yaml

    try:
        with open(file, encoding="utf-8-sig") as stream:
            text = stream.read()
    except OSError as error:
        raise ClusterError(f"cannot read kubeconfig {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ClusterError(f"cannot read kubeconfig {file}: not UTF-8") from error
    try:
        found = yaml.load(text, Loader=SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise ClusterError(f"kubeconfig {file}{place}: {error.problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ClusterError(f"kubeconfig {file}: {said}") from error
    if found is None:
        return {}
    if type(found) is not dict:
        raise ClusterError(f"kubeconfig {file}: not a mapping")
    return found


def _merged(into: Kubeconfig, found: dict[str, Any], file: str) -> Kubeconfig:
    for group, kind, held in (
        ("clusters", "cluster", into.clusters),
        ("users", "user", into.users),
        ("contexts", "context", into.contexts),
    ):
        for name, entry in _entries(found.get(group), group, kind, file).items():
            held.setdefault(name, entry)
    current = found.get("current-context")
    if current is not None and type(current) is not str:
        raise ClusterError(f"kubeconfig {file}: current-context is not a string")
    return into._replace(
        current_context=into.current_context or current or "", files=(*into.files, file)
    )


def _entries(value: object, group: str, kind: str, file: str) -> dict[str, Entry]:
    if value is None:
        return {}
    if type(value) is not list:
        raise ClusterError(f"kubeconfig {file}: {group} is not a list")
    found: dict[str, Entry] = {}
    for index, item in enumerate(value):
        name = item.get("name") if type(item) is dict else None
        if type(item) is not dict or type(name) is not str:
            raise ClusterError(f"kubeconfig {file}: {group}[{index}] has no name")
        fields = item.get(kind)
        if fields is None:
            fields = {}
        if type(fields) is not dict:
            raise ClusterError(f"kubeconfig {file}: {kind} of {group}[{index}] is not a mapping")
        if name in found:
            raise ClusterError(f'kubeconfig {file}: duplicate name "{name}" in {group}')
        found[name] = Entry(_absolute(fields, kind, file), file)
    return found


def _absolute(fields: dict[str, Any], kind: str, file: str) -> dict[str, Any]:
    """Relative paths count from the directory of the file that names them."""
    for field in _PATHS[kind]:
        path = fields.get(field)
        if type(path) is str and path:
            directory = os.path.dirname(os.path.abspath(file))
            fields[field] = os.path.join(directory, path)
    return fields
