"""`fix --live` against a small API server: the plan, what is written, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from kubectl_npcheck.cluster import write as write_module
from tests.cli.small_cluster import DENY, IMPLICIT, LAST_APPLIED, PODS, SCHEMA, Cluster
from tests.cluster.api import NETWORKING, Fault, Plain, Request
from tests.command import Result, run

WEB = f"{NETWORKING}/namespaces/shop/networkpolicies/web"
OPEN: list[Plain] = [{}]


def backups(cluster: Cluster) -> list[Path]:
    return sorted(cluster.directory.glob("npcheck-backup-*"))


def spec(cluster: Cluster, name: str = "web", namespace: str = "shop") -> Plain:
    found: Plain = cluster.api.policy(namespace, name)["spec"]
    return found


def patches(cluster: Cluster, dry: bool = False) -> list[str]:
    """The names of what was patched, or tried out."""
    return [
        request.path.rpartition("/")[2]
        for request in cluster.api.requests
        if request.method == "PATCH" and (request.query.get("dryRun") == "All") is dry
    ]


def data(cluster: Cluster, *arguments: str) -> dict[str, Any]:
    done = cluster.fix("-o", "json", *arguments)
    found: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(found, json.loads(SCHEMA.read_text(encoding="utf-8")))
    return found


def outcomes(cluster: Cluster, *arguments: str) -> dict[str, str]:
    return {c["name"]: c["live"]["outcome"] for c in data(cluster, *arguments)["changes"]}


# usage


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


# the plan


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


# what is refused


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


# writing


def test_what_is_written_was_saved_before(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    done = cluster.fix("--apply")
    assert done.code == 1
    assert spec(cluster) == {**IMPLICIT, "policyTypes": ["Ingress", "Egress"], "egress": OPEN}
    (saved,) = backups(cluster)
    assert saved.stat().st_mode & 0o777 == 0o600
    assert f"--undo {saved.name}" in done.stdout
    assert cluster.fix("--apply").code == 0


def test_the_outage_of_a_full_disk_comes_before_the_first_write(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kubectl_npcheck.cluster.backup._create", full)
    cluster.api.add_policy("shop", "web", IMPLICIT)
    done = cluster.fix("--apply")
    assert (done.code, patches(cluster)) == (3, [])
    assert "no space left on device; nothing was written to the cluster" in done.stderr


def test_a_conflict_stops_and_is_told(cluster: Cluster) -> None:
    two(cluster)
    touching(cluster, "zoo")
    done = cluster.fix("--apply")
    assert done.code == 4
    assert "written shop/web" in done.stdout
    assert "not written shop/zoo" in done.stdout
    assert "somebody else changed it" in done.stderr
    assert "egress" not in spec(cluster, "zoo")
    assert len(backups(cluster)) == 1


def test_what_comes_after_a_conflict_is_not_reached(cluster: Cluster) -> None:
    two(cluster)
    touching(cluster, "web")
    found = data(cluster, "--apply")
    assert [c["live"]["outcome"] for c in found["changes"]] == ["not written", "not reached"]
    assert found["written"] is False
    assert {item["name"] for item in found["findings"]} == {"web", "zoo"}


def two(cluster: Cluster) -> None:
    for name in ("web", "zoo"):
        selector = {"matchLabels": {"app": name}}
        cluster.api.add_policy("shop", name, {**IMPLICIT, "podSelector": selector})


def touching(cluster: Cluster, name: str, dry: bool = False) -> None:
    """Somebody changes a policy right before it is written, or tried out."""
    left = [name]

    def fault_of(request: Request) -> None:
        is_dry = request.query.get("dryRun") == "All"
        if left and request.path.endswith(f"/{left[0]}") and is_dry is dry:
            cluster.api.touch("shop", left.pop())

    cluster.api.fault_of = fault_of  # type: ignore[method-assign]


def test_a_policy_that_is_changed_meanwhile_is_planned_on_nothing(cluster: Cluster) -> None:
    two(cluster)
    cluster.api.add_policy("shop", "other", {**DENY, "podSelector": {"matchLabels": {"app": "x"}}})

    def admit(policy: Plain) -> Plain:
        cluster.api.touch("shop", "other", podSelector={"matchLabels": {"app": "web"}})
        return policy

    cluster.api.admission = admit
    done = cluster.fix("--apply")
    assert done.code == 4
    assert "policies of namespace shop have changed while this was planned (other)" in done.stderr
    assert "not reached shop/web" in done.stdout
    assert (patches(cluster), backups(cluster)) == ([], [])


def test_a_change_between_reading_and_trying_out_is_refused(cluster: Cluster) -> None:
    two(cluster)
    touching(cluster, "web", dry=True)
    done = cluster.fix()
    assert done.code == 4
    assert "refused shop/web: egress-implicit: somebody else changed it while it was read" in (
        done.stdout
    )


@pytest.mark.parametrize("fault", [Fault("lost"), Fault("reset"), Fault("status", 504)])
def test_a_lost_answer_is_looked_after(cluster: Cluster, fault: Fault) -> None:
    two(cluster)
    only_writes(cluster, WEB, [fault])
    done = cluster.fix("--apply")
    assert done.code == 1, done
    assert spec(cluster)["egress"] == OPEN
    assert "2 written" in done.stdout
    assert done.stderr == ""


def test_answers_that_stay_lost_are_not_known(cluster: Cluster) -> None:
    two(cluster)
    only_writes(cluster, WEB, [Fault("reset")] * 50, and_after=True)
    done = cluster.fix("--apply")
    assert done.code == 4
    assert "not known shop/web" in done.stdout
    assert "not reached shop/zoo" in done.stdout
    assert "could not be read again" in done.stderr
    assert len(backups(cluster)) == 1


def test_a_write_that_is_lost_twice_is_not_known(cluster: Cluster) -> None:
    two(cluster)
    only_writes(cluster, WEB, [Fault("reset")] * write_module.TRIES)
    done = cluster.fix("--apply")
    assert done.code == 4
    assert "a request on its way may still be carried out" in done.stderr


def test_a_refused_connection_writes_nothing(cluster: Cluster) -> None:
    two(cluster)
    only_writes(cluster, WEB, [Fault("status", 403)])
    done = cluster.fix("--apply")
    assert done.code == 4
    assert "not written shop/web" in done.stdout


def only_writes(cluster: Cluster, path: str, faults: list[Fault], and_after: bool = False) -> None:
    """The faults meet the writes of a path, and what comes after them if that is said."""
    started: list[Request] = []

    def fault_of(request: Request) -> Fault | None:
        write = request.method == "PATCH" and request.query.get("dryRun") != "All"
        if request.path != path or not (write or (and_after and started)) or not faults:
            return None
        started.append(request)
        return faults.pop(0)

    cluster.api.fault_of = fault_of  # type: ignore[method-assign]


# the pods of today


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


# stored policyTypes that are left from an earlier manifest


def sticky(cluster: Cluster, name: str, stored: Plain, manifest: Plain) -> None:
    fields: Plain = {f"f:{key}": {} for key in manifest}
    entry = {"manager": "kubectl", "operation": "Apply", "time": "2026-11-02T09:14:00Z"}
    managed = [{**entry, "fieldsV1": {"f:spec": fields}}]
    cluster.api.add_policy("shop", name, stored, managedFields=managed)


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


# a cluster that appends Egress


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


# undoing


def applied(cluster: Cluster) -> str:
    two(cluster)
    assert cluster.fix("--apply").code == 1
    return backups(cluster)[0].name


def undo(cluster: Cluster, *arguments: str) -> Result:
    return cluster.fix("--undo", *arguments)


def test_undo_restores_exactly(cluster: Cluster) -> None:
    saved = applied(cluster)
    done = undo(cluster, saved)
    assert done.code == 0
    assert spec(cluster) == IMPLICIT
    assert done.stdout.endswith(f"{saved}: 2 policies: 2 restored\n")
    assert "2 as before" in undo(cluster, saved).stdout


def test_undo_leaves_alone_what_was_changed_since(cluster: Cluster) -> None:
    saved = applied(cluster)
    mine = [{"ports": [{"protocol": "TCP", "port": 443}]}]
    cluster.api.touch("shop", "zoo", egress=mine)
    done = undo(cluster, saved)
    assert done.code == 1
    assert "refused shop/zoo: somebody changed it since" in done.stdout
    assert "restored shop/web" in done.stdout
    assert spec(cluster, "zoo")["egress"] == mine


def test_undo_cuts_off_no_pods_of_a_policy_that_stays(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    cluster.api.add_policy("shop", "twin", IMPLICIT)
    cluster.fix("--apply")
    cluster.api.touch("shop", "twin", egress=[{"ports": [{"protocol": "TCP", "port": 443}]}])
    done = undo(cluster, backups(cluster)[0].name)
    assert "refused shop/web: it shares pods with twin" in done.stdout
    assert spec(cluster)["egress"] == OPEN


def test_undo_does_not_create_what_was_deleted(cluster: Cluster) -> None:
    saved = applied(cluster)
    cluster.api.objects[f"{NETWORKING}/networkpolicies"].remove(cluster.api.policy("shop", "zoo"))
    done = undo(cluster, saved)
    assert done.code == 1
    assert "refused shop/zoo: it was deleted since" in done.stdout


def test_undo_knows_a_namesake(cluster: Cluster) -> None:
    saved = applied(cluster)
    cluster.api.policy("shop", "zoo")["metadata"]["uid"] = "another"
    assert "deleted and created anew since" in undo(cluster, saved).stdout


def test_undo_asks_admission_first(cluster: Cluster) -> None:
    saved = applied(cluster)
    cluster.api.admission = lambda p: "no" if p["metadata"]["name"] == "zoo" else p
    done = undo(cluster, saved)
    assert done.code == 4
    assert "refused shop/zoo: the API server does not take it: no" in done.stdout


def test_undo_after_a_conflict(cluster: Cluster) -> None:
    two(cluster)
    touching(cluster, "zoo")
    assert cluster.fix("--apply").code == 4
    done = undo(cluster, backups(cluster)[0].name)
    assert done.code == 0
    assert "restored shop/web" in done.stdout
    assert "as before shop/zoo" in done.stdout


def test_undo_as_data(cluster: Cluster) -> None:
    saved = applied(cluster)
    found = json.loads(undo(cluster, saved, "-o", "json").stdout)
    assert found["schema"] == "npcheck.undo/v1"
    assert [item["outcome"] for item in found["objects"]] == ["restored", "restored"]


def test_a_backup_of_another_cluster(cluster: Cluster) -> None:
    cluster.api.answers["/api/v1/namespaces/kube-system"] = {"metadata": {"uid": "one"}}
    saved = applied(cluster)
    cluster.api.answers["/api/v1/namespaces/kube-system"] = {"metadata": {"uid": "two"}}
    done = undo(cluster, saved)
    assert (done.code, done.stdout) == (2, "")
    assert "is of another cluster" in done.stderr


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text[: len(text) // 2], "is cut off"),
        (lambda text: text[:-1], "is cut off"),
        (lambda text: text.replace("port: 80", "port: 81"), "was changed since"),
        (lambda text: "apiVersion: v1\nkind: List\n", "not a backup of npcheck"),
        (lambda text: "", "not a backup of npcheck"),
    ],
)
def test_a_spoilt_backup_is_one_clear_line(cluster: Cluster, spoil: Any, said: str) -> None:
    saved = cluster.directory / applied(cluster)
    saved.write_text(spoil(saved.read_text(encoding="utf-8")), encoding="utf-8")
    done = undo(cluster, saved.name)
    assert (done.code, done.stdout) == (3, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
