"""`audit` against a small API server: what it reports, and which reading counts."""

from __future__ import annotations

import csv
import json

import pytest

from tests.cli.small_cluster import (
    DENY,
    DEPLOYMENTS,
    EDIT,
    IMPLICIT,
    LAST_APPLIED,
    NOBODY,
    PODS,
    Cluster,
)
from tests.cluster.api import NETWORKING
from tests.command import run

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
