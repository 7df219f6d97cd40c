"""Completion as users meet it: the real kubectl, and bash, zsh and fish at a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kubectl_npcheck.check.catalogue import rule_ids
from kubectl_npcheck.cli.root import COMMANDS
from tests.e2e.binaries import Binaries
from tests.e2e.hook_repository import execute, must
from tests.e2e.server import ControlPlane, Result
from tests.e2e.terminal import Terminal

SHELLS = {
    "bash": (["bash", "--noprofile", "--norc", "-i"], "source <(npcheck completion bash)"),
    "zsh": (
        ["zsh", "-f", "-i"],
        "autoload -U compinit; compinit -u; source <(npcheck completion zsh)",
    ),
    "zsh, from fpath": (
        ["zsh", "-f", "-i"],
        "mkdir ../f; npcheck completion zsh > ../f/_npcheck; fpath=(../f $fpath);"
        " autoload -U compinit; compinit -u",
    ),
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory with some files, and `bin` with the programs beside it."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("npcheck", "kubectl-npcheck"):
        (programs / name).symlink_to(Path(sys.executable).parent / name)
    directory = tmp_path / "work"
    directory.mkdir()
    for name in ("web.yaml", "web.txt", "my policy.yaml"):
        (directory / name).touch()
    (directory / "base").mkdir()
    return directory


def environment(place: Path, *directories: Path) -> dict[str, str]:
    listed = [place.parent / "bin", *directories, Path("/usr/bin"), Path("/bin")]
    return {"PATH": os.pathsep.join(map(str, listed)), "HOME": str(place.parent)}


class Kubectl:
    """kubectl's own completion, with the plugin and its completion on PATH."""

    def __init__(self, binaries: Binaries, place: Path) -> None:
        self.program = str(binaries.kubectl)
        self.place = place
        self.environment = {
            **environment(place, binaries.kubectl.parent),
            "KUBECONFIG": str(place / "no-kubeconfig"),
        }

    def __call__(self, *arguments: str) -> Result:
        return execute([self.program, *arguments], self.place, self.environment)

    def complete(self, *words: str) -> tuple[list[str], str]:
        """The candidates with their descriptions, and the directive."""
        done = self("__complete", "npcheck", *words)
        assert done.code == 0, done
        *lines, directive = done.stdout.splitlines()
        return lines, directive


@pytest.fixture
def kubectl(binaries: Binaries, place: Path) -> Kubectl:
    made = Kubectl(binaries, place)
    installed = made("npcheck", "completion", "install")
    assert (installed.code, installed.stderr) == (0, "")
    assert installed.stdout.startswith(f"{place.parent / 'bin' / 'kubectl_complete-npcheck'}: ")
    return made


def test_kubectl_warns_of_nothing(kubectl: Kubectl) -> None:
    listed = kubectl("plugin", "list")
    assert (listed.code, listed.stderr) == (0, "")
    assert [Path(line).name for line in listed.stdout.splitlines()[1:] if line] == [
        "kubectl-npcheck"
    ]


def test_kubectl_completes_the_plugin(kubectl: Kubectl) -> None:
    commands, directive = kubectl.complete("")
    assert [line.split("\t")[0] for line in commands] == list(COMMANDS)
    assert directive == ":4"
    assert kubectl.complete("lint", "--fa")[0] == [
        "--fail-on\tExit 1 from this severity on (default: warning)."
    ]
    assert kubectl.complete("lint", "--fail-on", "e") == (["error"], ":4")
    assert len(kubectl.complete("rules", "")[0]) == len(rule_ids())
    assert kubectl.complete("lint", "") == (["yaml", "yml", "json"], ":8")
    assert kubectl.complete("lint", "-k", "") == ([], ":16")
    assert kubectl.complete("lint", "-f", "base,w") == (["base,web.yaml"], ":6")


def test_kubectl_without_our_file_completes_nothing(kubectl: Kubectl) -> None:
    assert kubectl("npcheck", "completion", "uninstall").code == 0
    assert kubectl.complete("lint", "--fa") == ([], ":0")


def test_namespaces_and_contexts_of_a_real_cluster(kubectl: Kubectl, server: ControlPlane) -> None:
    assert kubectl.complete("audit", "-n", "kube-s") == ([], ":4"), "there is no kubeconfig"
    kubectl.environment["KUBECONFIG"] = str(server.kubeconfig)
    assert kubectl.complete("audit", "-n", "kube-s") == (["kube-system"], ":4")
    known = must(
        [
            kubectl.program,
            f"--kubeconfig={server.kubeconfig}",
            "config",
            "get-contexts",
            "-o",
            "name",
        ],
        kubectl.place,
    )
    contexts, _ = kubectl.complete("audit", "--context", "")
    assert sorted(line.split("\t")[0] for line in contexts) == sorted(known.split())


@pytest.fixture(params=SHELLS)
def terminal(request: pytest.FixtureRequest, place: Path) -> Iterator[Terminal]:
    start, setup = SHELLS[request.param]
    shell = Terminal(start, setup, place, environment(place))
    yield shell
    shell.close()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("npcheck li", "npcheck lint"),
        ("npcheck lint --fa", "npcheck lint --fail-on"),
        ("npcheck lint --fail-on e", "npcheck lint --fail-on error"),
        ("npcheck lint --fail-on=e", "npcheck lint --fail-on=error"),
        ("npcheck rules dns-n", "npcheck rules dns-nodelocal"),
        ("npcheck lint -f a,w", "npcheck lint -f a,web.yaml"),
        ("npcheck lint web", "npcheck lint web.yaml"),
        ("kubectl-npcheck fix web", "kubectl-npcheck fix web.yaml"),
    ],
)
def test_a_shell_completes(terminal: Terminal, line: str, words: str) -> None:
    assert terminal.complete(line) == words.split()


def test_a_shell_quotes_names_with_spaces(terminal: Terminal) -> None:
    assert terminal.complete("npcheck lint my") == ["npcheck", "lint", "my policy.yaml"]


def test_a_shell_finds_the_program_that_is_typed(terminal: Terminal, place: Path) -> None:
    assert terminal.complete("~/bin/npcheck li") == [f"{place.parent}/bin/npcheck", "lint"]
    assert terminal.complete("../bin/npcheck li") == ["../bin/npcheck", "lint"]


def test_a_shell_completes_directories(terminal: Terminal) -> None:
    assert terminal.complete("npcheck lint -k b")[-1].rstrip("/") == "base"


def test_a_shell_describes_what_there_is(terminal: Terminal) -> None:
    shown = terminal.listing("npcheck rules dns-")
    assert "dns-one-protocol" in shown
    assert "DNS is allowed over UDP and not over TCP" in shown


def test_a_context_with_colons(terminal: Terminal, place: Path) -> None:
    text = "contexts: [{name: 'arn:aws:eks:1:cluster/prod', context: {cluster: prod}}]\n"
    (place / "config").write_text(text, encoding="utf-8")
    words = terminal.complete("npcheck audit --kubeconfig config --context arn:aws:e")
    assert words[-1] == "arn:aws:eks:1:cluster/prod"


def fish(place: Path, line: str) -> list[str]:
    """What fish offers for a line, with descriptions."""
    script = f"npcheck completion fish | source; complete -C '{line}'"
    done = execute(["fish", "--no-config", "-c", script], place, environment(place))
    assert (done.code, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_fish_completes(place: Path) -> None:
    assert fish(place, "npcheck li") == ["lint\tcheck manifests"]
    assert fish(place, "~/bin/npcheck li") == ["lint\tcheck manifests"]
    assert fish(place, "npcheck lint --fail-on ") == ["error", "note", "warning"]
    assert fish(place, "npcheck lint --fail-on=e") == ["--fail-on=error"]
    assert fish(place, "npcheck rules dns-n")[0].startswith("dns-nodelocal\tDNS is allowed, but")
    assert [line.split("\t")[0] for line in fish(place, "npcheck lint web")] == ["web.yaml"]
    assert [line.split("\t")[0] for line in fish(place, "npcheck lint -k ")] == ["base/"]
    assert fish(place, "npcheck lint -f a,w") == ["a,web.yaml"]
