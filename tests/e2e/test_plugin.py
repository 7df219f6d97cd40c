"""npcheck as kubectl finds and runs it: a plugin on PATH."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.e2e.binaries import Binaries
from tests.e2e.hook_repository import ROOT, execute
from tests.e2e.manifests import default_deny, silent, stated
from tests.e2e.server import Result

KUSTOMIZATION = "resources: [web.yaml]\nnamespace: rendered\n"


class Plugin:
    """A PATH with kubectl and, in a directory of its own, the plugin."""

    def __init__(self, binaries: Binaries, directory: Path) -> None:
        self.kubectl = str(binaries.kubectl)
        bin_directory = directory / "bin"
        bin_directory.mkdir()
        self.link = bin_directory / "kubectl-npcheck"
        self.link.symlink_to(Path(sys.executable).parent / "kubectl-npcheck")
        self.path = os.pathsep.join([str(bin_directory), str(binaries.kubectl.parent), "/usr/bin"])
        self.cwd = directory

    def __call__(self, *arguments: str) -> Result:
        # A kubeconfig that leads nowhere: lint must not read it.
        env = {"PATH": self.path, "KUBECONFIG": str(self.cwd / "no-kubeconfig")}
        return execute([self.kubectl, *arguments], self.cwd, env)


@pytest.fixture
def plugin(binaries: Binaries, tmp_path: Path) -> Plugin:
    return Plugin(binaries, tmp_path)


def test_kubectl_lists_it_without_a_warning(plugin: Plugin) -> None:
    listed = plugin("plugin", "list")
    assert (listed.code, listed.stderr) == (0, "")
    assert str(plugin.link) in listed.stdout.splitlines()


def test_the_outage_as_the_readme_shows_it(plugin: Plugin) -> None:
    (plugin.cwd / "examples").symlink_to(ROOT / "examples")
    linted = plugin("npcheck", "lint", "examples/outage")
    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    assert linted.code == 1
    assert linted.stderr == ""
    assert linted.stdout.strip() in shown


def test_exit_codes_come_through(plugin: Plugin) -> None:
    (plugin.cwd / "good.yaml").write_text(stated(), encoding="utf-8")
    (plugin.cwd / "bad.yaml").write_text(silent(), encoding="utf-8")
    assert plugin("npcheck", "lint", "good.yaml", "--alone").code == 0
    assert plugin("npcheck", "lint", "bad.yaml", "--alone").code == 1
    assert plugin("npcheck", "lint", "--no-such-flag").code == 2
    assert plugin("npcheck", "lint", "missing.yaml").code == 3


def test_usage_by_the_name_that_it_was_called_by(plugin: Plugin) -> None:
    assert plugin("npcheck", "lint", "-h").stdout.startswith("Usage: kubectl npcheck lint ")
    assert plugin("npcheck", "--help").stdout.startswith("Usage: kubectl npcheck ")
    wrong = plugin("npcheck", "lnt")
    assert wrong.code == 2
    assert 'unknown command "lnt"' in wrong.stderr
    assert "kubectl npcheck -h" in wrong.stderr
    direct = execute([str(Path(sys.executable).parent / "npcheck"), "lint", "-h"], plugin.cwd)
    assert direct.stdout.startswith("Usage: npcheck lint ")


def test_a_kustomization_is_rendered_by_that_kubectl(plugin: Plugin) -> None:
    (plugin.cwd / "app").mkdir()
    (plugin.cwd / "app" / "web.yaml").write_text(silent(), encoding="utf-8")
    (plugin.cwd / "app" / "kustomization.yaml").write_text(KUSTOMIZATION, encoding="utf-8")
    linted = plugin("npcheck", "lint", "-k", "app")
    assert linted.code == 1
    assert "rendered/web" in linted.stdout
    (plugin.cwd / "app" / "deny.yaml").write_text(default_deny(), encoding="utf-8")
    with_sibling = KUSTOMIZATION.replace("web.yaml", "web.yaml, deny.yaml")
    (plugin.cwd / "app" / "kustomization.yaml").write_text(with_sibling, encoding="utf-8")
    assert plugin("npcheck", "lint", "-k", "app").code == 0


def test_closed_pipe_is_no_error(plugin: Plugin) -> None:
    (plugin.cwd / "bad.yaml").write_text(silent(), encoding="utf-8")
    command = f"'{plugin.kubectl}' npcheck lint bad.yaml --alone | head -n 1"
    env = {"PATH": plugin.path}
    piped = execute(["sh", "-c", command], plugin.cwd, env)
    assert piped.stderr == ""
    assert len(piped.stdout.splitlines()) == 1
