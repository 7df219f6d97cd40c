"""What `fix --live --apply` writes, and what it says when a write fails."""

from __future__ import annotations

import pytest

from kubectl_npcheck.cluster import write as write_module
from tests.cli.fix_live.support import OPEN, WEB, backups, data, patches, spec, touching, two
from tests.cli.small_cluster import DENY, IMPLICIT, Cluster
from tests.cluster.api import Fault, Plain, Request


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
