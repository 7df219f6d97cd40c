"""Denials that no manifest states, and what the pods of today decide."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.fix_live.support import OPEN, data, patches, spec, sticky
from tests.cli.small_cluster import DENY, IMPLICIT, PODS, Cluster
from tests.cluster.api import NETWORKING, Plain


def test_a_mixed_policy_is_decided_by_the_pods_of_today(cluster: Cluster) -> None:
    mixed(cluster)
    cluster.add_pod("shop", "db-1", {"app": "db"})
    refused = cluster.fix().stdout
    assert "refused shop/all" in refused
    assert "to do: --for-current-pods, if the pods of today are of one side" in refused
    assert "--split" not in refused
    done = cluster.fix("--for-current-pods", "--apply")
    assert "written shop/all: egress stays as other policies have it" in done.stdout
    assert "proved for the pods of today only" in done.stdout
    assert "egress" not in spec(cluster, "all")


def test_pods_on_both_sides_stay_mixed(cluster: Cluster) -> None:
    mixed(cluster)
    cluster.add_pod("shop", "db-1", {"app": "db"})
    cluster.add_pod("shop", "web-1", {"app": "web"})
    done = cluster.fix("--for-current-pods")
    assert "refused shop/all" in done.stdout
    assert "pods pod=web-1: no policy states their egress" in done.stdout


@pytest.mark.parametrize(
    ("status", "more"), [({"phase": "Succeeded"}, {}), ({}, {"hostNetwork": True})]
)
def test_pods_that_policies_do_not_act_on_tell_nothing(
    cluster: Cluster, status: Plain, more: Plain
) -> None:
    mixed(cluster)
    cluster.add_pod("shop", "db-1", {"app": "db"})
    cluster.api.add(
        PODS, "shop", "web-1", metadata={"labels": {"app": "web"}}, spec=more, status=status
    )
    assert "would fix shop/all" in cluster.fix("--for-current-pods").stdout


def test_no_pods_tell_nothing(cluster: Cluster) -> None:
    mixed(cluster)
    assert "it selects no pod now" in cluster.fix("--for-current-pods").stdout


def test_pods_that_may_not_be_listed_tell_nothing(cluster: Cluster) -> None:
    mixed(cluster)
    cluster.add_pod("shop", "db-1", {"app": "db"})
    cluster.api.forbidden = ["/api/v1/namespaces/shop/pods", PODS]
    done = cluster.fix("--for-current-pods")
    assert "the pods of its namespace could not all be listed" in done.stdout


def mixed(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "all", {"podSelector": {}, "policyTypes": ["Ingress"]})
    cluster.api.add_policy("shop", "db", {**DENY, "podSelector": {"matchLabels": {"app": "db"}}})


STUCK = {**IMPLICIT, "policyTypes": ["Ingress", "Egress"]}
WROTE = {key: IMPLICIT[key] for key in ("podSelector", "ingress")}


def test_a_stuck_denial_is_left_alone_unless_asked_for(cluster: Cluster) -> None:
    sticky(cluster, "web", STUCK, WROTE)
    done = cluster.fix("--apply")
    assert (done.code, patches(cluster, dry=True)) == (0, [])


def test_a_stuck_denial_is_opened_as_its_manifest_means(cluster: Cluster) -> None:
    sticky(cluster, "web", STUCK, WROTE)
    done = cluster.fix("--rule", "sticky-default", "--apply")
    assert spec(cluster) == {**STUCK, "egress": OPEN}
    assert "egress opens, as its manifest would leave it if created now" in done.stdout
    assert "egress denied → open (both readings)" in done.stdout
    assert "change: pods app=web: egress was denied and will be open" in done.stdout
    assert cluster.fix("--rule", "sticky-default").code == 0


def test_stuck_dead_rules_come_to_life(cluster: Cluster) -> None:
    rules = {**IMPLICIT, "egress": [{"ports": [{"protocol": "TCP", "port": 443}]}]}
    sticky(cluster, "web", rules, {**WROTE, "egress": []})
    done = cluster.fix("--rule", "sticky-default", "--apply")
    assert spec(cluster)["policyTypes"] == ["Ingress", "Egress"], done
    assert "egress was open and will be restricted" in done.stdout


def test_a_policy_beside_a_stuck_one_is_planned_on_its_repair(cluster: Cluster) -> None:
    rules = {**IMPLICIT, "egress": [{"ports": [{"protocol": "TCP", "port": 443}]}]}
    sticky(cluster, "web", rules, {**WROTE, "egress": []})
    cluster.api.add_policy("shop", "a-twin", IMPLICIT)
    both = ("--rule", "sticky-default", "--rule", "egress-implicit", "--notes")
    found = data(cluster, *both, "--apply")
    assert [c["name"] for c in found["changes"]] == ["web", "a-twin"], "the stuck one is first"
    assert "egress" not in spec(cluster, "a-twin")


def test_a_stuck_one_that_is_refused_is_planned_as_it_is_stored(cluster: Cluster) -> None:
    """Its denial stays, so the one beside it must not open the pods of both."""
    sticky(cluster, "web", STUCK, WROTE)
    owned = cluster.api.policy("shop", "web")["metadata"]
    owned["ownerReferences"] = [{"kind": "Tenant", "name": "oil", "controller": True}]
    cluster.api.add_policy("shop", "twin", IMPLICIT)
    both = ("--rule", "sticky-default", "--rule", "egress-implicit", "--notes")
    found = data(cluster, *both, "--apply")
    assert [c["name"] for c in found["changes"]] == ["twin"]
    assert [r["name"] for r in found["refused"]] == ["web"]
    assert "egress" not in spec(cluster, "twin")


def test_a_stuck_denial_that_others_decide_has_nothing_to_change(cluster: Cluster) -> None:
    sticky(cluster, "web", STUCK, WROTE)
    cluster.api.add_policy("shop", "deny", DENY)
    done = cluster.fix("--rule", "sticky-default", "--apply")
    assert "there is nothing to change in the cluster" in done.stdout
    assert patches(cluster, dry=True) == []


def appending(cluster: Cluster) -> None:
    answer = {"spec": {"policyTypes": ["Ingress", "Egress"]}}
    cluster.api.created[f"{NETWORKING}/namespaces/shop/networkpolicies"] = (201, answer)


def test_a_denial_that_was_appended_waits_for_a_strategy(cluster: Cluster) -> None:
    appending(cluster)
    sticky(cluster, "web", STUCK, WROTE)
    done = cluster.fix("--apply")
    assert done.code == 1
    assert "Egress is appended here to what is written" in done.stdout
    assert patches(cluster, dry=True) == []


@pytest.mark.parametrize(("strategy", "rules"), [("preserve", OPEN), ("allow-all", OPEN)])
def test_a_denial_that_was_appended_is_lifted_by_name(
    cluster: Cluster, strategy: str, rules: Any
) -> None:
    appending(cluster)
    sticky(cluster, "web", STUCK, WROTE)
    cluster.fix("--strategy", strategy, "--apply")
    assert spec(cluster)["egress"] == rules


def test_what_is_open_there_stays_open(cluster: Cluster) -> None:
    appending(cluster)
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.fix("--apply")
    assert spec(cluster)["egress"] == OPEN
