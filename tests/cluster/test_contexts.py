"""Which contexts are meant by names, patterns and `all`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kubectl_npcheck.cluster.context import Flags
from kubectl_npcheck.cluster.contexts import chosen_contexts
from kubectl_npcheck.errors import ClusterError


def config(path: Path, *names: str) -> Path:
    contexts = [{"name": name, "context": {"cluster": "c"}} for name in names]
    path.write_text(json.dumps({"contexts": contexts}), encoding="utf-8")
    return path


def chosen(path: Path, *names: str) -> list[str]:
    return chosen_contexts(names, Flags(kubeconfig=str(path)))


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        (("staging",), ["staging"]),
        (("staging", "prod-eu"), ["staging", "prod-eu"]),
        (("staging", "staging"), ["staging"]),
        (("all",), ["dev[1]", "prod-eu", "prod-us", "staging"]),
        (("prod-*",), ["prod-eu", "prod-us"]),
        (("prod-us", "prod-*"), ["prod-us", "prod-eu"]),
        (("dev[1]",), ["dev[1]"]),
        (("Prod-*", "nope"), ["Prod-*", "nope"]),
    ],
)
def test_names_patterns_and_all(names: tuple[str, ...], meant: list[str], tmp_path: Path) -> None:
    path = config(tmp_path / "config", "staging", "prod-us", "prod-eu", "dev[1]")
    assert chosen(path, *names) == meant


def test_all_files_of_the_environment_count(tmp_path: Path) -> None:
    files = [config(tmp_path / "a", "one", "two"), config(tmp_path / "b", "two", "three")]
    environment = {"KUBECONFIG": ":".join(map(str, files))}
    assert chosen_contexts(["all"], Flags(), environment) == ["one", "three", "two"]


def test_a_kubeconfig_without_contexts(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="has no context"):
        chosen(config(tmp_path / "config"), "all")
    with pytest.raises(ClusterError, match="missing has no context"):
        chosen_contexts(["all"], Flags(), {"KUBECONFIG": str(tmp_path / "missing")})
