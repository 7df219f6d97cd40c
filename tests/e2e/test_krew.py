"""npcheck installed, upgraded and removed by the real Krew, from an index and an archive nearby."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.binaries import Binaries, program
from tests.e2e.hook_repository import execute, must
from tests.e2e.manifests import silent
from tests.e2e.releases import FORMER, Release, former
from tests.e2e.server import ControlPlane, Namespace, Result
from tests.serving import served, url_of
from tests.zipapp.interpreters import interpreters


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Krew:
    """Krew with a root and a home of its own, an index, and what it downloads."""

    def __init__(self, directory: Path, kubectl: Path, url: str) -> None:
        self.url = url
        self.published = directory / "published"
        self.home = directory / "home"
        self.index = directory / "index"
        self.root = directory / "krew"
        self.cwd = directory / "work"
        programs = directory / "bin"
        for made_here in (self.published, self.home, self.index / "plugins", self.cwd, programs):
            made_here.mkdir(parents=True, exist_ok=True)
        (programs / "kubectl").symlink_to(kubectl)
        (programs / "kubectl-krew").symlink_to(program("krew"))
        (programs / "python3").symlink_to(interpreters()[0].path)
        paths = [str(self.root / "bin"), str(programs), "/usr/bin", "/bin"]
        self.env = {
            "PATH": os.pathsep.join(paths),
            "HOME": str(self.home),
            "KREW_ROOT": str(self.root),
            "KREW_DEFAULT_INDEX_URI": f"file://{self.index}",
            "KREW_NO_UPGRADE_CHECK": "1",
            "KUBECONFIG": str(directory / "no-kubeconfig"),
            "XDG_CACHE_HOME": "",
            "SHIV_ROOT": "",
        }
        must(["git", "init", "-q", "-b", "master"], self.index)

    def __call__(self, *arguments: str, **env: str) -> Result:
        """Run kubectl with these arguments."""
        return execute(["kubectl", *arguments], self.cwd, {**self.env, **env})

    def must(self, *arguments: str) -> str:
        """Run kubectl, which has to succeed; what it said."""
        done = self(*arguments)
        assert done.code == 0, f"{arguments}: {done}"
        return done.stdout + done.stderr

    def publish(self, release: Release) -> Path:
        """Put a release into the index, and its archives to where they are downloaded."""
        directory = self.published / release.version
        directory.mkdir(exist_ok=True)
        for archive in release.directory.glob("npcheck-*.tar.gz"):
            shutil.copy(archive, directory)
        manifest = self.index / "plugins" / "npcheck.yaml"
        manifest.write_text(release.manifest(f"{self.url}/{release.version}"), "utf-8")
        must(["git", "add", "-A"], self.index)
        must(["git", "commit", "-q", "-m", release.version], self.index)
        return manifest

    def left(self) -> list[str]:
        """Every file of npcheck below Krew's root and the home, receipts and unpacked ones too."""
        return sorted(
            str(path.relative_to(self.root.parent))
            for top in (self.root, self.home)
            for path in top.rglob("*npcheck*")
            if "index" not in path.relative_to(top).parts
        )


@pytest.fixture(scope="module")
def earlier(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Release:
    return former(tmp_path_factory.mktemp("former"))


@pytest.fixture
def krew(binaries: Binaries, tmp_path: Path) -> Iterator[Krew]:
    handler = functools.partial(Quiet, directory=str(tmp_path / "published"))
    with served(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as server:
        yield Krew(tmp_path, binaries.kubectl, url_of(server))


def test_it_is_installed_upgraded_and_removed(
    krew: Krew, earlier: Release, release: Release
) -> None:
    krew.publish(earlier)
    krew.must("krew", "update")
    assert "Python 3.10 or newer" in krew.must("krew", "install", "npcheck")
    assert krew.must("npcheck", "version").startswith(f"npcheck {FORMER}\n")

    krew.publish(release)
    krew.must("krew", "update")
    krew.must("krew", "upgrade", "npcheck")
    assert krew.must("npcheck", "version").startswith(f"npcheck {release.version}\n")
    assert not [path for path in krew.left() if FORMER in path], "the former version is still there"
    assert krew.must("krew", "list").splitlines() == ["npcheck"]

    krew.must("krew", "uninstall", "npcheck")
    assert krew.left() == []


def test_kubectl_runs_what_krew_installed(
    krew: Krew, release: Release, server: ControlPlane, namespace: Namespace
) -> None:
    krew.publish(release)
    krew.must("krew", "update")
    krew.must("krew", "install", "npcheck")
    listed = krew("plugin", "list")
    assert listed.code == 0, listed
    assert str(krew.root / "bin" / "kubectl-npcheck") in listed.stdout

    assert krew.must("npcheck", "lint", "-h").startswith("Usage: kubectl npcheck lint ")
    (krew.cwd / "web.yaml").write_text(silent(), "utf-8")
    assert krew("npcheck", "lint", "web.yaml", "--alone").code == 1
    assert krew("npcheck", "fix", "web.yaml", "--alone", "--allow-widening").code == 1
    assert krew("npcheck", "lint", "web.yaml", "--alone").code == 0

    created = namespace.kubectl("apply", "-f", "-", stdin=silent(namespace=namespace.name))
    assert created.code == 0, created
    audited = krew("npcheck", "audit", "-n", namespace.name, KUBECONFIG=str(server.kubeconfig))
    assert audited.code == 1, audited
    assert f"error egress-implicit {namespace.name}/web" in audited.stdout


def test_kubectl_completes_what_krew_installed(krew: Krew, release: Release) -> None:
    """Krew links one program a plugin: the file that completes it is written beside that link."""
    krew.publish(release)
    krew.must("krew", "update")
    krew.must("krew", "install", "npcheck")
    written = krew.must("npcheck", "completion", "install")
    assert written.startswith(f"{krew.root / 'bin' / 'kubectl_complete-npcheck'}: written\n")
    completed = krew("__complete", "npcheck", "li")
    assert (completed.code, completed.stdout) == (0, "lint\tcheck manifests\n:4\n")
    assert krew.must("npcheck", "completion", "uninstall").endswith(": removed\n")
    krew.must("krew", "uninstall", "npcheck")
    assert krew.left() == []


def test_the_manifest_keeps_the_rules_of_the_index(krew: Krew, release: Release) -> None:
    """Krew's own check: structure, platforms, and an installation for each of them."""
    manifest = krew.publish(release)
    validated = execute(
        [str(program("validate-krew-manifest")), "-manifest", str(manifest)],
        krew.cwd,
        krew.env,
    )
    assert validated.code == 0, validated
    assert "all 5 spec.platforms installed fine" in validated.stderr
