"""`audit` against a small API server: what it reports, what it says it could not see, how it ends."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kubectl_npcheck.cluster import client as client_module
from tests.cluster.api import NETWORKING, POLICIES, Api, Fault, failure, kubeconfig, serving
from tests.command import Result, run

SCHEMA = Path(__file__).parents[2] / "docs" / "report.schema.json"
PODS = "/api/v1/pods"
DEPLOYMENTS = "/apis/apps/v1/deployments"
IMPLICIT = {
    "podSelector": {"matchLabels": {"app": "web"}},
    "policyTypes": ["Ingress"],
    "ingress": [{"ports": [{"protocol": "TCP", "port": 80}]}],
}
DENY = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
EDIT = [{"manager": "kubectl-edit", "operation": "Update", "time": "2026-11-20T14:03:11Z"}]


LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


class Cluster:
    """A cluster on loopback, and the command that audits it."""

    def __init__(self, api: Api, directory: Path) -> None:
        self.api = api
        self.directory = directory
        self.config = kubeconfig(directory, api.url)
        api.add_namespace("shop", "edge")

    def audit(self, *arguments: str) -> Result:
        return run("audit", "--kubeconfig", str(self.config), *arguments, cwd=self.directory)

    def report(self, *arguments: str) -> dict[str, Any]:
        """The JSON report, checked against its schema."""
        done = self.audit("-o", "json", *arguments)
        found: dict[str, Any] = json.loads(done.stdout)
        jsonschema.validate(found, json.loads(SCHEMA.read_text(encoding="utf-8")))
        return found

    def rules(self, *arguments: str) -> list[str]:
        """`severity rule namespace/name` of the findings."""
        return [
            f"{item['severity']} {item['rule']} {item['namespace']}/{item['name']}"
            for item in self.report(*arguments)["findings"]
        ]

    def add_pod(self, namespace: str, name: str, labels: dict[str, str], **spec: Any) -> None:
        self.api.add(PODS, namespace, name, metadata={"labels": labels}, spec=spec)

    def add_deployment(self, namespace: str, name: str, labels: dict[str, str]) -> None:
        template = {"metadata": {"labels": labels}, "spec": {}}
        self.api.add(DEPLOYMENTS, namespace, name, spec={"template": template})


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    monkeypatch.setattr(client_module, "FIRST_PAUSE", 0.0)
    with serving(Api()) as api:
        yield Cluster(api, tmp_path)


# what it reports


def test_a_finding_names_the_pods_and_the_last_change(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT, managedFields=EDIT)
    cluster.add_pod("shop", "web-1", {"app": "web"})
    cluster.add_pod("shop", "db-1", {"app": "db"})
    done = cluster.audit()
    assert done.code == 1
    assert done.stdout.startswith(
        f"cluster kind ({cluster.api.url}), context test, namespace shop\n"
    )
    assert "as jane, Kubernetes v1.34.4\n" in done.stdout
    assert "egress that is not stated: open, as Kubernetes is published" in done.stdout
    assert "network plugin: not known\n" in done.stdout
    assert "shop        web      restricted   undecided   no\n" in done.stdout
    assert "error egress-implicit shop/web: egress is not stated\n" in done.stdout
    assert "    concerns Pod web-1\n" in done.stdout
    assert "last changed 2026-11-20T14:03:11Z by kubectl-edit (Update)\n" in done.stdout
    assert "compliant: 0 of 1 policy (0 %)\n1 policy in 1 namespace: 1 error" in done.stdout
    assert done.stderr == ""


def test_json_has_the_cluster_and_the_change(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT, managedFields=EDIT)
    found = cluster.report()
    assert found["input"]["cluster"] == "kind"
    assert found["input"]["identity"] == "jane"
    assert found["input"]["reading"] == {"outcome": "open", "detail": "", "except": []}
    assert found["summary"]["complianceRate"] == 0.0
    (finding,) = [item for item in found["findings"] if item["rule"] == "egress-implicit"]
    assert finding["file"] is None
    assert finding["changed"]["manager"] == "kubectl-edit"


@pytest.mark.parametrize(("sibling", "compliant"), [(False, "False"), (True, "True")])
def test_a_denial_that_no_manifest_states_is_not_compliant(
    cluster: Cluster, sibling: bool, compliant: str
) -> None:
    spec = {key: value for key, value in IMPLICIT.items() if key != "policyTypes"}
    written = json.dumps({"spec": spec})
    applied = {
        "manager": "kubectl-client-side-apply",
        "operation": "Update",
        "time": "2026-11-20T14:03:11Z",
        "fieldsV1": {"f:metadata": {"f:annotations": {f"f:{LAST_APPLIED}": {}}}},
    }
    cluster.api.add_policy(
        "shop",
        "web",
        {**IMPLICIT, "policyTypes": ["Ingress", "Egress"]},
        annotations={LAST_APPLIED: written},
        managedFields=[applied],
    )
    cluster.add_pod("shop", "web-1", {"app": "web"})
    if sibling:
        cluster.api.add_policy("shop", "zone", {**DENY, "egress": [{}]})
    row = next(csv.DictReader(cluster.audit("-o", "csv").stdout.splitlines()))
    assert (row["name"], row["compliant"]) == ("web", compliant)
    assert row["undecided_pods"] == ("" if sibling else "Pod/web-1")
    assert sibling or row["violation"] == "egress is denied, and the manifest does not state it"


def test_csv_has_one_row_a_policy(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.api.add_policy("edge", "deny", DENY)
    cluster.add_pod("shop", "web-1", {"app": "web"})
    rows = list(csv.DictReader(cluster.audit("-A", "-o", "csv").stdout.splitlines()))
    assert [(row["namespace"], row["name"], row["compliant"]) for row in rows] == [
        ("edge", "deny", "True"),
        ("shop", "web", "False"),
    ]
    assert rows[1]["undecided_pods"] == "Pod/web-1"


def test_name_is_for_kubectl(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    done = cluster.audit("-o", "name")
    assert done.stdout == "networkpolicy.networking.k8s.io/web -n shop\n"


def test_wide_has_the_header_too(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    assert cluster.audit("-o", "wide").stdout.startswith("cluster kind (")


def test_a_sibling_decides(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.api.add_policy("shop", "deny", DENY)
    assert "note egress-implicit shop/web" in cluster.rules()
    assert cluster.audit().code == 0


def test_a_policy_of_another_namespace_does_not(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.api.add_policy("edge", "deny", DENY)
    assert "error egress-implicit shop/web" in cluster.rules("-A")


def test_what_is_selected_is_reported_and_everything_is_read(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT, labels={"team": "a"})
    cluster.api.add_policy("shop", "api", IMPLICIT)
    cluster.api.add_policy("shop", "deny", DENY)
    found = cluster.report("-l", "team=a")
    assert [entry["name"] for entry in found["policies"]] == ["web"]
    assert found["input"]["selector"] == "team=a"
    assert {item["name"] for item in found["findings"]} == {"web"}
    assert all(item["severity"] == "note" for item in found["findings"])


def test_the_order_does_not_depend_on_the_servers(cluster: Cluster) -> None:
    for namespace in ("shop", "edge"):
        for name in ("b", "a"):
            cluster.api.add_policy(namespace, name, IMPLICIT)
    found = cluster.report("-A")
    names = [(entry["namespace"], entry["name"]) for entry in found["policies"]]
    assert names == [("edge", "a"), ("edge", "b"), ("shop", "a"), ("shop", "b")]
    assert cluster.report("-A")["findings"] == found["findings"]


def test_a_cluster_without_policies(cluster: Cluster) -> None:
    done = cluster.audit("-A")
    assert done.code == 0
    assert "no NetworkPolicy in cluster kind\n" in done.stdout


def test_the_annotation_suppresses(cluster: Cluster) -> None:
    notes = {"npcheck/ignore": "egress-implicit"}
    cluster.api.add_policy("shop", "web", IMPLICIT, annotations=notes)
    assert not any("egress-implicit" in rule for rule in cluster.rules())


def test_settings_count(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    (cluster.directory / ".npcheck.yaml").write_text("rules: {egress-implicit: note}\n")
    assert cluster.audit().code == 0
    assert cluster.audit("--fail-on", "note").code == 1


def test_policies_of_another_api_are_named(cluster: Cluster) -> None:
    cluster.api.answers["/apis"] = {
        "groups": [{"name": "cilium.io", "preferredVersion": {"groupVersion": "cilium.io/v2"}}]
    }
    kind = {"name": "ciliumnetworkpolicies", "kind": "CiliumNetworkPolicy", "namespaced": True}
    cluster.api.answers["/apis/cilium.io/v2"] = {"resources": [{**kind, "verbs": ["list"]}]}
    cluster.api.add("/apis/cilium.io/v2/ciliumnetworkpolicies", "shop", "l7", spec={})
    cluster.api.add_policy("shop", "web", IMPLICIT)
    found = cluster.report()
    assert "note other-kind shop/l7" in cluster.rules()
    (finding,) = [item for item in found["findings"] if item["rule"] == "egress-implicit"]
    assert any("CiliumNetworkPolicy l7" in line for line in finding["evidence"])


def test_the_network_plugin(cluster: Cluster) -> None:
    template = {"metadata": {"labels": {"k8s-app": "x"}}}
    cluster.api.add(
        "/apis/apps/v1/daemonsets", "kube-system", "kube-flannel-ds", spec={"template": template}
    )
    cluster.api.add_namespace("kube-system")
    for scope in ("-A", "-nshop"):
        plugin = cluster.report(scope)["input"]["plugin"]
        assert plugin == {"name": "flannel", "known": "enforces no NetworkPolicy by itself"}


# workloads that have no pods now

NOBODY = {"podSelector": {"matchLabels": {"app": "batch"}}, "policyTypes": ["Ingress", "Egress"]}


def test_nothing_is_selected(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "batch", NOBODY)
    cluster.add_pod("shop", "web-1", {"app": "web"})
    assert "warning selects-nothing shop/batch" in cluster.rules()


def test_a_deployment_without_pods_is_selected(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "batch", NOBODY)
    cluster.add_pod("shop", "web-1", {"app": "web"})
    cluster.add_deployment("shop", "batch", {"app": "batch"})
    assert not any("selects-nothing" in rule for rule in cluster.rules())


@pytest.mark.parametrize("hidden", [DEPLOYMENTS, PODS])
def test_without_a_look_at_workloads_it_is_unknown(cluster: Cluster, hidden: str) -> None:
    cluster.api.add_policy("shop", "batch", NOBODY)
    cluster.add_pod("shop", "web-1", {"app": "web"})
    cluster.add_deployment("shop", "web", {"app": "web"})
    cluster.api.forbidden = [hidden, hidden.replace("/v1/", "/v1/namespaces/shop/")]
    found = cluster.report()
    assert not any(item["rule"] == "selects-nothing" for item in found["findings"])
    assert [item["reason"] for item in found["skipped"]] == ["no-permission"]


def test_a_deployment_is_named_only_where_it_has_no_pods(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.add_pod("shop", "web-1", {"app": "web", "pod-template-hash": "1"})
    cluster.add_deployment("shop", "web", {"app": "web"})
    cluster.add_deployment("shop", "idle", {"app": "web", "tier": "x"})
    assert "    concerns Pod web-1\n" in cluster.audit().stdout
    assert "Pod/web-1; Deployment/idle," in cluster.audit("-o", "csv").stdout


# permissions


def test_less_is_reported_and_said(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.api.forbidden = ["/api/*", "/apis/apps/*", "/apis/batch/*"]
    done = cluster.audit()
    assert done.code == 1
    assert "error egress-implicit shop/web" in done.stdout
    assert "not known for want of permission:\n" in done.stdout
    for said in (
        "    pods: forbidden in namespace shop; which pods are concerned is not known\n",
        "    namespaces: forbidden in the whole cluster; the labels of namespaces are not known\n",
        "    deployments, replicasets, statefulsets, daemonsets, jobs, cronjobs: forbidden in ",
    ):
        assert said in done.stdout


def test_all_namespaces_as_far_as_they_may_be_read(cluster: Cluster) -> None:
    for namespace in ("shop", "edge"):
        cluster.api.add_policy(namespace, "web", IMPLICIT)
    cluster.api.forbidden = [POLICIES, f"{NETWORKING}/namespaces/edge/networkpolicies"]
    found = cluster.report("-A")
    assert [entry["namespace"] for entry in found["policies"]] == ["shop"]
    (skipped,) = found["skipped"]
    assert skipped["message"] == (
        "networkpolicies: forbidden in 1 of 2 namespaces (edge);"
        " nothing is said of the policies there"
    )


def test_lists_that_are_only_useful_are_not_tried_in_every_namespace(cluster: Cluster) -> None:
    """A thousand namespaces times six kinds of workloads would be a flood of refusals."""
    cluster.api.forbidden = ["/apis/apps/*", "/apis/batch/*"]
    cluster.audit("-A")
    assert not any("/namespaces/" in r.path and "/apps/" in r.path for r in cluster.api.requests)


def test_other_lists_are_tried_where_policies_may_be_listed(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.add_pod("shop", "web-1", {"app": "web"})
    cluster.api.forbidden = [POLICIES, PODS, f"{NETWORKING}/namespaces/edge/networkpolicies"]
    found = cluster.report("-A")
    assert any("concerns Pod web-1" in item["evidence"] for item in found["findings"])
    assert not cluster.api.asked("/api/v1/namespaces/edge/pods")


def test_a_user_of_one_namespace(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.api.forbidden = [
        POLICIES,
        PODS,
        "/api/v1/namespaces",
        "/api/v1/services",
        "/apis/apps/*",
    ]
    found = cluster.report("-A")
    assert [entry["namespace"] for entry in found["policies"]] == ["shop"]
    messages = [item["message"] for item in found["skipped"]]
    assert messages[0].startswith("networkpolicies: forbidden in the whole cluster; ")


def test_no_policies_anywhere_is_an_error(cluster: Cluster) -> None:
    cluster.api.forbidden = ["/apis/networking*", "/api*"]
    for scope in ("-A", "-nshop"):
        done = cluster.audit(scope)
        assert done.code == 4
        assert done.stdout == ""
        assert " is forbidden: User " in done.stderr
        assert "npcheck rbac" in done.stderr


def test_without_create_the_reading_is_not_probed(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.api.created[f"{NETWORKING}/namespaces/shop/networkpolicies"] = failure(
        403, "Forbidden", 'User "jane" cannot create resource "networkpolicies"'
    )
    assert (
        "egress that is not stated: not probed: no permission to create" in cluster.audit().stdout
    )


def test_a_namespace_that_may_only_be_got(cluster: Cluster) -> None:
    cluster.api.forbidden = ["/api/v1/namespaces"]
    assert cluster.audit("-n", "shop").code == 0
    done = cluster.audit("-n", "shpo")
    assert done.code == 4
    assert 'namespace "shpo" does not exist in cluster kind' in done.stderr


def test_a_misspelt_namespace_is_not_clean(cluster: Cluster) -> None:
    done = cluster.audit("-n", "shpo")
    assert (done.code, done.stdout) == (4, "")
    assert done.stderr == (
        'error: namespace "shpo" does not exist in cluster kind; did you mean "shop"?\n'
    )


# the reading

ADDED = (201, {"spec": {"policyTypes": ["Ingress", "Egress"]}})


def test_a_namespace_that_is_read_otherwise(cluster: Cluster) -> None:
    for namespace in ("edge", "mesh", "shop"):
        cluster.api.add_policy(namespace, "web", IMPLICIT)
    cluster.api.created[f"{NETWORKING}/namespaces/shop/networkpolicies"] = ADDED
    done = cluster.audit("-A")
    assert "egress that is not stated: open, as Kubernetes is published" in done.stdout
    assert "  namespace shop: denied (measured by a dry run): something" in done.stdout


def test_a_finding_says_which_reading_counts_there(cluster: Cluster) -> None:
    for namespace in ("edge", "shop"):
        cluster.api.add_policy(namespace, "web", IMPLICIT)
    cluster.api.created[f"{NETWORKING}/namespaces/shop/networkpolicies"] = ADDED
    said = {
        item["namespace"]: [line for line in item["evidence"] if line.startswith("probed: ")]
        for item in cluster.report("-A")["findings"]
        if item["rule"] == "egress-implicit"
    }
    assert said["edge"] == ["probed: the API server follows the open reading here"]
    assert said["shop"][0].startswith("probed: Egress is appended")


@pytest.mark.parametrize(
    ("minor", "added", "severity"),
    [("34", False, "error"), ("33", False, "warning"), ("33+", True, "error")],
)
def test_check_version(cluster: Cluster, minor: str, added: bool, severity: str) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.api.answers["/version"] = {"minor": minor, "gitVersion": f"v1.{minor}"}
    if added:
        cluster.api.created[f"{NETWORKING}/namespaces/shop/networkpolicies"] = ADDED
    assert f"{severity} egress-implicit shop/web" in cluster.rules("--check-version")
    assert (
        "Kubernetes as published does not do that in any version"
        in cluster.audit("--check-version").stdout
    )


# errors


def test_a_list_that_fails_is_no_empty_list(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "batch", NOBODY)
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.api.faults["/api/v1/namespaces/shop/pods"] = [Fault("status", 500, text="boom")] * 9
    done = cluster.audit("-o", "json")
    assert done.code == 4
    found = json.loads(done.stdout)
    assert [item["file"] for item in found["errors"]] == ["pods of namespace shop"]
    assert any(item["rule"] == "egress-implicit" for item in found["findings"])
    assert not any(item["rule"] == "selects-nothing" for item in found["findings"])
    assert "error: pods of namespace shop: the API server answered 500" in done.stderr


def test_an_api_that_is_not_served_has_no_objects(cluster: Cluster) -> None:
    cluster.api.faults["/apis/batch/v1/namespaces/shop/cronjobs"] = [Fault("status", 404)]
    assert cluster.audit().code == 0
    cluster.api.faults[f"{NETWORKING}/namespaces/shop/networkpolicies"] = [Fault("status", 404)]
    assert cluster.audit().code == 4, "this is no Kubernetes"


def test_policies_that_cannot_be_read_are_not_clean(cluster: Cluster) -> None:
    path = f"{NETWORKING}/namespaces/shop/networkpolicies"
    cluster.api.faults[path] = [Fault("status", 500)] * 9
    done = cluster.audit()
    assert done.code == 4
    assert "no NetworkPolicy could be judged\n" in done.stdout
    assert "the result is incomplete" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("-l", "a b"), 2, "error: -l a b:"),
        (("--request-timeout", "soon"), 2, 'error: --request-timeout "soon"'),
        (("-n", "a/b"), 2, 'error: -n "a/b": not the name of a namespace'),
        (("-n", ""), 2, 'error: -n "": not the name of a namespace'),
        (("--chunk-size", "-1"), 2, "error: invalid value"),
        (("--context", "prod"), 4, 'error: context "prod" does not exist'),
        (("-o", "nope"), 2, "error: unknown output format"),
    ],
)
def test_wrong_usage(cluster: Cluster, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = cluster.audit(*arguments)
    assert (done.code, done.stdout) == (code, "")
    assert done.stderr.startswith(said)


def test_wrong_credentials(cluster: Cluster) -> None:
    cluster.api.faults["/version"] = [Fault("status", 401)]
    done = cluster.audit()
    assert (done.code, done.stdout) == (4, "")
    assert done.stderr.startswith("error: the API server does not accept the credentials")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("seconds", ["0.2s", "200ms", "0h0m0.2s"])
def test_a_server_that_never_answers(cluster: Cluster, seconds: str) -> None:
    cluster.api.faults["/version"] = [Fault("hang")]
    done = cluster.audit("--request-timeout", seconds)
    assert done.code == 4
    assert "did not answer within 0.2 s" in done.stderr


def test_an_interrupted_run_ends_at_once(cluster: Cluster) -> None:
    cluster.api.faults["/api/v1/namespaces/shop/pods"] = [Fault("hang")]
    command = [sys.executable, "-m", "kubectl_npcheck", "audit", "--request-timeout", "0"]
    process = subprocess.Popen(
        [*command, "--kubeconfig", str(cluster.config)],
        cwd=cluster.directory,
        env={**os.environ, "PYTHONPATH": str(SCHEMA.parents[1])},
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + 20
    while not cluster.api.asked("/api/v1/namespaces/shop/pods") and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=5)
    assert (process.returncode, said.strip()) == (130, b"error: interrupted")


def test_nothing_but_reads_reviews_and_dry_runs(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.audit("-A")
    writes = [request for request in cluster.api.requests if request.method != "GET"]
    assert {request.path.rpartition("/")[2] for request in writes} == {
        "selfsubjectreviews",
        "networkpolicies",
    }
    assert all(
        request.query.get("dryRun") == "All"
        for request in writes
        if request.path.endswith("networkpolicies")
    )


# the other commands


def test_version_of_the_server(cluster: Cluster) -> None:
    done = run("version", "--server", "--kubeconfig", str(cluster.config))
    assert done.code == 0
    assert "Kubernetes v1.34.4, cluster kind" in done.stdout
    assert "egress that is not stated: open" in done.stdout
    plain = json.loads(
        run("version", "--server", "--kubeconfig", str(cluster.config), "-ojson").stdout
    )
    assert plain["serverVersion"]["reading"]["outcome"] == "open"


def test_the_library(cluster: Cluster) -> None:
    from kubectl_npcheck import audit

    cluster.api.add_policy("shop", "web", IMPLICIT, labels={"app": "web"})
    report = audit(kubeconfig=str(cluster.config), all_namespaces=True, selector="app=web")
    assert [entry.name for entry in report.policies] == ["web"]
    assert report.failing
