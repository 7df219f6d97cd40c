"""`fix` when it is killed, the disk is full or nothing may be written: the old file or the new one.

strace kills the process at the entry of a system call. Linux only.
"""

from __future__ import annotations

import collections
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.hook_repository import execute
from tests.e2e.manifests import silent, stated
from tests.e2e.server import Result

NPCHECK = [sys.executable, "-m", "kubectl_npcheck"]
KILLED = -9
WITHOUT_CAPABILITIES = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
"""As root, file modes would not count."""


class Tree:
    """Two manifests and a link to the second, their texts before and after the repair."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.old = {name: silent(name).encode() for name in ("web", "db")}
        self.new = {name: stated(name).encode() for name in ("web", "db")}
        self.make()

    def make(self) -> None:
        """As it is before the repair."""
        shutil.rmtree(self.directory, ignore_errors=True)
        (self.directory / "k8s").mkdir(parents=True)
        for name, content in self.old.items():
            self.file(name).write_bytes(content)
            self.file(name).chmod(0o640)
        (self.directory / "link.yaml").symlink_to("k8s/db.yaml")

    def file(self, name: str) -> Path:
        """The path of a manifest."""
        return self.directory / "k8s" / f"{name}.yaml"

    def command(self) -> list[str]:
        """What repairs them."""
        paths = ["k8s/web.yaml", "link.yaml"]
        return [*NPCHECK, "fix", "--alone", "--allow-widening", *paths]

    def state(self) -> str:
        """Of each file `old` or `new`; anything else is what must never be."""
        words = []
        for name in self.old:
            content = self.file(name).read_bytes()
            assert content in (self.old[name], self.new[name]), "half a file"
            assert self.file(name).stat().st_mode & 0o777 == 0o640
            words.append("old" if content == self.old[name] else "new")
        assert (self.directory / "link.yaml").readlink() == Path("k8s/db.yaml")
        return " ".join(words)

    def leftovers(self) -> list[str]:
        """What else lies in the directory; nothing that any tool takes for a manifest."""
        names = {path.name for path in (self.directory / "k8s").iterdir()}
        others = sorted(names - {"web.yaml", "db.yaml"})
        assert all(name.startswith(".npcheck-") and name.endswith(".tmp") for name in others)
        return others


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path / "tree")


class Call(NamedTuple):
    """The number-th system call of that name."""

    name: str
    number: int


def calls(log: str, directory: Path) -> Iterator[Call]:
    """The calls of a trace that name one of the files or their directory, or use it open (`-y`)."""
    touching = (f"{directory}/k8s", '"k8s', '"link.yaml')
    seen: collections.Counter[str] = collections.Counter()
    for line in log.splitlines():
        found = re.match(r"(\w+)\(", line)
        if found:
            seen[found[1]] += 1
            # npcheck does not run before execve, whose arguments name them too
            if found[1] != "execve" and any(text in line for text in touching):
                yield Call(found[1], seen[found[1]])


def traced(tree: Tree, *options: str) -> Result:
    """Run the repair under strace; only npcheck's own process is traced."""
    env = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    return execute(["strace", "-qq", "-y", *options, *tree.command()], tree.directory, env)


def test_killed_at_every_call_that_touches_the_files(tree: Tree, tmp_path: Path) -> None:
    log = tmp_path / "log"
    whole = traced(tree, "-o", str(log))
    assert (whole.code, tree.state()) == (1, "new new"), whole
    touching = list(calls(log.read_text(encoding="utf-8", errors="replace"), tree.directory))
    assert {call.name for call in touching} >= {"write", "fsync"}, "the trace misses the writing"
    states = collections.Counter[str]()
    for call in touching:
        tree.make()
        inject = f"inject={call.name}:signal=KILL:when={call.number}"
        killed = traced(tree, "-o", os.devnull, "-e", f"trace={call.name}", "-e", inject)
        assert killed.code == KILLED, f"{call}: {killed}"
        states[tree.state()] += 1
        tree.leftovers()
        again = execute(tree.command(), tree.directory)
        assert again.stderr == "", f"{call}: {again}"
        assert tree.state() == "new new"
        assert tree.leftovers() == [], f"{call}: what a killed run left is taken away"
    assert {"old old", "new new"} < set(states), states
    assert len(states) == 3, f"one file is replaced before the other: {states}"


def in_mount_namespace(script: str, cwd: Path) -> Result:
    """Run a shell script that may mount; skips, aloud, where the system does not let us."""
    unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "-r"]
    if subprocess.run([*unshare, "mount", "-t", "tmpfs", "none", "/mnt"], check=False).returncode:
        pytest.skip("needs root, or user namespaces, to mount a small disk")
    return execute([*unshare, "sh", "-euc", script], cwd)


def test_a_full_disk_changes_nothing(tree: Tree, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = " ".join(f"'{word}'" for word in tree.command())
    # The first new file fits, the second one does not.
    script = f"""
    mount -t tmpfs -o size=128k none '{disk}'
    cp -a '{tree.directory}/.' '{disk}'
    i=0
    yes '# a line that makes the file long' | head -c 40000 >'{disk}/long'
    cat '{disk}/long' >>'{disk}/k8s/db.yaml'
    rm '{disk}/long'
    head -c 60000 /dev/zero >'{disk}/ballast'
    cp '{disk}/k8s/db.yaml' '{tmp_path}/db.before'
    cd '{disk}'
    {command} && code=0 || code=$?
    cmp k8s/db.yaml '{tmp_path}/db.before'
    cmp k8s/web.yaml '{tree.directory}/k8s/web.yaml'
    ls -A k8s
    rm ballast
    {command} >/dev/null && again=0 || again=$?
    echo "exit $code, then $again"
    grep -c '    - Egress' k8s/db.yaml k8s/web.yaml
    """
    done = in_mount_namespace(script, tmp_path)
    assert done.code == 0, done
    assert "cannot be written: the disk is full; nothing was written" in done.stderr
    assert done.stderr.count("\n") == 1
    lines = done.stdout.splitlines()[-5:]
    assert lines == ["db.yaml", "web.yaml", "exit 3, then 1", "k8s/db.yaml:1", "k8s/web.yaml:1"]


def test_a_read_only_file_system_changes_nothing(tree: Tree, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = " ".join(f"'{word}'" for word in tree.command())
    script = f"""
    mount -t tmpfs -o size=128k none '{disk}'
    cp -a '{tree.directory}/.' '{disk}'
    mount -o remount,ro '{disk}'
    cd '{disk}'
    {command} && code=0 || code=$?
    cmp k8s/db.yaml '{tree.directory}/k8s/db.yaml'
    echo "exit $code"
    """
    done = in_mount_namespace(script, tmp_path)
    assert done.stdout.splitlines()[-1] == "exit 3", done
    assert "nothing was written" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("place", ["directory", "file"])
def test_without_permission_nothing_changes(tree: Tree, place: str) -> None:
    path = tree.directory / "k8s" if place == "directory" else tree.file("db")
    mode = path.stat().st_mode
    path.chmod(0o555 if place == "directory" else 0o440)
    prefix = WITHOUT_CAPABILITIES if os.geteuid() == 0 else []
    try:
        done = execute([*prefix, *tree.command()], tree.directory)
    finally:
        path.chmod(mode)
    assert done.code == 3, done
    assert done.stderr.startswith("error: ")
    assert done.stderr.endswith("nothing was written\n")
    assert done.stderr.count("\n") == 1
    assert tree.state() == "old old"
    assert tree.leftovers() == []
