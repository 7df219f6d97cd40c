"""What `__complete` offers for a command line: the answer that kubectl and the shells read."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kubectl_npcheck.check.catalogue import rule_ids
from kubectl_npcheck.cli.root import COMMANDS, root
from kubectl_npcheck.cli.topics import TOPICS
from kubectl_npcheck.errors import ClusterError
from kubectl_npcheck.fixing.options import FIXABLE
from kubectl_npcheck.reports import FORMATS
from tests.cluster.api import Api, Fault, serving
from tests.command import run

NOTHING: tuple[list[str], str] = ([], ":4")


def complete(*words: str, cwd: Path | None = None) -> tuple[list[str], str]:
    """The candidates, without their descriptions, and the directive."""
    done = run("__complete", *words, cwd=cwd)
    assert (done.code, done.stderr) == (0, "")
    *lines, directive = done.stdout.splitlines()
    return [line.partition("\t")[0] for line in lines], directive


def commands(context: click.Context, group: click.Group) -> Iterator[click.Command]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield command
        if isinstance(command, click.Group):
            yield from commands(context, command)


def test_every_value_says_what_completes_it() -> None:
    silent = [
        f"{command.name} {parameter.opts[-1]}"
        for command in commands(click.Context(root), root)
        for parameter in command.params
        if not getattr(parameter, "is_flag", False)
        and not isinstance(parameter.type, click.Choice)
        and parameter._custom_shell_complete is None
    ]
    assert silent == []


def test_suffixes_are_without_their_dot(monkeypatch: pytest.MonkeyPatch) -> None:
    """As kubectl's shells want them."""
    monkeypatch.setenv("KUBECONFIG", os.devnull)
    context = click.Context(root)
    items = [
        item
        for command in commands(context, root)
        for parameter in command.params
        if command.name != "help"  # completes the commands of a context that runs
        for item in parameter.shell_complete(context, "")
        if item.type == "file"
    ]
    assert any(item.suffixes for item in items)
    assert [suffix for item in items for suffix in item.suffixes if suffix.startswith(".")] == []


def test_the_hidden_command_is_offered_nowhere() -> None:
    assert complete("__") == NOTHING
    assert "__complete" not in run("-h").stdout


def test_offline_commands_ask_no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kubectl_npcheck.cluster.namespaces.namespace_names", pytest.fail)
    for words in (["lint", "-n", ""], ["fix", "-n", ""], ["version", "-n", ""]):
        assert complete(*words) == NOTHING


def test_commands_and_their_descriptions() -> None:
    assert complete("") == (list(COMMANDS), ":4")
    assert complete("l") == (["lint"], ":4")
    assert "lint\tcheck manifests\n" in run("__complete", "l").stdout


def test_options_and_their_descriptions() -> None:
    assert complete("lint", "--fa") == (["--fail-on"], ":4")
    described = run("__complete", "lint", "--fa").stdout
    assert described == "--fail-on\tExit 1 from this severity on (default: warning).\n:4\n"


def test_an_option_that_is_given_is_not_offered_again() -> None:
    assert complete("lint", "--fail-on", "error", "--fa") == NOTHING
    assert complete("lint", "--with", "a", "--wit") == (["--with"], ":4"), "this one may be"


@pytest.mark.parametrize("words", [["--fail-on", "w"], ["--fail-on=w"]])
def test_choices(words: list[str]) -> None:
    assert complete("lint", *words) == (["warning"], ":4")


def test_formats() -> None:
    assert complete("lint", "-o", "") == (list(FORMATS), ":4")
    assert complete("fix", "-o", "") == (["text", "json", "yaml"], ":4")


def test_rules() -> None:
    assert complete("rules", "") == (rule_ids(), ":4")
    offered, _ = complete("fix", "--rule", "")
    assert set(offered) == set(FIXABLE)


def test_topics_and_commands_to_be_explained() -> None:
    assert complete("help", "") == ([*COMMANDS, *TOPICS], ":4")


def test_files_are_left_to_the_shell() -> None:
    manifests = (["yaml", "yml", "json"], ":8")
    assert complete("lint", "") == manifests
    assert complete("lint", "k8s/") == manifests
    assert complete("lint", "-f", "") == manifests
    assert complete("lint", "--config", "") == (["yaml", "yml"], ":8")
    assert complete("lint", "--report", "") == ([], ":0")
    assert complete("lint", "-k", "") == ([], ":16")


def test_a_list_of_files_is_not(tmp_path: Path) -> None:
    for name in ("web.yaml", "db.json", "notes.txt", ".hidden.yaml"):
        (tmp_path / name).touch()
    (tmp_path / "base").mkdir()
    offered = ["a.yaml,base/", "a.yaml,db.json", "a.yaml,web.yaml"]
    assert complete("lint", "-f", "a.yaml,", cwd=tmp_path) == (offered, ":6")
    assert complete("lint", "-f", "a.yaml,w", cwd=tmp_path) == (["a.yaml,web.yaml"], ":6")
    assert complete("lint", "-f", "a.yaml,no/", cwd=tmp_path) == NOTHING


KUBECONFIG = """\
contexts:
- {name: dev, context: {cluster: kind-dev, user: jane}}
- {name: "arn:aws:eks:eu-west-1:1:cluster/prod", context: {cluster: prod, user: joe}}
clusters:
- {name: kind-dev, cluster: {server: "https://127.0.0.1:1"}}
users:
- {name: jane, user: {}}
"""


@pytest.fixture
def kubeconfig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config"
    path.write_text(KUBECONFIG, encoding="utf-8")
    monkeypatch.setenv("KUBECONFIG", str(path))
    return path


def test_what_the_kubeconfig_names(kubeconfig: Path) -> None:
    both = ["arn:aws:eks:eu-west-1:1:cluster/prod", "dev"]
    assert complete("audit", "--context", "") == (both, ":4")
    assert complete("audit", "--contexts", "dev,a") == ([f"dev,{both[0]}"], ":6")
    assert complete("audit", "--contexts", "dev,d") == NOTHING, "it is in the list"
    assert complete("audit", "--cluster", "k") == (["kind-dev"], ":4")
    assert complete("version", "--user", "") == (["jane"], ":4")
    assert "dev\tkind-dev\n" in run("__complete", "audit", "--context", "d").stdout


def test_the_kubeconfig_of_the_flag_counts(kubeconfig: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text(KUBECONFIG.replace("jane", "mary"), encoding="utf-8")
    assert complete("audit", "--kubeconfig", str(other), "--user", "") == (["mary"], ":4")


def test_a_kubeconfig_that_cannot_be_read_is_silent(kubeconfig: Path) -> None:
    kubeconfig.write_text("contexts: 1", encoding="utf-8")
    assert complete("audit", "--context", "") == NOTHING
    assert complete("audit", "-n", "") == NOTHING


@pytest.fixture
def api(kubeconfig: Path) -> Iterator[Api]:
    with serving(Api()) as running:
        running.add_namespace("shop", "edge")
        clusters = [{"name": "kind-dev", "cluster": {"server": running.url}}]
        kubeconfig.write_text(
            re.sub(r"(?m)^clusters:\n.*\n", f"clusters: {json.dumps(clusters)}\n", KUBECONFIG),
            encoding="utf-8",
        )
        yield running


def test_namespaces_are_those_of_the_cluster_that_is_chosen(api: Api) -> None:
    assert complete("audit", "-n", "") == NOTHING, "there is no current context"
    assert complete("audit", "--context", "dev", "-n", "") == (["edge", "shop"], ":4")
    assert complete("audit", "--context=dev", "--namespace=s") == (["shop"], ":4")
    assert complete("audit", "--contexts", "dev,no", "-n", "s") == (["shop"], ":4")
    assert complete("audit", "--contexts", "prod-*", "-n", "s") == NOTHING
    assert complete("version", "--server", "--context", "dev", "-n", "s") == (["shop"], ":4")


@pytest.mark.parametrize("fault", [Fault("status", 503), Fault("reset"), Fault("text")])
def test_a_cluster_that_fails_is_asked_once_and_silent(api: Api, fault: Fault) -> None:
    api.faults["/api/v1/namespaces"] = [fault]
    assert complete("audit", "--context", "dev", "-n", "") == NOTHING
    assert len(api.requests) == 1


def test_a_cluster_that_does_not_answer_is_not_waited_for(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kubectl_npcheck.cli.completing.values.CLUSTER_SECONDS", 0.2)
    api.faults["/api/v1/namespaces"] = [Fault("hang")]
    assert complete("audit", "--context", "dev", "-n", "") == NOTHING


def test_nor_is_a_credential_plugin_that_does_not_end(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def wait(flags: object) -> None:
        over.wait(10)
        raise ClusterError("too late")

    monkeypatch.setattr("kubectl_npcheck.cli.completing.values.CLUSTER_SECONDS", 0.1)
    monkeypatch.setattr("kubectl_npcheck.cluster.namespaces.resolve", wait)
    before = time.monotonic()
    assert complete("audit", "--context", "dev", "-n", "") == NOTHING
    assert time.monotonic() - before < 5
    over.set()
