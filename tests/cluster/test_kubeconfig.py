"""Kubeconfig files, merged as kubectl merges them, and the context that flags choose."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from kubectl_npcheck.cluster.context import Flags, resolve
from kubectl_npcheck.cluster.kubeconfig import read_kubeconfig
from kubectl_npcheck.errors import ClusterError

Plain = dict[str, Any]


def config(
    current: str = "",
    clusters: Plain | None = None,
    users: Plain | None = None,
    contexts: Plain | None = None,
) -> Plain:
    """A kubeconfig; the names are the keys."""
    found: Plain = {
        "clusters": [{"name": key, "cluster": value} for key, value in (clusters or {}).items()],
        "users": [{"name": key, "user": value} for key, value in (users or {}).items()],
        "contexts": [{"name": key, "context": value} for key, value in (contexts or {}).items()],
    }
    if current:
        found["current-context"] = current
    return found


def write(path: Path, content: Plain | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    return path


ONE = config(
    "dev",
    {"dev": {"server": "https://dev/"}, "prod": {"server": "https://prod"}},
    {"jane": {"token": "j"}, "root": {"token": "r"}},
    {
        "dev": {"cluster": "dev", "user": "jane", "namespace": "shop"},
        "prod": {"cluster": "prod", "user": "root"},
    },
)


def env(*paths: Path) -> dict[str, str]:
    return {"KUBECONFIG": os.pathsep.join(map(str, paths))}


# KUBECONFIG lists


def test_the_first_file_with_a_current_context_wins(tmp_path: Path) -> None:
    first = write(tmp_path / "a", config(clusters={"x": {"server": "https://x"}}))
    second = write(tmp_path / "b", ONE)
    third = write(tmp_path / "c", config("prod"))
    assert read_kubeconfig(environment=env(first, second, third)).current_context == "dev"


def test_the_first_file_with_an_entry_wins_and_entries_are_not_mixed(tmp_path: Path) -> None:
    first = write(tmp_path / "a", config(users={"jane": {"username": "x"}}))
    second = write(tmp_path / "b", ONE)
    assert resolve(Flags(), env(first, second)).user == {"username": "x"}


def test_a_file_of_the_list_that_does_not_exist_is_passed_over(tmp_path: Path) -> None:
    there = write(tmp_path / "b", ONE)
    assert resolve(Flags(), env(tmp_path / "missing", there)).name == "dev"


def test_empty_parts_and_repeated_files_of_the_list(tmp_path: Path) -> None:
    there = write(tmp_path / "b", ONE)
    text = os.pathsep.join(["", str(there), "", str(there)])
    assert resolve(Flags(), {"KUBECONFIG": text}).name == "dev"


def test_paths_are_relative_to_the_file_that_names_them(tmp_path: Path) -> None:
    write(tmp_path / "certs" / "unused", "")
    first = write(tmp_path / "one" / "config", config(users={"jane": {"client-key": "k.pem"}}))
    second = write(
        tmp_path / "two" / "config",
        config(
            "dev",
            {"dev": {"server": "https://dev", "certificate-authority": "../ca.pem"}},
            contexts={"dev": {"cluster": "dev", "user": "jane"}},
        ),
    )
    found = resolve(Flags(), env(first, second))
    assert found.user["client-key"] == str(tmp_path / "one" / "k.pem")
    assert os.path.normpath(found.cluster["certificate-authority"]) == str(tmp_path / "ca.pem")


def test_the_flag_comes_before_the_variable(tmp_path: Path) -> None:
    flag = write(tmp_path / "flag", ONE)
    other = write(tmp_path / "other", config("elsewhere"))
    assert resolve(Flags(kubeconfig=str(flag)), env(other)).name == "dev"


def test_the_home_directory_is_the_last_resort(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    write(tmp_path / ".kube" / "config", ONE)
    assert resolve(Flags(), {}).name == "dev"


# flags


@pytest.mark.parametrize(
    ("flags", "server", "token", "namespace"),
    [
        (Flags(), "https://dev", "j", "shop"),
        (Flags(context="prod"), "https://prod", "r", "default"),
        (Flags(cluster="prod"), "https://prod", "j", "shop"),
        (Flags(user="root"), "https://dev", "r", "shop"),
        (Flags(context="prod", user="jane"), "https://prod", "j", "default"),
    ],
)
def test_flags(tmp_path: Path, flags: Flags, server: str, token: str, namespace: str) -> None:
    found = resolve(flags._replace(kubeconfig=str(write(tmp_path / "config", ONE))), {})
    assert (found.server, found.user["token"], found.namespace) == (server, token, namespace)


def test_a_cluster_and_a_user_need_no_context(tmp_path: Path) -> None:
    content = {**ONE, "current-context": "", "contexts": []}
    path = write(tmp_path / "config", content)
    found = resolve(Flags(kubeconfig=str(path), cluster="dev", user="root"), {})
    assert (found.name, found.server, found.namespace) == ("", "https://dev", "default")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (
            Flags(context="prd"),
            'context "prd" does not exist in kubeconfig .*; did you mean "prod"',
        ),
        (Flags(context="zzz"), "there are dev, prod"),
        (Flags(cluster="pro"), 'cluster "pro" does not exist'),
        (Flags(user="jan"), 'user "jan" does not exist .*; did you mean "jane"'),
        (Flags(impersonate_groups=("x",)), "--as-group needs --as"),
    ],
)
def test_flags_that_name_nothing(tmp_path: Path, flags: Flags, said: str) -> None:
    path = write(tmp_path / "config", ONE)
    with pytest.raises(ClusterError, match=said):
        resolve(flags._replace(kubeconfig=str(path)), {})


# files that cannot be used


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("clusters: [", r"config:\d:\d+: did not find|config:\d:\d+: expected"),
        ("a: b\n  c: d\n", r"config:2:4: mapping values are not allowed"),
        ("just text", "not a mapping"),
        ("clusters: {}", "clusters is not a list"),
        ("clusters: [{cluster: {}}]", r"clusters\[0\] has no name"),
        ("users: [{name: a, user: x}]", r"user of users\[0\] is not a mapping"),
        ("users: [{name: a}, {name: a}]", 'duplicate name "a" in users'),
        ("current-context: 7", "current-context is not a string"),
        (json.dumps({**ONE, "current-context": ""}), "no current-context in kubeconfig"),
        (json.dumps({**ONE, "current-context": "gone"}), 'current-context "gone" does not exist'),
        (json.dumps({**ONE, "clusters": []}), 'cluster "dev" does not exist'),
        ("", "has no context"),
    ],
)
def test_a_kubeconfig_that_cannot_be_used(tmp_path: Path, content: str, said: str) -> None:
    path = write(tmp_path / "config", content)
    with pytest.raises(ClusterError, match=said):
        resolve(Flags(kubeconfig=str(path)), {})


def test_a_kubeconfig_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="--kubeconfig /nowhere/config: no such file"):
        resolve(Flags(kubeconfig="/nowhere/config"), {})
    with pytest.raises(ClusterError, match=r"no kubeconfig: .*missing not found"):
        resolve(Flags(), env(tmp_path / "missing"))


def test_a_kubeconfig_that_is_a_directory(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match=r"cannot read kubeconfig .*: Is a directory"):
        resolve(Flags(kubeconfig=str(tmp_path)), {})


def test_a_cluster_without_server(tmp_path: Path) -> None:
    content = config("dev", {"dev": {}}, contexts={"dev": {"cluster": "dev"}})
    path = write(tmp_path / "config", content)
    with pytest.raises(ClusterError, match=r'cluster "dev" .* names no server'):
        resolve(Flags(kubeconfig=str(path)), {})


# in a pod

POD = {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443"}


def account(directory: Path) -> str:
    write(directory / "token", "secret")
    write(directory / "namespace", "shop\n")
    return str(directory)


def test_a_service_account_counts_where_there_is_no_kubeconfig(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    found = resolve(Flags(), POD, account(tmp_path / "account"))
    assert (found.server, found.namespace) == ("https://10.0.0.1:443", "shop")
    assert found.user["tokenFile"] == str(tmp_path / "account" / "token")
    six = resolve(Flags(), {**POD, "KUBERNETES_SERVICE_HOST": "fd00::1"}, str(tmp_path / "account"))
    assert six.server == "https://[fd00::1]:443"


def test_a_kubeconfig_counts_more_than_a_service_account(tmp_path: Path) -> None:
    path = write(tmp_path / "config", ONE)
    assert resolve(Flags(), {**POD, **env(path)}, account(tmp_path / "account")).name == "dev"


def test_a_named_kubeconfig_is_never_replaced_by_a_service_account(tmp_path: Path) -> None:
    path = write(tmp_path / "config", "")
    with pytest.raises(ClusterError, match="has no context"):
        resolve(Flags(kubeconfig=str(path)), POD, account(tmp_path / "account"))
