"""Which cluster, as whom, in which namespace: flags and kubeconfig → `Context`.

Knows kubectl's precedence; must not connect, nor run credential plugins.
Source: client-go `tools/clientcmd/client_config.go`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from kubectl_npcheck.cluster.kubeconfig import Kubeconfig, read_kubeconfig
from kubectl_npcheck.errors import ClusterError, did_you_mean

SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
IN_CLUSTER = "in-cluster"


class Flags(NamedTuple):
    """kubectl's flags that choose a cluster and an identity; None where they are not given.

    interactive: credential plugins may ask the user, where there is a terminal
    """

    kubeconfig: str | None = None
    context: str | None = None
    cluster: str | None = None
    user: str | None = None
    impersonate: str | None = None
    impersonate_groups: tuple[str, ...] = ()
    interactive: bool = True


class Context(NamedTuple):
    """What to connect to. cluster_name and user_name are those of the kubeconfig.

    cluster, user:    the fields of the kubeconfig's entries, with absolute paths
    user_file:        the kubeconfig that gives the user: exec plugins are relative to it
    namespace:        of the context; `default` where it gives none
    interactive:      credential plugins may ask the user
    """

    name: str
    cluster_name: str
    user_name: str
    cluster: dict[str, Any]
    user: dict[str, Any]
    user_file: str
    namespace: str
    interactive: bool = True

    @property
    def server(self) -> str:
        """The API server's address, without a slash at its end."""
        return str(self.cluster.get("server") or "").rstrip("/")


def resolve(
    flags: Flags,
    environment: Mapping[str, str] | None = None,
    service_account: str = SERVICE_ACCOUNT,
) -> Context:
    """The context that kubectl would use with these flags. ClusterError where there is none."""
    env = os.environ if environment is None else environment
    config = read_kubeconfig(flags.kubeconfig, env)
    chosen = any((flags.context, flags.cluster, flags.user))
    if config.empty and not config.explicit and not chosen:
        found = _in_cluster(env, service_account)
        if found is None:
            raise ClusterError(_nothing(config))
    else:
        found = _chosen(config, flags)
    user = _impersonating(found.user, flags)
    return found._replace(user=user, interactive=flags.interactive)


def _chosen(config: Kubeconfig, flags: Flags) -> Context:
    name = flags.context or config.current_context
    fields: dict[str, Any] = {}
    if name:
        if name not in config.contexts:
            what = "context" if flags.context else "current-context"
            raise ClusterError(_missing(what, name, config.contexts, config))
        fields = config.contexts[name].fields
    elif not flags.cluster:
        raise ClusterError(_no_context(config))
    cluster = flags.cluster or _text(fields, "cluster")
    user = flags.user or _text(fields, "user")
    if cluster not in config.clusters:
        raise ClusterError(_missing("cluster", cluster, config.clusters, config))
    if user and user not in config.users:
        raise ClusterError(_missing("user", user, config.users, config))
    entry = config.users.get(user)
    found = Context(
        name,
        cluster,
        user,
        config.clusters[cluster].fields,
        entry.fields if entry else {},
        entry.file if entry else "",
        _text(fields, "namespace") or "default",
    )
    if not found.server:
        raise ClusterError(f'cluster "{cluster}" of kubeconfig {_files(config)} names no server')
    return found


def _in_cluster(env: Mapping[str, str], directory: str) -> Context | None:
    """A pod's service account; None outside of a pod (client-go `rest.InClusterConfig`)."""
    host, port = env.get("KUBERNETES_SERVICE_HOST"), env.get("KUBERNETES_SERVICE_PORT")
    token = os.path.join(directory, "token")
    if not host or not port or not os.path.isfile(token):
        return None
    shown = f"[{host}]" if ":" in host else host
    cluster = {
        "server": f"https://{shown}:{port}",
        "certificate-authority": os.path.join(directory, "ca.crt"),
    }
    namespace = env.get("POD_NAMESPACE") or _content(os.path.join(directory, "namespace"))
    return Context(
        IN_CLUSTER, IN_CLUSTER, "", cluster, {"tokenFile": token}, "", namespace or "default"
    )


def _content(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _impersonating(user: dict[str, Any], flags: Flags) -> dict[str, Any]:
    """The user's fields with `--as` and `--as-group` in the place of its own `as`, `as-groups`."""
    if flags.impersonate_groups and not (flags.impersonate or user.get("as")):
        raise ClusterError("--as-group needs --as: groups alone cannot be impersonated")
    user = dict(user)
    if flags.impersonate:
        user["as"] = flags.impersonate
    if flags.impersonate_groups:
        user["as-groups"] = list(flags.impersonate_groups)
    return user


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if type(value) is str else ""


def _missing(what: str, name: str, known: Iterable[str], config: Kubeconfig) -> str:
    names = sorted(known)
    hint = did_you_mean(name, names) or (f"; there are {', '.join(names[:8])}" if names else "")
    return f'{what} "{name}" does not exist in kubeconfig {_files(config)}{hint}'


def _no_context(config: Kubeconfig) -> str:
    names = ", ".join(sorted(config.contexts)[:8])
    if not names:
        return f"kubeconfig {_files(config)} has no context"
    return f"no current-context in kubeconfig {_files(config)}; choose with --context: {names}"


def _nothing(config: Kubeconfig) -> str:
    if config.files:
        return f"kubeconfig {_files(config)} is empty: it names no cluster"
    return f"no kubeconfig: {' and '.join(config.looked_at)} not found; set KUBECONFIG"


def _files(config: Kubeconfig) -> str:
    return ", ".join(config.files)
