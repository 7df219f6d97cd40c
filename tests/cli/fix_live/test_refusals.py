"""What `fix --live` does not write, and why."""

from __future__ import annotations

from tests.cli.fix_live.support import OPEN, WEB, backups, data, outcomes, patches, spec
from tests.cli.small_cluster import DENY, IMPLICIT, Cluster
from tests.cluster.api import Plain

ARGO = {
    "annotations": {"argocd.argoproj.io/tracking-id": "a:networking.k8s.io/NetworkPolicy:shop/web"}
}


def test_what_others_keep_is_refused(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT, **ARGO)
    done = cluster.fix("--apply")
    assert done.code == 1
    assert "refused shop/web: egress-implicit: Argo CD (Application a) keeps it" in done.stdout
    assert "to do: repair the Git repository or chart of Application a" in done.stdout
    assert (patches(cluster, dry=True), backups(cluster)) == ([], [])


def test_what_others_keep_is_written_on_request(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT, **ARGO)
    done = cluster.fix("--apply", "--include-managed")
    assert spec(cluster)["egress"] == OPEN
    assert "Argo CD (Application a) may undo this" in done.stdout


def test_what_is_being_deleted_is_left_alone(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT, deletionTimestamp="2026-11-26T22:00:00Z")
    assert "it is being deleted" in cluster.fix("--apply").stdout
    assert patches(cluster, dry=True) == []


def test_policies_of_another_api_that_may_not_be_read(cluster: Cluster) -> None:
    serve_cilium(cluster)
    cluster.api.forbidden = ["/apis/cilium.io/v2/*"]
    cluster.api.add_policy("shop", "web", IMPLICIT)
    done = cluster.fix("--apply")
    assert "policies of another API may restrict the same pods, and could not be read" in (
        done.stdout
    )
    assert "ciliumnetworkpolicies: forbidden" in done.stdout
    assert patches(cluster, dry=True) == []


def test_an_api_server_that_does_not_say_what_it_serves(cluster: Cluster) -> None:
    cluster.api.forbidden = ["/apis"]
    cluster.api.add_policy("shop", "web", IMPLICIT)
    assert "which APIs the cluster serves is not known" in cluster.fix().stdout


def test_policies_of_another_api_in_the_namespace(cluster: Cluster) -> None:
    serve_cilium(cluster)
    cluster.api.add("/apis/cilium.io/v2/ciliumnetworkpolicies", "shop", "l7", spec={})
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.api.add_policy("edge", "web", IMPLICIT)
    found = data(cluster, "-A")
    assert [item["namespace"] for item in found["refused"]] == ["shop"]
    assert [item["namespace"] for item in found["changes"]] == ["edge"]


def serve_cilium(cluster: Cluster) -> None:
    version = {"name": "cilium.io", "preferredVersion": {"groupVersion": "cilium.io/v2"}}
    cluster.api.answers["/apis"] = {"groups": [version]}
    kind = {"name": "ciliumnetworkpolicies", "kind": "CiliumNetworkPolicy", "namespaced": True}
    cluster.api.answers["/apis/cilium.io/v2"] = {"resources": [{**kind, "verbs": ["list"]}]}


def test_admission_that_refuses(cluster: Cluster) -> None:
    cluster.api.admission = lambda policy: "the security team says no"
    cluster.api.add_policy("shop", "web", IMPLICIT)
    done = cluster.fix("--apply")
    assert done.code == 4
    assert "refused shop/web: egress-implicit: the API server does not take the change" in (
        done.stdout
    )
    assert "the security team says no" in done.stdout
    assert "error: shop/web: the API server does not take the change" in done.stderr
    assert (patches(cluster), backups(cluster)) == ([], [])


def test_admission_that_stores_something_else(cluster: Cluster) -> None:
    def no_egress(policy: Plain) -> Plain:
        policy["spec"].pop("egress", None)
        return policy

    cluster.api.admission = no_egress
    cluster.api.add_policy("shop", "web", IMPLICIT)
    done = cluster.fix("--apply")
    assert done.code == 4
    assert "admission would store something else than what is meant" in done.stdout
    assert "spec.egress: null instead of [{}]" in done.stdout
    assert patches(cluster) == []


def test_admission_that_adds_a_label_is_told(cluster: Cluster) -> None:
    def labelled(policy: Plain) -> Plain:
        policy["metadata"]["labels"] = {"seen": "yes"}
        return policy

    cluster.api.admission = labelled
    cluster.api.add_policy("shop", "web", IMPLICIT)
    done = cluster.fix("--apply")
    assert "admission changes the label seen as well" in done.stdout
    assert spec(cluster)["egress"] == OPEN


def test_what_rests_on_a_refused_change_is_not_written(cluster: Cluster) -> None:
    """`all` is decided for all its pods only once `web` and `rest` have stated their egress."""
    rest = {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web", "db"]}]}
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.api.add_policy("shop", "rest", {**IMPLICIT, "podSelector": rest})
    cluster.api.add_policy("shop", "db", {**DENY, "podSelector": {"matchLabels": {"app": "db"}}})
    cluster.api.add_policy("shop", "all", {"podSelector": {}, "policyTypes": ["Ingress"]})
    assert set(outcomes(cluster)) == {"web", "rest", "all"}
    cluster.api.admission = lambda p: "no" if p["metadata"]["name"] == "rest" else p
    found = data(cluster)
    assert [item["name"] for item in found["changes"]] == ["web"]
    assert {item["name"] for item in found["refused"]} == {"rest", "all"}


def test_a_user_who_may_not_patch_sees_the_plan(cluster: Cluster) -> None:
    forbid_patches(cluster)
    cluster.api.add_policy("shop", "web", IMPLICIT)
    done = cluster.fix()
    assert done.code == 4
    assert "would fix shop/web" in done.stdout
    assert "not verified: this account may not even try it out" in done.stdout
    assert "cannot patch resource" in done.stderr


def test_a_user_who_may_not_patch_writes_nothing(cluster: Cluster) -> None:
    forbid_patches(cluster)
    cluster.api.add_policy("shop", "web", IMPLICIT)
    done = cluster.fix("--apply")
    assert done.code == 4
    assert "not reached shop/web" in done.stdout
    assert "nothing was written" in done.stdout
    assert (patches(cluster), backups(cluster)) == ([], [])


def forbid_patches(cluster: Cluster) -> None:
    cluster.api.forbidden = [WEB]
