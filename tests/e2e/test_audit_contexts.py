"""`kubectl npcheck audit --contexts` with several real API servers in one run, one of them down."""

from __future__ import annotations

import json
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.auditing import Auditor
from tests.e2e.binaries import Binaries, ensure, newest, versions
from tests.e2e.conftest import NUMBERS
from tests.e2e.manifests import silent
from tests.e2e.server import ControlPlane, Namespace

FINDING = "error egress-implicit {}/web: egress is not stated\n"


@pytest.fixture(scope="module")
def second(binaries: Binaries) -> Iterator[ControlPlane]:
    """A control plane of another version: a fleet is seldom upgraded in one go."""
    other = next(version for version in (newest(), *versions()) if version != binaries.version)
    directory = Path(tempfile.mkdtemp(prefix="npcheck-e2e-", dir="/tmp"))
    running = ControlPlane(ensure(other), directory)
    yield running
    running.stop()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def elsewhere(second: ControlPlane) -> Iterator[Namespace]:
    made = Namespace(second, f"elsewhere-{next(NUMBERS)}")
    yield made
    made.remove()


@pytest.fixture
def auditor(server: ControlPlane, tmp_path: Path) -> Auditor:
    return Auditor(server, tmp_path)


def merged(directory: Path, files: dict[str, tuple[Path, str]]) -> Path:
    """One kubeconfig of the contexts of several files: name -> file, namespace."""
    found: dict[str, Any] = {"contexts": [], "clusters": [], "users": []}
    for name, (file, namespace) in files.items():
        config = yaml.safe_load(file.read_text(encoding="utf-8"))
        context = {"cluster": name, "user": name, "namespace": namespace}
        found["contexts"].append({"name": name, "context": context})
        for group, kind in (("clusters", "cluster"), ("users", "user")):
            found[group].append({"name": name, kind: config[group][0][kind]})
    path = directory / "several.kubeconfig"
    path.write_text(json.dumps(found), encoding="utf-8")
    return path


def closed(server: ControlPlane, directory: Path) -> Path:
    """The kubeconfig of a server that is down: nobody listens on its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    config = yaml.safe_load(server.kubeconfig.read_text(encoding="utf-8"))
    config["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{port}"
    path = directory / "closed.kubeconfig"
    path.write_text(json.dumps(config), encoding="utf-8")
    return path


@pytest.fixture
def config(
    server: ControlPlane,
    second: ControlPlane,
    namespace: Namespace,
    elsewhere: Namespace,
    tmp_path: Path,
) -> Path:
    """Contexts `first` and `second`, each with a policy, `down`, and `admin` of the first server."""
    for place in (namespace, elsewhere):
        done = place.kubectl("apply", "-f", "-", stdin=silent("web", place.name))
        assert done.code == 0, done
    return merged(
        tmp_path,
        {
            "first": (server.kubeconfig, namespace.name),
            "down": (closed(server, tmp_path), "default"),
            "second": (second.kubeconfig, elsewhere.name),
            "admin": (server.directory / "admin-token.kubeconfig", namespace.name),
        },
    )


def test_three_clusters_one_of_them_down(
    auditor: Auditor, config: Path, namespace: Namespace, elsewhere: Namespace
) -> None:
    done = auditor("audit", "--contexts", "first,down,second", kubeconfig=config)
    assert done.code == 4
    for context, name in (("first", namespace.name), ("second", elsewhere.name)):
        own = done.stdout.partition(f"== {context} ==\n")[2].partition("\n== ")[0]
        assert own.startswith(f"cluster {context} (https://")
        assert FINDING.format(name) in own
        assert "egress that is not stated: open, as Kubernetes is published (measured" in own
    assert "== down ==\nnot audited: https://127.0.0.1:" in done.stdout
    assert "down      not audited: https://127.0.0.1:" in done.stdout
    assert done.stdout.endswith(
        "2 policies in 2 clusters: 2 errors\n"
        "2 findings can be repaired by `kubectl npcheck fix --live`\n"
        "1 of 3 clusters could not be audited: the result is incomplete\n"
    )
    assert done.stderr.startswith("error: context down: https://127.0.0.1:")
    assert "refused the connection" in done.stderr


def test_all_of_them_as_data_and_one_server_twice(
    auditor: Auditor, config: Path, second: ControlPlane
) -> None:
    found = auditor.report("--contexts", "all", kubeconfig=config)
    inputs = {item["context"]: item for item in found["input"]["clusters"]}
    assert list(inputs) == ["admin", "down", "first", "second"]
    assert inputs["first"]["sameServerAs"] == "admin"
    for context, plane in (("first", auditor.server), ("second", second)):
        assert inputs[context]["serverVersion"] == plane.binaries.version
    assert inputs["first"]["server"] != inputs["second"]["server"]
    assert [item["cluster"] for item in found["findings"]] == ["admin", "first", "second"]
    assert [item["cluster"] for item in found["errors"]] == ["down"]


def test_the_files_of_the_environment_are_merged(
    auditor: Auditor, config: Path, elsewhere: Namespace, tmp_path: Path
) -> None:
    more = tmp_path / "more.kubeconfig"
    more.write_text(config.read_text().replace('"second"', '"third"'), encoding="utf-8")
    both = {"KUBECONFIG": f"{config}:{more}"}
    done = auditor("audit", "--contexts", "second,third", "-o", "name", env=both)
    assert done.code == 1, done.stderr
    assert done.stdout.splitlines() == [
        f"networkpolicy.networking.k8s.io/web -n {elsewhere.name} --context second",
        f"networkpolicy.networking.k8s.io/web -n {elsewhere.name} --context third",
    ]
    line = done.stdout.splitlines()[0]
    shown = auditor.server.kubectl("get", *line.split(), env=both)
    assert shown.code == 0, shown


def test_what_is_new_gone_and_not_checked(
    auditor: Auditor, config: Path, namespace: Namespace, elsewhere: Namespace
) -> None:
    several = ("audit", "--contexts", "first,second")
    auditor(*several, "--report", "before.json", kubeconfig=config)
    assert namespace.kubectl("delete", "networkpolicy", "web").code == 0
    done = elsewhere.kubectl("apply", "-f", "-", stdin=silent("db", elsewhere.name))
    assert done.code == 0, done
    done = auditor(*several, "--since", "before.json", kubeconfig=config)
    assert f"new {FINDING.format(elsewhere.name).replace('/web', '/db')}" in done.stdout
    assert f"    context first: {FINDING.format(namespace.name)}" in done.stdout
    assert "since before.json: 1 new, 1 unchanged, 1 gone\n" in done.stdout
    done = auditor(
        "audit", "--contexts", "second,down", "--since", "before.json", kubeconfig=config
    )
    assert done.code == 4
    assert "since before.json: 1 new, 1 unchanged, 0 gone\n" in done.stdout
    assert "not checked this time: context first was not audited\n" in done.stdout


def test_a_baseline(auditor: Auditor, config: Path, elsewhere: Namespace) -> None:
    several = ("audit", "--contexts", "first,second", "--baseline", "known.json")
    assert auditor(*several, "--write-baseline", kubeconfig=config).code == 0
    assert auditor(*several, kubeconfig=config).code == 0
    done = elsewhere.kubectl("apply", "-f", "-", stdin=silent("db", elsewhere.name))
    assert done.code == 0, done
    done = auditor(*several, kubeconfig=config)
    assert done.code == 1
    assert f"error egress-implicit {elsewhere.name}/db" in done.stdout
    assert f"{elsewhere.name}/web: " not in done.stdout
