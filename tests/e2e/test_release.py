"""What `make dist` makes: the same bytes twice, complete, and installable."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.e2e.hook_repository import ROOT, execute, must
from tests.e2e.manifests import silent
from tests.e2e.releases import Release, made

TOOLS = ROOT / ".cache" / "dist-tools" / "bin" / "python"
LIMIT = 16_000_000
CLOSED_PORT = """apiVersion: v1
kind: Config
current-context: closed
contexts: [{name: closed, context: {cluster: closed, user: nobody}}]
clusters: [{name: closed, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: nobody, user: {token: none}}]
"""


def content(release: Release) -> dict[str, str]:
    """Each file and its sum."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in release.directory.iterdir()
    }


def test_two_builds_are_the_same(release: Release, tmp_path: Path) -> None:
    assert content(made(tmp_path / "again")) == content(release)


def test_it_is_whole(release: Release) -> None:
    version = release.version
    assert set(content(release)) == {
        "SHA256SUMS",
        "npcheck",
        "npcheck.yaml",
        f"npcheck-{version}.cdx.json",
        f"npcheck-{version}-any.tar.gz",
        f"npcheck-{version}-darwin-amd64.tar.gz",
        f"npcheck-{version}-darwin-arm64.tar.gz",
        f"npcheck-{version}-linux-amd64.tar.gz",
        f"npcheck-{version}-linux-arm64.tar.gz",
        f"kubectl_npcheck-{version}.tar.gz",
        f"kubectl_npcheck-{version}-py3-none-any.whl",
    }
    assert all(path.stat().st_size < LIMIT for path in release.directory.iterdir())


def test_the_sums_are_right(release: Release) -> None:
    lines = (release.directory / "SHA256SUMS").read_text("utf-8").splitlines()
    listed = {name: total for total, name in (line.split("  ") for line in lines)}
    expected = content(release)
    del expected["SHA256SUMS"]
    assert listed == expected


def test_an_archive_holds_the_zipapp_and_its_licence(release: Release) -> None:
    for archive in release.directory.glob("npcheck-*.tar.gz"):
        with tarfile.open(archive) as tar:
            members = {member.name: member for member in tar.getmembers()}
            assert set(members) == {"LICENSE", "npcheck", "npcheck.1"}
            assert all(member.isfile() for member in members.values())
            assert members["npcheck"].mode == 0o755
    with tarfile.open(release.archive()) as tar:
        packed = tar.extractfile("npcheck")
        assert packed is not None
        assert packed.read() == (release.directory / "npcheck").read_bytes()


def test_nothing_of_the_building_machine_is_in_it(release: Release) -> None:
    with zipfile.ZipFile(release.directory / "npcheck") as archive:
        names = archive.namelist()
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o100644}
        text = b"".join(archive.read(name) for name in names if name.endswith((".py", ".json")))
    for machine in (str(ROOT), str(Path.home()), os.uname().nodename):
        if len(machine) > 5:
            assert machine.encode() not in text
    unwanted = re.compile(r"/bin/|direct_url\.json|RECORD$|__pycache__|\.pyc$|/models/v1_")
    assert [name for name in names if unwanted.search(name)] == []


def test_compiled_yaml_for_every_supported_python(release: Release) -> None:
    for archive in release.directory.glob("npcheck-*.tar.gz"):
        with tarfile.open(archive) as tar:
            packed = tar.extractfile("npcheck")
            assert packed is not None
            with zipfile.ZipFile(packed) as zipapp:
                names = zipapp.namelist()
        compiled = {
            found[1] for name in names if (found := re.search(r"/_yaml\.cpython-(\d+)", name))
        }
        expected = (
            set() if archive.name.endswith("-any.tar.gz") else {f"3{n}" for n in range(10, 16)}
        )
        assert compiled == expected, archive.name


def test_the_bill_of_materials_names_what_is_in_it(release: Release) -> None:
    """Its form was checked by CycloneDX's own schema when it was made."""
    path = release.directory / f"npcheck-{release.version}.cdx.json"
    bill = json.loads(path.read_text("utf-8"))
    with zipfile.ZipFile(release.directory / "npcheck") as archive:
        found = {
            (fields["Name"].lower().replace("_", "-"), fields["Version"])
            for name in archive.namelist()
            if name.endswith(".dist-info/METADATA")
            for fields in [
                dict(re.findall(r"^(Name|Version): (.*)$", archive.read(name).decode(), re.M))
            ]
        }
    subject = bill["metadata"]["component"]
    listed = {(c["name"], c["version"]) for c in [subject, *bill["components"]]}
    assert (bill["bomFormat"], subject["name"]) == ("CycloneDX", "kubectl-npcheck")
    assert found <= listed
    assert all(component["purl"] for component in bill["components"])


def test_it_is_installed_by_hand_as_the_readme_says(release: Release, tmp_path: Path) -> None:
    if "linux-amd64" not in release.archive().name:
        pytest.skip("the commands are those for linux-amd64")
    readme = (ROOT / "README.md").read_text("utf-8")
    block = readme.partition("<!-- by-hand -->\n```\n")[2].partition("```\n<!-- /by-hand -->")[0]
    for name in ("SHA256SUMS", release.archive().name):
        shutil.copy(release.directory / name, tmp_path)
    path = f"{tmp_path / '.local' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    env = {"HOME": str(tmp_path), "PATH": path, "XDG_CACHE_HOME": ""}
    done = execute(["sh", "-euc", block + "kubectl-npcheck --version"], tmp_path, env)
    assert done.code == 0, done
    assert done.stdout.splitlines() == [
        f"{release.archive().name}: OK",
        f"npcheck {release.version}",
    ]


def test_the_package_is_described_as_indexes_want_it(release: Release) -> None:
    packages = [str(path) for path in release.directory.glob("kubectl_npcheck-*")]
    checked = execute([str(TOOLS), "-m", "twine", "check", "--strict", *packages], ROOT)
    assert checked.code == 0, checked
    assert checked.stdout.count("PASSED") == 2


def test_the_wheel_in_an_environment_of_its_own(release: Release, tmp_path: Path) -> None:
    """As pipx does it: first without the extras, then with them."""
    [wheel] = release.directory.glob("*.whl")
    python = str(tmp_path / "venv" / "bin" / "python")
    program = str(tmp_path / "venv" / "bin" / "npcheck")
    must([sys.executable, "-m", "venv", str(tmp_path / "venv")], tmp_path)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    must([*pip, str(wheel)], tmp_path)
    (tmp_path / "web.yaml").write_text(silent(), "utf-8")
    (tmp_path / "config").write_text(CLOSED_PORT, "utf-8")
    assert execute([program, "lint", "--alone", "web.yaml"], tmp_path).code == 1
    assert must([f"{program.removesuffix('npcheck')}kubectl-npcheck", "version"], tmp_path)
    audit = [program, "audit", "--kubeconfig", "config"]
    without = execute(audit, tmp_path)
    assert without.code == 4
    assert "pip install 'kubectl-npcheck[cluster]'" in without.stderr
    must([*pip, f"{wheel}[all]"], tmp_path)
    assert "refused the connection" in execute(audit, tmp_path).stderr
    typed = "import kubectl_npcheck, pathlib as p; print((p.Path(kubectl_npcheck.__file__).parent / 'py.typed').exists())"
    assert must([python, "-c", typed], tmp_path) == "True\n"


@pytest.mark.parametrize(
    "tests", ["tests/policy", "tests/test_architecture.py", "tests/distribution"]
)
def test_the_tests_run_in_the_source_distribution(
    release: Release, tmp_path: Path, tests: str
) -> None:
    packed = release.directory / f"kubectl_npcheck-{release.version}.tar.gz"
    must(["tar", "-xzf", str(packed)], tmp_path)
    [sources] = tmp_path.iterdir()
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests]
    done = execute(run, sources, {"PYTHONPATH": str(sources)})
    assert done.code == 0, done
