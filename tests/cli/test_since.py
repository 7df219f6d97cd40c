"""`--since`: what is new, unchanged and gone; what was not looked for is never called gone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.small_cluster import IMPLICIT, PODS, SCHEMA, Cluster
from tests.cluster.api import POLICIES, Fault
from tests.command import Result, run
from tests.rules.support import netpol

DENY = netpol("podSelector: {}, policyTypes: [Ingress, Egress]", "deny")


def silent(name: str) -> str:
    """A policy for pods of its own that does not state its egress."""
    return netpol(
        f"podSelector: {{matchLabels: {{app: {name}}}}}, policyTypes: [Ingress],"
        " ingress: [{from: [{podSelector: {}}]}]",
        name,
    )


class Tree:
    """Some manifests, and lint beside an earlier report of them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        for name in ("web", "db"):
            self.write(f"k8s/{name}.yaml", silent(name))
        self.before()

    def write(self, path: str, text: str) -> None:
        file = self.directory / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def before(self, *arguments: str) -> None:
        run("lint", *(arguments or ("k8s",)), "--report", "a.json", cwd=self.directory)

    def lint(self, *arguments: str) -> Result:
        return run("lint", *arguments, "--since", "a.json", cwd=self.directory)

    def trend(self, *arguments: str) -> dict[str, Any]:
        return trend_of(self.lint(*arguments, "-o", "json"))


def trend_of(done: Result) -> dict[str, Any]:
    """`new`, `unchanged`, the names of what is gone, and the reasons, of a valid report."""
    report = json.loads(done.stdout)
    jsonschema.validate(report, json.loads(SCHEMA.read_text(encoding="utf-8")))
    found: dict[str, Any] = report["trend"]
    found["gone"] = [item["name"] for item in found["gone"]]
    for key in ("notCheckedNow", "notCheckedThen"):
        found[key] = {item["reason"]: item["number"] for item in found[key]}
    return found


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    (tmp_path / ".git").mkdir()
    return Tree(tmp_path)


def test_nothing_changed(tree: Tree) -> None:
    done = tree.lint("k8s")
    assert done.code == 1
    assert "new error" not in done.stdout
    assert done.stdout.endswith("since a.json: 0 new, 2 unchanged, 0 gone\n")


def test_lines_and_ways_to_write_a_path_do_not_count(tree: Tree) -> None:
    tree.write("k8s/web.yaml", "# one more line\n" + silent("web"))
    for path in ("k8s/", "./k8s", str(tree.directory / "k8s")):
        assert tree.trend(path)["unchanged"] == 2, path


def test_a_report_from_the_directory_above_is_about_the_same_files(tree: Tree) -> None:
    done = run("lint", "--since", "../a.json", cwd=tree.directory / "k8s")
    assert done.stdout.endswith("since a.json: 0 new, 2 unchanged, 0 gone\n")


def test_a_report_that_lies_elsewhere_is_about_the_files_here(tree: Tree) -> None:
    (tree.directory / "kept").mkdir()
    (tree.directory / "a.json").rename(tree.directory / "kept" / "a.json")
    done = run("lint", "--since", "kept/a.json", cwd=tree.directory)
    assert done.stdout.endswith("since a.json: 0 new, 2 unchanged, 0 gone\n")


def test_new_and_gone_in_text(tree: Tree) -> None:
    tree.write("k8s/web.yaml", silent("front"))
    (tree.directory / "k8s" / "db.yaml").unlink()
    done = tree.lint("k8s")
    assert "k8s/web.yaml:4:50: new error egress-implicit shop/front: " in done.stdout
    assert (
        "gone since a.json:\n"
        "    k8s/db.yaml: error egress-implicit shop/db: egress is not stated\n"
        "    k8s/web.yaml: error egress-implicit shop/web: egress is not stated\n"
    ) in done.stdout
    assert done.stdout.endswith("since a.json: 1 new, 0 unchanged, 2 gone\n")


def test_the_exit_code_is_that_of_the_findings(tree: Tree) -> None:
    tree.write("k8s/db.yaml", DENY)
    assert tree.lint("k8s", "--fail-on", "error").code == 0
    (tree.directory / "k8s" / "db.yaml").unlink()
    assert tree.lint("k8s").code == 1


def test_what_becomes_worse_is_new(tree: Tree) -> None:
    tree.write("k8s/deny.yaml", DENY)
    tree.before()
    (tree.directory / "k8s" / "deny.yaml").unlink()
    found = tree.trend("k8s")
    assert (found["new"], found["gone"]) == (2, [])
    assert "\n    in a.json it was of severity note: egress is not s" in tree.lint("k8s").stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("k8s/web.yaml",), "k8s/db.yaml was not read"),
        (("k8s/web.yaml", "k8s/db.yml"), "k8s/db.yaml was not read"),
    ],
)
def test_a_file_of_another_run_is_not_gone(
    tree: Tree, arguments: tuple[str, ...], reason: str
) -> None:
    found = tree.trend(*arguments)
    assert (found["gone"], found["notCheckedNow"]) == ([], {reason: 1})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("kind: NetworkPolicy\na: [\n", "k8s/db.yaml could not be read"),
        (
            "kind: NetworkPolicy\nmetadata:\n{{ include x }}\n",
            "k8s/db.yaml holds a template",
        ),
        (
            f"# npcheck: ignore[egress-implicit] known\n{silent('db')}",
            "suppressed in the manifests",
        ),
    ],
)
def test_what_cannot_be_judged_now_is_not_gone(tree: Tree, content: str, reason: str) -> None:
    tree.write("k8s/db.yaml", content)
    found = tree.trend("k8s")
    assert (found["gone"], found["notCheckedNow"]) == ([], {reason: 1})


def test_pods_that_are_not_known_now_leave_the_rules_in_doubt(tree: Tree) -> None:
    tree.write("k8s/db.yaml", DENY.replace("shop", "other"))
    tree.write("k8s/pods.yaml", "kind: Deployment\nspec: [\n")
    reason = {"k8s/pods.yaml could not be read": 1}
    assert tree.trend("k8s")["notCheckedNow"] == reason
    tree.write("k8s/more.yaml", silent("more"))
    tree.before()
    (tree.directory / "k8s" / "more.yaml").unlink()
    assert tree.trend("k8s")["gone"] == ["more"], "it could not be read before either"


def test_an_excluded_file_is_not_gone(tree: Tree) -> None:
    tree.write(".npcheck.yaml", "exclude: [k8s/db.yaml]\n")
    assert tree.trend("k8s")["notCheckedNow"] == {"k8s/db.yaml was not read": 1}


def test_a_rule_that_is_off_finds_nothing_and_nothing_is_gone(tree: Tree) -> None:
    tree.write(".npcheck.yaml", "rules: {egress-implicit: off}\n")
    found = tree.trend("k8s")
    assert (found["gone"], found["notCheckedNow"]) == (
        [],
        {"rule egress-implicit is switched off": 2},
    )


def test_a_directory_that_does_not_exist_any_more_was_not_read(tree: Tree) -> None:
    (tree.directory / "k8s").rename(tree.directory / "other")
    found = tree.trend("k8s")
    assert (found["gone"], found["notCheckedNow"]) == ([], {"k8s could not be read": 2})


def test_what_the_earlier_run_had_not_read_may_be_old(tree: Tree) -> None:
    tree.before("k8s/web.yaml")
    found = tree.trend("k8s")
    assert (found["new"], found["notCheckedThen"]) == (1, {"k8s/db.yaml was not read": 1})
    assert (
        "1 finding not checked in a.json, and new for that: k8s/db.yaml was not read\n"
        in tree.lint("k8s").stdout
    )


def test_standard_input_is_one_file(tree: Tree) -> None:
    text = silent("web").encode()
    run("lint", "-", "--report", "a.json", stdin=text, cwd=tree.directory)
    done = run("lint", "-", "--since", "a.json", stdin=text, cwd=tree.directory)
    assert done.stdout.endswith("since a.json: 0 new, 1 unchanged, 0 gone\n")
    assert tree.trend("k8s")["notCheckedNow"] == {"standard input was not read": 1}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "error: --since a.json: cannot be read: no such file"),
        ("{", "error: --since a.json:1:2: not valid JSON: expecting property name"),
        ("[]", "error: --since a.json: not a JSON report of npcheck"),
        ('{"schema": "npcheck.baseline/v1"}', "error: --since a.json: not a JSON report"),
        ('{"schema": "npcheck.report/v2"}', "error: --since a.json: is npcheck.report/v2; this"),
        ('{"schema": "npcheck.report/v1"}', "error: --since a.json: not a whole report"),
        (
            '{"schema": "npcheck.report/v1", "findings": [{"rule": 1}], "input": {}}',
            "error: --since a.json: not a whole report",
        ),
        (
            '{"schema": "npcheck.report/v1", "changes": []}',
            "error: --since a.json: a report of fix",
        ),
        ("\udcff", "error: --since a.json: not UTF-8"),
        ("[" * 100_000, "error: --since a.json: not valid JSON"),
    ],
)
def test_what_is_no_report_is_told_before_the_work(
    tree: Tree, content: str | None, said: str
) -> None:
    path = tree.directory / "a.json"
    path.unlink()
    if content is not None:
        path.write_bytes(content.encode("utf-8", "surrogateescape"))
    done = tree.lint("k8s")
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1


def test_one_file_may_be_both_the_earlier_report_and_the_new_one(tree: Tree) -> None:
    tree.write("k8s/more.yaml", silent("more"))
    for new in (1, 0):
        done = tree.lint("k8s", "--report", "a.json")
        assert f"since a.json: {new} new, {3 - new} unchanged, 0 gone\n" in done.stdout


# audit


@pytest.fixture
def audited(cluster: Cluster) -> Cluster:
    for namespace in ("shop", "edge"):
        cluster.api.add_policy(namespace, "web", IMPLICIT)
    cluster.audit("-A", "--report", "a.json")
    return cluster


def since(cluster: Cluster, *arguments: str) -> dict[str, Any]:
    return trend_of(cluster.audit("-o", "json", "--since", "a.json", *arguments))


def test_a_repaired_policy_is_gone(audited: Cluster) -> None:
    audited.api.objects[POLICIES].pop()
    found = since(audited, "-A")
    assert (found["new"], found["unchanged"], found["gone"]) == (0, 1, ["web"])


def test_another_namespace_is_not_gone(audited: Cluster) -> None:
    found = since(audited, "-n", "shop")
    assert (found["gone"], found["notCheckedNow"]) == ([], {"namespace edge was not audited": 1})


def test_what_is_not_selected_is_not_gone(audited: Cluster) -> None:
    found = since(audited, "-A", "-l", "team=a")
    assert (found["gone"], found["notCheckedNow"]) == ([], {"only team=a was reported on": 2})


def test_the_same_selector_selects_the_same(audited: Cluster) -> None:
    audited.audit("-A", "-l", "!x", "--report", "a.json")
    audited.api.objects[POLICIES].clear()
    assert since(audited, "-A", "-l", "!x")["gone"] == ["web", "web"]


def test_an_audit_with_less_permission_or_with_errors_calls_nothing_gone(audited: Cluster) -> None:
    audited.api.objects[POLICIES].pop()
    audited.api.faults[PODS] = [Fault("status", 500)] * 9
    found = since(audited, "-A")
    assert (found["gone"], found["notCheckedNow"]) == (
        [],
        {"context test could not be read completely": 1},
    )
    audited.api.faults.clear()
    audited.api.forbidden = [PODS, "/api/v1/namespaces/*"]
    assert since(audited, "-A")["notCheckedNow"] == {"not all of context test may be read": 1}


def test_permission_that_lacked_before_too_makes_no_difference(audited: Cluster) -> None:
    audited.api.forbidden = [PODS, "/api/v1/namespaces/*"]
    audited.audit("-A", "--report", "a.json")
    audited.api.objects[POLICIES].pop()
    assert since(audited, "-A")["gone"] == ["web"]


def test_another_cluster_has_no_trend_of_this_one(audited: Cluster) -> None:
    path = audited.directory / "a.json"
    report = json.loads(path.read_text())
    report["input"].update(context="prod", cluster="prod", server="https://prod.example.com")
    path.write_text(json.dumps(report))
    found = since(audited, "-A")
    assert found["notCheckedNow"] == {"context prod was not audited": 2}
    assert found["notCheckedThen"] == {"context test was not audited": 2}
    assert (found["unchanged"], found["gone"]) == (0, [])


def test_files_have_no_comparison_with_a_cluster(audited: Cluster) -> None:
    done = run("lint", "--since", "a.json", cwd=audited.directory)
    assert (done.code, done.stderr) == (
        2,
        "error: --since a.json: a report of a cluster has no comparison with files\n",
    )
