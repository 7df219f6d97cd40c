"""What `fix --live --undo` restores, and what it leaves alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.fix_live.support import OPEN, applied, backups, spec, touching, two, undo
from tests.cli.small_cluster import IMPLICIT, Cluster
from tests.cluster.api import NETWORKING


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
