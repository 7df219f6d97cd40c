"""What `fix --live` plans, and how it tells it; a small API server answers."""

from __future__ import annotations

import json

import pytest
import yaml

from tests.cli.fix_live.support import backups, outcomes, patches, spec
from tests.cli.small_cluster import DENY, IMPLICIT, LAST_APPLIED, PODS, Cluster
from tests.command import run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--context", "x"], "--context is for a cluster: it needs --live"),
        (["--apply"], "--apply is for a cluster"),
        (["-A"], "-A is for a cluster"),
        (["--undo", "x"], "--undo is for a cluster"),
        (["--live", "k8s"], "PATH is for manifests"),
        (["--live", "-f", "k8s"], "-f is for manifests"),
        (["--live", "--diff"], "--diff is for manifests"),
        (["--live", "--with", "."], "--with is for manifests"),
        (["--live", "--alone"], "--alone is for manifests"),
        (["--live", "--split"], "--live changes only what is there"),
        (["--live", "--undo", "x", "--apply"], "--apply does not go together with --undo"),
        (["--live", "-n", "No"], "not the name of a namespace"),
        (["--live", "-l", "a=b=c"], "-l a=b=c:"),
        (["--live", "--rule", "policy-types-implicit"], "shows in manifests only"),
        (["--rule", "sticky-default"], "shows in a cluster only"),
        (["--live", "--rule", "host-network"], "only its author can repair this"),
    ],
)
def test_wrong_usage_is_one_clear_line(arguments: list[str], said: str) -> None:
    done = run("fix", *arguments)
    assert (done.code, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.startswith("error: ")


def test_a_plan_writes_nothing(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    before = json.dumps(spec(cluster))
    done = cluster.fix()
    assert done.code == 1
    assert json.dumps(spec(cluster)) == before
    assert (patches(cluster), patches(cluster, dry=True)) == ([], ["web"])
    assert backups(cluster) == []


def test_a_plan_says_what_and_for_whom(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.add_pod("shop", "web-1", {"app": "web"})
    done = cluster.fix()
    assert done.stdout.startswith("cluster kind (")
    assert "would fix shop/web: egress stays open, by `egress: [{}]` (preserve)" in done.stdout
    assert "    +  - Egress\n" in done.stdout
    assert "pods app=web: egress stays open (open reading), denied → open (deny reading)" in (
        done.stdout
    )
    assert "concerns Pod web-1" in done.stdout
    assert "nothing was written; --apply saves a backup, then writes" in done.stdout
    assert done.stderr == ""


def test_yaml_has_no_anchors(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    shown = cluster.fix("-o", "yaml").stdout
    assert yaml.safe_load(shown)["changes"][0]["live"]["outcome"] == "planned"
    assert "&id" not in shown


def test_pods_that_may_not_be_listed_are_not_known(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.api.forbidden = ["/api/v1/namespaces/shop/pods", PODS]
    done = cluster.fix()
    assert done.code == 1
    assert "which pods are concerned now is not known" in done.stdout


def test_what_a_baseline_knows_is_left_alone(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "old", IMPLICIT)
    cluster.audit("--baseline", "b.json", "--write-baseline")
    selector = {"matchLabels": {"app": "new"}}
    cluster.api.add_policy("shop", "web", {**IMPLICIT, "podSelector": selector})
    assert list(outcomes(cluster, "--baseline", "b.json", "--apply")) == ["web"]
    assert cluster.fix("--baseline", "b.json").code == 0


def test_what_is_suppressed_is_left_alone(cluster: Cluster) -> None:
    ignored = {"npcheck/ignore": "egress-implicit"}
    cluster.api.add_policy("shop", "web", IMPLICIT, annotations=ignored)
    assert cluster.fix("--apply").code == 0
    assert patches(cluster, dry=True) == []


def test_the_role_for_it_patches_policies_and_nothing_else() -> None:
    verbs: dict[str, set[str]] = {}
    for item in yaml.safe_load(run("rbac", "--write").stdout)["rules"]:
        for resource in item["resources"]:
            verbs.setdefault(resource, set()).update(item["verbs"])
    assert verbs["networkpolicies"] == {"list", "get", "patch"}
    assert verbs["namespaces"] == {"list", "get"}
    own = ("networkpolicies", "namespaces")
    assert all(held == {"list"} for name, held in verbs.items() if name not in own)
    reading = yaml.safe_load(run("rbac").stdout)["rules"]
    assert not any("patch" in item["verbs"] for item in reading)


def test_nothing_to_do(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "deny", DENY)
    done = cluster.fix("--apply")
    assert done.code == 0
    assert "nothing to fix" in done.stdout
    assert backups(cluster) == []


def test_exit_zero_is_for_a_plan_too(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    assert cluster.fix("--exit-zero").code == 0


def test_a_selector_chooses_what_is_repaired(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT, labels={"team": "a"})
    cluster.api.add_policy("shop", "other", IMPLICIT)
    assert list(outcomes(cluster, "-l", "team=a")) == ["web"]


def test_other_strategies(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    assert cluster.fix("--strategy", "dns", "--apply").code == 1
    ports = spec(cluster)["egress"][0]["ports"]
    assert [port["port"] for port in ports] == [53, 53]


def test_a_denial_is_put_on_record_and_taken_off_again(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.fix("--strategy", "deny-all", "--apply")
    policy = cluster.api.policy("shop", "web")
    assert policy["metadata"]["annotations"] == {"npcheck/ignore": "egress-denied"}
    assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert cluster.fix("--undo", backups(cluster)[0].name).code == 0
    policy = cluster.api.policy("shop", "web")
    assert (policy["spec"], policy["metadata"].get("annotations")) == (IMPLICIT, None)


def test_the_manifest_has_to_be_repaired_too(cluster: Cluster) -> None:
    manifest = json.dumps({"spec": IMPLICIT})
    cluster.api.add_policy("shop", "web", IMPLICIT, annotations={LAST_APPLIED: manifest})
    assert (
        "repair its manifest too (applied, last-applied annotation): its next apply takes Egress "
        "off the list again and leaves the egress rules dead" in cluster.fix().stdout
    )
