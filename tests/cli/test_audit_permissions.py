"""`audit` with few permissions: what it says it could not see."""

from __future__ import annotations

from tests.cli.small_cluster import (
    IMPLICIT,
    PODS,
    Cluster,
)
from tests.cluster.api import NETWORKING, POLICIES, failure


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
