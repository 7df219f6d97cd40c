"""`audit --contexts`: several clusters in one report, whatever becomes of each."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kubectl_npcheck import audit
from kubectl_npcheck.check import clusters
from kubectl_npcheck.check.live import check_cluster
from kubectl_npcheck.cluster import client as client_module
from tests.cli.small_cluster import DENY, IMPLICIT, SCHEMA
from tests.cluster.api import POLICIES, Api, Fault, serving
from tests.command import Result, run

DOWN = "http://127.0.0.1:1"
VERSION = "/version"


class Fleet:
    """Three clusters on loopback, a fourth that is down, and the command that audits them."""

    def __init__(self, apis: dict[str, Api], directory: Path) -> None:
        self.apis = apis
        self.directory = directory
        self.config = directory / "config"
        self.write({**{name: api.url for name, api in apis.items()}, "down": DOWN})
        for name, api in apis.items():
            api.user = f"jane-of-{name}"
            api.add_namespace("shop", "edge")
            api.add_policy("shop", f"{name}-web", IMPLICIT)

    def write(self, servers: dict[str, str], **user: object) -> None:
        """The kubeconfig: a context, cluster and user for each name."""
        contexts = [
            {"name": name, "context": {"cluster": name, "user": name, "namespace": "shop"}}
            for name in servers
        ]
        content = {
            "contexts": contexts,
            "clusters": [{"name": n, "cluster": {"server": url}} for n, url in servers.items()],
            "users": [{"name": name, "user": user or {"token": "secret"}} for name in servers],
        }
        self.config.write_text(json.dumps(content), encoding="utf-8")

    def audit(self, *arguments: str) -> Result:
        return run("audit", "--kubeconfig", str(self.config), *arguments, cwd=self.directory)

    def report(self, contexts: str, *arguments: str) -> dict[str, Any]:
        """The JSON report, checked against its schema."""
        done = self.audit("-o", "json", "--contexts", contexts, *arguments)
        found: dict[str, Any] = json.loads(done.stdout)
        jsonschema.validate(found, json.loads(SCHEMA.read_text(encoding="utf-8")))
        return found


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    monkeypatch.setattr(client_module, "FIRST_PAUSE", 0.0)
    with contextlib.ExitStack() as stack:
        apis = {name: stack.enter_context(serving(Api())) for name in ("a", "b", "c")}
        yield Fleet(apis, tmp_path)


def named(found: dict[str, Any], key: str = "findings") -> list[str]:
    return [f"{item['cluster']} {item['name']}" for item in found[key]]


# one that fails does not stop the others


def test_one_is_down(fleet: Fleet) -> None:
    done = fleet.audit("--contexts", "a,down,b")
    assert done.code == 4
    assert done.stderr == (
        f"error: context down: {DOWN} refused the connection: is it the right host and port?\n"
    )
    assert f"== down ==\nnot audited: {DOWN} refused the connection" in done.stdout
    for name in ("a", "b"):
        assert f"== {name} ==\ncluster {name} ({fleet.apis[name].url})" in done.stdout
        assert f"as jane-of-{name}, Kubernetes v1.34.4\n" in done.stdout
        assert f"error egress-implicit shop/{name}-web: " in done.stdout
        assert f"{name}         1          0 (0 %)     1        0          0\n" in done.stdout
    assert "down      not audited: http://127.0.0.1:1 refused" in done.stdout
    assert done.stdout.endswith(
        "compliant: 0 of 2 policies (0 %)\n2 policies in 2 clusters: 2 errors\n"
        "2 findings can be repaired by `kubectl npcheck fix --live`\n"
        "1 of 3 clusters could not be audited: the result is incomplete\n"
    )


def test_json_names_the_cluster_everywhere(fleet: Fleet) -> None:
    fleet.apis["a"].faults["/api/v1/namespaces/shop/pods"] = [Fault("status", 500)] * 9
    fleet.apis["b"].forbidden = ["/api/v1/namespaces/shop/pods"]
    found = fleet.report("c,b,a,down")
    inputs = found["input"]["clusters"]
    assert [item["context"] for item in inputs] == ["c", "b", "a", "down"]
    assert [item.get("identity") for item in inputs] == [
        "jane-of-c",
        "jane-of-b",
        "jane-of-a",
        None,
    ]
    assert inputs[3]["error"].startswith(DOWN)
    assert named(found) == named(found, "policies") == ["c c-web", "b b-web", "a a-web"]
    assert [item["cluster"] for item in found["skipped"]] == ["b"]
    assert [(item["cluster"], item["file"]) for item in found["errors"]] == [
        ("a", "context a: pods of namespace shop"),
        ("down", "context down"),
    ]
    assert found["summary"]["policies"] == 3


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("hang"), "did not answer within 0.3 s"),
        (Fault("status", 401), "does not accept the credentials"),
        (Fault("text", 200, text="<html>"), "the answer is not JSON"),
    ],
)
def test_one_is_slow_or_refuses_or_is_something_else(fleet: Fleet, fault: Fault, said: str) -> None:
    fleet.apis["b"].faults[VERSION] = [fault]
    done = fleet.audit("--contexts", "a,b,c", "--request-timeout", "0.3s")
    assert done.code == 4
    assert done.stderr.startswith("error: context b: ")
    assert said in done.stderr
    assert "2 policies in 2 clusters: 2 errors" in done.stdout


def test_one_forbids(fleet: Fleet) -> None:
    fleet.apis["b"].forbidden = ["/apis/networking.k8s.io/*"]
    found = fleet.report("a,b")
    assert named(found) == ["a a-web"]
    assert "is forbidden" in found["input"]["clusters"][1]["error"]


def test_a_context_that_does_not_exist(fleet: Fleet) -> None:
    done = fleet.audit("--contexts", "a,dwn")
    assert done.code == 4
    assert 'error: context dwn: context "dwn" does not exist in kubeconfig' in done.stderr
    assert done.stderr.endswith('did you mean "down"?\n')
    assert "error egress-implicit shop/a-web" in done.stdout


def test_a_namespace_that_one_does_not_have(fleet: Fleet) -> None:
    fleet.apis["b"].add_namespace("only-here")
    found = fleet.report("a,b", "-n", "only-here")
    assert 'namespace "only-here" does not exist' in found["input"]["clusters"][0]["error"]
    assert found["input"]["clusters"][1]["namespace"] == "only-here"


def test_all_are_down(fleet: Fleet) -> None:
    fleet.write({"x": DOWN, "y": DOWN})
    done = fleet.audit("--contexts", "all")
    assert done.code == 4
    assert done.stdout.endswith(
        "no cluster could be audited\n"
        "2 of 2 clusters could not be audited: the result is incomplete\n"
    )
    assert done.stderr.count("\n") == 2


def test_the_exit_code_of_failures_comes_before_that_of_findings(fleet: Fleet) -> None:
    assert fleet.audit("--contexts", "a,b").code == 1
    assert fleet.audit("--contexts", "a,b", "--exit-zero").code == 0
    assert fleet.audit("--contexts", "a,down", "--exit-zero").code == 4
    for api in fleet.apis.values():
        api.objects[POLICIES].clear()
    done = fleet.audit("--contexts", "a,b,c")
    assert (done.code, "no NetworkPolicy in 3 clusters\n" in done.stdout) == (0, True)


# which ones


def test_all_and_patterns(fleet: Fleet) -> None:
    everything = fleet.report("all")["input"]["clusters"]
    assert [item["context"] for item in everything] == ["a", "b", "c", "down"]
    some = fleet.report("[ab]")["input"]["clusters"]
    assert [item["context"] for item in some] == ["a", "b"]


def test_two_contexts_of_one_server_are_audited_both_and_it_is_said(fleet: Fleet) -> None:
    fleet.write({"a": fleet.apis["a"].url, "admin": fleet.apis["a"].url})
    done = fleet.audit("--contexts", "all")
    assert done.stdout.count("error egress-implicit shop/a-web") == 2
    assert "the same server as context a\n" in done.stdout
    assert (
        "admin leads to the same server as a: its policies and findings count twice\n"
        in done.stdout
    )
    clusters = fleet.report("all")["input"]["clusters"]
    assert [item.get("sameServerAs") for item in clusters] == [None, "a"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--contexts", "a", "--context", "b"), 2, "error: --contexts chooses several clusters"),
        (("--contexts", "a", "--cluster", "b"), 2, "error: --contexts chooses several clusters"),
        (("--contexts", ""), 2, 'error: --contexts "": a name is empty; is a variable not set?'),
        (("--contexts", "a,,b"), 2, 'error: --contexts "a,,b": a name is empty'),
        (("--contexts", "a", "-l", "a b"), 2, "error: -l a b:"),
    ],
)
def test_wrong_usage(fleet: Fleet, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = fleet.audit(*arguments)
    assert (done.code, done.stdout) == (code, "")
    assert done.stderr.startswith(said)


def test_a_kubeconfig_that_cannot_be_used(fleet: Fleet) -> None:
    fleet.config.write_text("[", encoding="utf-8")
    done = fleet.audit("--contexts", "all")
    assert (done.code, done.stdout, done.stderr.count("\n")) == (4, "", 1)


# what it looks like elsewhere


def test_csv_has_a_column_more_and_one_cluster_has_not(fleet: Fleet) -> None:
    rows = list(csv.DictReader(fleet.audit("--contexts", "a,b", "-ocsv").stdout.splitlines()))
    assert [(row["name"], row["cluster"]) for row in rows] == [("a-web", "a"), ("b-web", "b")]
    alone = fleet.audit("--context", "a", "-ocsv").stdout
    assert ",undecided_pods,rules\n" in alone
    assert (
        "cluster" not in json.loads(fleet.audit("--context", "a", "-ojson").stdout)["findings"][0]
    )


def test_names_carry_their_context(fleet: Fleet) -> None:
    assert fleet.audit("--contexts", "a,b", "-o", "name").stdout == (
        "networkpolicy.networking.k8s.io/a-web -n shop --context a\n"
        "networkpolicy.networking.k8s.io/b-web -n shop --context b\n"
    )


def test_wide_has_the_table_of_pods_of_each(fleet: Fleet) -> None:
    done = fleet.audit("--contexts", "a,b", "-o", "wide")
    assert done.stdout.count("NAMESPACE   POLICY   PODS") == 2
    assert done.stdout.count("CONTEXT   POLICIES") == 1


def test_check_version_counts_for_each(fleet: Fleet) -> None:
    fleet.apis["b"].answers[VERSION] = {"minor": "33", "gitVersion": "v1.33.0"}
    found = fleet.report("a,b", "--check-version")
    assert [item["severity"] for item in found["findings"]] == ["error", "warning"]


# side by side


def test_they_are_read_side_by_side_and_only_so_many(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, most = [0], [0]
    lock, met = threading.Lock(), threading.Barrier(2)

    def counted(*arguments: Any) -> Any:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(5)
        try:
            return check_cluster(*arguments)
        finally:
            with lock:
                inside[0] -= 1

    monkeypatch.setattr(clusters, "AT_ONCE", 2)
    monkeypatch.setattr("kubectl_npcheck.check.clusters.check_cluster", counted)
    fleet.audit("--contexts", "all")
    assert most == [2]


def test_an_interrupted_run_ends_at_once(fleet: Fleet) -> None:
    pods = "/api/v1/namespaces/shop/pods"
    for api in fleet.apis.values():
        api.faults[pods] = [Fault("hang")]
    command = [sys.executable, "-m", "kubectl_npcheck", "audit", "--request-timeout", "0"]
    process = subprocess.Popen(
        [*command, "--kubeconfig", str(fleet.config), "--contexts", "all"],
        cwd=fleet.directory,
        env={**os.environ, "PYTHONPATH": str(SCHEMA.parents[1])},
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + 20
    while time.monotonic() < until and not all(api.asked(pods) for api in fleet.apis.values()):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)  # without the interrupt it would wait for ever
    assert (process.returncode, said.strip()) == (130, b"error: interrupted")


def test_no_plugin_may_ask(fleet: Fleet) -> None:
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": "sh"}
    fleet.write({"a": fleet.apis["a"].url}, exec={**plugin, "interactiveMode": "Always"})
    done = fleet.audit("--contexts", "a")
    assert done.code == 4
    assert "credential plugin sh: wants to ask (interactiveMode: Always): audit" in done.stderr


# beside what is known


def test_since_a_report_of_several(fleet: Fleet) -> None:
    fleet.audit("--contexts", "a,b", "--report", "a.json")
    fleet.apis["a"].objects[POLICIES].clear()
    fleet.apis["c"].objects[POLICIES].clear()
    fleet.apis["c"].add_policy("shop", "zone", DENY)
    done = fleet.audit("--contexts", "a,c", "--since", "a.json")
    assert (
        "gone since a.json:\n"
        "    context a: error egress-implicit shop/a-web: egress is not stated\n" in done.stdout
    )
    assert "since a.json: 0 new, 0 unchanged, 1 gone\n" in done.stdout
    assert "1 finding of a.json not checked this time: context b was not audited\n" in done.stdout


def test_a_cluster_that_is_down_now_has_nothing_gone(fleet: Fleet) -> None:
    fleet.audit("--contexts", "a,b", "--report", "a.json")
    urls = {"a": fleet.apis["a"].url, "b": DOWN}
    fleet.write(urls)
    found = fleet.report("a,b", "--since", "a.json")["trend"]
    assert (found["unchanged"], found["gone"]) == (1, [])
    assert found["notCheckedNow"] == [{"number": 1, "reason": "context b could not be audited"}]


def test_one_cluster_beside_a_report_of_several_and_the_other_way_round(fleet: Fleet) -> None:
    fleet.audit("--contexts", "a,b", "--report", "several.json")
    fleet.audit("--context", "a", "--report", "one.json")
    one = json.loads(fleet.audit("--context", "a", "--since", "several.json", "-ojson").stdout)
    assert (one["trend"]["new"], one["trend"]["unchanged"]) == (0, 1)
    assert one["trend"]["notCheckedNow"][0]["reason"] == "context b was not audited"
    several = fleet.report("a,b", "--since", "one.json")["trend"]
    assert (several["new"], several["unchanged"], several["gone"]) == (1, 1, [])
    assert several["notCheckedThen"] == [{"number": 1, "reason": "context b was not audited"}]


def test_a_baseline_of_several(fleet: Fleet) -> None:
    assert fleet.audit("--contexts", "a,b", "--write-baseline").code == 0
    assert fleet.audit("--contexts", "a,b", "--baseline", ".npcheck-baseline.json").code == 0
    assert fleet.audit("--contexts", "b,c", "--baseline", ".npcheck-baseline.json").code == 1
    assert fleet.audit("--context", "b", "--baseline", ".npcheck-baseline.json").code == 0
    fleet.apis["c"].objects[POLICIES].clear()
    fleet.audit("--contexts", "b,c", "--write-baseline")
    known = json.loads((fleet.directory / ".npcheck-baseline.json").read_text())["findings"]
    assert [item["cluster"] for item in known] == ["a", "b"]


def test_a_baseline_of_one_serves_for_several_that_are_alike(fleet: Fleet) -> None:
    for name in ("a", "b"):
        fleet.apis[name].objects[POLICIES].clear()
        fleet.apis[name].add_policy("shop", "web", IMPLICIT)
    fleet.audit("--context", "a", "--write-baseline")
    done = fleet.audit("--contexts", "a,b", "--baseline", ".npcheck-baseline.json")
    assert done.code == 0
    assert "2 findings left out: the baseline knows them\n" in done.stdout


def test_fix_live_leaves_alone_what_a_baseline_of_several_knows(fleet: Fleet) -> None:
    fleet.audit("--contexts", "a,b", "--write-baseline")
    for context, code in (("a", 0), ("c", 1)):
        done = run(
            *("fix", "--live", "--kubeconfig", str(fleet.config), "--context", context),
            *("--baseline", ".npcheck-baseline.json"),
            cwd=fleet.directory,
        )
        assert done.code == code, done


# the library


def test_the_library(fleet: Fleet) -> None:
    report = audit(kubeconfig=str(fleet.config), contexts=["a", "down"])
    assert [finding.cluster for finding in report.findings] == ["a"]
    assert [error.cluster for error in report.errors] == ["down"]
    with pytest.raises(ValueError, match="context, or contexts"):
        audit(context="a", contexts=["b"])
