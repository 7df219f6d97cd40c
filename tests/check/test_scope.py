"""What a run looked at, as far as the tests of the commands do not reach."""

from __future__ import annotations

from typing import Any

import pytest

from kubectl_npcheck.check.identity import Identity
from kubectl_npcheck.check.ran import Ran
from kubectl_npcheck.check.scope import scope_of
from kubectl_npcheck.findings import ReadError, Skipped

WEB = Identity(None, "peer-or", "NetworkPolicy", "shop", "web", "/r/k8s/web.yaml", "")
RENDERED = WEB._replace(file=None)
TEMPLATE = Skipped("k8s/chart.yaml", 1, 1, None, None, "template", "render it first")


def files(
    *paths: str, errors: tuple[str, ...] = (), skipped: tuple[Skipped, ...] = (), **more: Any
) -> Ran:
    input = {"paths": list(paths), "kustomizations": [], "namespace": None, **more}
    return Ran(input, [ReadError(file, None, None, "") for file in errors], skipped, "/r")


def unseen(run: Ran, identity: Identity = WEB, beside: Ran | None = None) -> str:
    return scope_of(run, ["k8s/web.yaml"], (), beside).unseen(identity)


def test_what_was_read_was_looked_at() -> None:
    assert unseen(files("k8s")) == ""


def test_a_file_that_is_gone_is_looked_at_by_its_directory() -> None:
    gone = WEB._replace(file="/r/k8s/old.yaml")
    assert unseen(files("k8s"), gone) == ""
    assert unseen(files("k8s/web.yaml"), gone) == "k8s/old.yaml was not read"
    assert unseen(files("k8s"), WEB._replace(file="/r/k8s2/x.yaml")) == "k8s2/x.yaml was not read"
    assert unseen(files("k8s"), WEB._replace(file="/x.yaml")) == "/x.yaml was not read"


def test_another_file_that_cannot_be_judged_leaves_the_rules_in_doubt() -> None:
    assert unseen(files("k8s", errors=("k8s/db.yaml",))) == "k8s/db.yaml could not be read"
    assert unseen(files("k8s", skipped=(TEMPLATE,))) == "k8s/chart.yaml holds a template"


def test_what_neither_run_could_judge_makes_no_difference() -> None:
    run = files("k8s", errors=("k8s/db.yaml",), skipped=(TEMPLATE,))
    moved = files("k8s", errors=("./k8s/db.yaml",), skipped=(TEMPLATE._replace(line=9),))
    inside = files(".", errors=("db.yaml",), skipped=(TEMPLATE._replace(file="chart.yaml"),))
    assert unseen(run, beside=inside._replace(directory="/r/k8s")) == ""
    assert unseen(run, beside=moved) == ""
    assert unseen(run, beside=files("k8s")) == "k8s/db.yaml could not be read"


@pytest.mark.parametrize(
    ("now", "before", "reason"),
    [
        ([], None, "nothing was rendered"),
        (["a"], None, ""),
        (["a"], ["a"], ""),
        (["a"], ["a", "b"], "b was not rendered"),
        (["a", "b"], ["a"], ""),
    ],
)
def test_what_was_rendered(now: list[str], before: list[str] | None, reason: str) -> None:
    beside = None if before is None else files("k8s", kustomizations=before)
    assert unseen(files("k8s", kustomizations=now), RENDERED, beside) == reason


def test_a_rendering_that_fails_is_no_empty_one() -> None:
    run = files("k8s", kustomizations=["a"], errors=("a",))
    assert unseen(run, RENDERED) == "a could not be read"


def test_findings_of_clusters_are_nothing_to_files() -> None:
    assert unseen(files("k8s"), RENDERED._replace(cluster="prod")) == "no cluster was audited"


def test_findings_of_files_are_nothing_to_a_cluster() -> None:
    input = {"context": "c", "cluster": "c", "server": "s", "namespace": None, "selector": None}
    assert unseen(Ran(input, [], [], "/r")) == "no file was read"
    assert unseen(Ran(input, [], [], "/r"), RENDERED) == ""


def test_an_identity_without_a_cluster_is_meant_for_each() -> None:
    one = {"context": "c", "cluster": "c", "server": "s", "namespace": None, "selector": None}
    run = Ran({"clusters": [one, {"context": "d", "error": "down"}]}, [], [], "/r")
    assert unseen(run, RENDERED) == "context d could not be audited"
    assert unseen(run, RENDERED._replace(cluster="c")) == ""
