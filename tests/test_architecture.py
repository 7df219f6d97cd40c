"""The directions in which the rooms may import each other, and what `lint` must not load."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "kubectl_npcheck"
ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / PACKAGE).rglob("*.py"))

BASE = {"errors", "origin", "findings", "record", "repairs", PACKAGE}
ALL = {
    "pyyaml",
    "manifests",
    "cluster",
    "policy",
    "rules",
    "settings",
    "load",
    "check",
    "fixing",
    "reports",
    "cli",
}
# Room -> the rooms that it may import, besides itself and BASE.
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "origin": set(),
    "findings": set(),
    "record": set(),
    "repairs": set(),
    "pyyaml": set(),
    "manifests": {"pyyaml"},
    "cluster": {"pyyaml"},
    "policy": set(),
    "settings": {"pyyaml"},
    "rules": {"policy"},
    "load": {"manifests", "cluster", "policy"},
    "check": {"manifests", "cluster", "policy", "load", "rules", "settings"},
    "fixing": {"manifests", "cluster", "policy", "load", "rules", "settings", "check"},
    "reports": {"pyyaml"},
    "cli": ALL,
    "__main__": {"cli"},
    PACKAGE: ALL,  # the public functions, imported on use
}
# Third-party packages -> the rooms that may know them.
THIRD_PARTY = {
    "click": {"cli"},
    "yaml": {"pyyaml"},
    "kubernetes": {"cluster"},
    "urllib3": {"cluster"},
    "jinja2": {"reports"},
}
PURE = {"policy", "rules"}
INPUT_OUTPUT = {"os", "io", "pathlib", "subprocess", "tempfile", "shutil", "socket", "glob"}


class Import:
    """One import statement of the package."""

    def __init__(self, source: Path, line: int, name: str, top_level: bool) -> None:
        self.place = f"{source.relative_to(ROOT)}:{line}"
        self.room = room(source)
        self.name = name
        self.top_level = top_level


def room(source: Path) -> str:
    """The room of a file: `policy` for policy/model.py, `load` for load.py, the package's name."""
    first = source.relative_to(ROOT / PACKAGE).parts[0].removesuffix(".py")
    return PACKAGE if first == "__init__" else first


def imports() -> Iterator[Import]:
    """Every import of every module, relative ones excluded by the house's style (and the test)."""
    for source in SOURCES:
        tree = ast.parse(source.read_text(encoding="utf-8"))
        top = set(map(id, tree.body))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"relative import: {source}:{node.lineno}"
                assert node.module
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            for name in names:
                yield Import(source, node.lineno, name, id(node) in top)


IMPORTS = list(imports())


def test_every_room_is_known() -> None:
    assert {room(source) for source in SOURCES} <= set(ALLOWED)


def test_imports_point_one_way() -> None:
    wrong = []
    for found in IMPORTS:
        parts = found.name.split(".")
        if parts[0] != PACKAGE:
            continue
        target = parts[1] if len(parts) > 1 and parts[1] in ALLOWED else PACKAGE
        if target not in ALLOWED[found.room] | BASE | {found.room}:
            wrong.append(f"{found.place}: {found.room} imports {found.name}")
    assert wrong == []


def test_each_third_party_package_has_its_room() -> None:
    wrong = [
        f"{found.place}: {found.room} imports {found.name}"
        for found in IMPORTS
        if (rooms := THIRD_PARTY.get(found.name.split(".")[0])) and found.room not in rooms
    ]
    assert wrong == []


def test_the_cluster_client_is_imported_inside_functions() -> None:
    wrong = [
        found.place
        for found in IMPORTS
        if found.name.split(".")[0] in {"kubernetes", "urllib3", "jinja2"} and found.top_level
    ]
    assert wrong == []


def test_meaning_and_rules_are_pure() -> None:
    wrong = [
        f"{found.place}: {found.name}"
        for found in IMPORTS
        if found.room in PURE and found.name.split(".")[0] in INPUT_OUTPUT
    ]
    for source in SOURCES:
        if room(source) in PURE:
            wrong += [f"{source}:{node.lineno}: open" for node in calls(source, "open")]
    assert wrong == []


def test_only_the_command_line_prints() -> None:
    wrong = [
        f"{source.relative_to(ROOT)}:{node.lineno}"
        for source in SOURCES
        if room(source) != "cli"
        for node in calls(source, "print")
    ]
    assert wrong == []


def calls(source: Path, function: str) -> Iterator[ast.Call]:
    """The calls of a builtin in a file."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name == function:
                yield node


# Never on the way of `lint` and `--help`; a package stands for all that is in it.
HEAVY = (
    "asyncio",
    "concurrent",
    "email",
    "http",
    "importlib.metadata",
    "jinja2",
    "kubernetes",
    "requests",
    "socket",
    "ssl",
    "unittest",
    "urllib.request",
    "urllib3",
    "xml",
)
# Only where a run needs them: not for --help, and not for a clean file outside git as text; apart
# from what click and PyYAML load themselves (`platform`, and so `subprocess` up to Python 3.10).
WHEN_NEEDED = ("csv", "difflib", "ipaddress", "json", "subprocess", "tempfile")

PROBE = """
import sys
if sys.argv[1] == "the libraries alone":
    import click, yaml
    sys.stderr.write("\\nMODULES " + " ".join(sorted(sys.modules)))
    sys.exit()
sys.argv = ["kubectl-npcheck", *sys.argv[1:]]
from kubectl_npcheck.cli import outcome
outcome()
sys.stderr.write("\\nMODULES " + " ".join(sorted(sys.modules)))
"""


def loaded(*arguments: str, cwd: Path) -> set[str]:
    """Names of the modules that a run of the command ends with.

    Without `site`: an editable installation imports modules of its own when Python starts.
    """
    path = os.pathsep.join(
        [str(ROOT), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", PROBE, *arguments],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return set(done.stderr.rpartition("\nMODULES ")[2].split())


def among(modules: set[str], packages: tuple[str, ...]) -> list[str]:
    """The modules that are, or are in, one of the packages."""
    return sorted(
        name
        for name in modules
        if any(name == package or name.startswith(package + ".") for package in packages)
    )


CLEAN = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
"""
UNDECIDED = CLEAN.replace(", Egress", "")


@pytest.mark.parametrize("arguments", [["--help"], ["lint", "--help"], ["lint", "policy.yaml"]])
def test_nothing_heavy_is_loaded(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(UNDECIDED, encoding="utf-8")
    assert among(loaded(*arguments, cwd=tmp_path), HEAVY) == []


@pytest.mark.parametrize("arguments", [["--help"], ["lint", "policy.yaml"]])
def test_what_only_some_runs_need_is_loaded_by_those(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(CLEAN, encoding="utf-8")
    libraries = loaded("the libraries alone", cwd=tmp_path)
    assert among(loaded(*arguments, cwd=tmp_path) - libraries, WHEN_NEEDED) == []


def test_the_probe_sees_what_is_loaded(tmp_path: Path) -> None:
    """The tests above would pass for ever if the probe looked at the wrong process."""
    (tmp_path / "policy.yaml").write_text(UNDECIDED, encoding="utf-8")
    assert "json" in loaded("lint", "-o", "json", "policy.yaml", cwd=tmp_path)
