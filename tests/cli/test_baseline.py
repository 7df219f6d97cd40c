"""`--baseline` and `--write-baseline`: only what is new is reported, and nothing new is hidden."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kubectl_npcheck import fix, lint
from kubectl_npcheck.errors import UsageError
from kubectl_npcheck.settings import Settings
from tests.cli.small_cluster import IMPLICIT, PODS, SCHEMA, Cluster
from tests.cluster.api import POLICIES
from tests.command import Result, run
from tests.rules.support import netpol

FILE = ".npcheck-baseline.json"
DENY = netpol("podSelector: {}, policyTypes: [Ingress, Egress]", "deny")


def silent(name: str, rules: str = "[{from: [{podSelector: {}}]}]") -> str:
    """A policy for pods of its own that does not state its egress."""
    return netpol(
        f"podSelector: {{matchLabels: {{app: {name}}}}}, policyTypes: [Ingress], ingress: {rules}",
        name,
    )


class Tree:
    """Some manifests, and lint of them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.write("k8s/web.yaml", silent("web"))
        self.write("k8s/db.yaml", silent("db"))

    def write(self, path: str, text: str) -> None:
        file = self.directory / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def lint(self, *arguments: str, cwd: str = ".") -> Result:
        return run("lint", *arguments, cwd=self.directory / cwd)

    def new(self, *arguments: str, cwd: str = ".") -> list[str]:
        """`severity rule name` of what a run beside the baseline finds."""
        file = os.path.relpath(self.directory / FILE, self.directory / cwd)
        report = json.loads(self.lint(*arguments, "--baseline", file, "-ojson", cwd=cwd).stdout)
        jsonschema.validate(report, json.loads(SCHEMA.read_text(encoding="utf-8")))
        return [f"{i['severity']} {i['rule']} {i['name']}" for i in report["findings"]]

    def baseline(self) -> list[dict[str, Any]]:
        return list(json.loads((self.directory / FILE).read_text(encoding="utf-8"))["findings"])


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    (tmp_path / ".git").mkdir()
    made = Tree(tmp_path)
    assert made.lint("k8s", "--write-baseline").code == 0
    return made


# what must not be hidden


def test_a_new_finding_is_reported(tree: Tree) -> None:
    tree.write("k8s/new.yaml", silent("new"))
    assert tree.new("k8s") == ["error egress-implicit new"]
    done = tree.lint("k8s", "--baseline", FILE)
    assert done.code == 1
    assert "2 findings left out: the baseline knows them\n" in done.stdout


def test_the_same_in_another_file_is_new(tree: Tree) -> None:
    (tree.directory / "k8s" / "web.yaml").rename(tree.directory / "k8s" / "front.yaml")
    assert tree.new("k8s") == ["error egress-implicit web"]


def test_one_more_of_the_same_kind_is_new(tree: Tree) -> None:
    one = "{from: [{namespaceSelector: {}}]}"
    tree.write("k8s/web.yaml", silent("web", f"[{one}]"))
    tree.lint("k8s", "--write-baseline", "--fail-on", "note")
    other = "{from: [{namespaceSelector: {}}], ports: [{port: 1}]}"
    tree.write("k8s/web.yaml", silent("web", f"[{other}, {one}]"))
    assert "note any-namespace web" not in tree.new("k8s"), "only its path changed"
    tree.write("k8s/web.yaml", silent("web", f"[{one}, {one}]"))
    assert tree.new("k8s").count("note any-namespace web") == 1


def test_what_became_worse_is_new(tree: Tree) -> None:
    tree.write("k8s/deny.yaml", DENY)
    tree.lint("k8s", "--write-baseline")
    assert {item["severity"] for item in tree.baseline()} == {"note"}
    (tree.directory / "k8s" / "deny.yaml").unlink()
    assert tree.new("k8s") == ["error egress-implicit db", "error egress-implicit web"]


def test_an_error_stays_an_error(tree: Tree) -> None:
    tree.write("k8s/db.yaml", "kind: NetworkPolicy\na: [\n")
    assert tree.lint("k8s", "--baseline", FILE).code == 3


def test_the_policies_stay_what_they_are(tree: Tree) -> None:
    plain = json.loads(tree.lint("k8s", "-ojson").stdout)
    known = json.loads(tree.lint("k8s", "-ojson", "--baseline", FILE).stdout)
    assert known["policies"] == plain["policies"]
    assert known["summary"]["complianceRate"] == 0.0
    assert (known["summary"]["baselined"], known["summary"]["staleBaseline"]) == (2, 0)


# the file


def test_the_file_is_sorted_one_line_a_finding_and_the_same_again(tree: Tree) -> None:
    first = (tree.directory / FILE).read_text(encoding="utf-8")
    assert first == (
        '{\n  "schema": "npcheck.baseline/v1",\n  "findings": [\n'
        '    {"file": "k8s/db.yaml", "namespace": "shop", "name": "db", "kind": "NetworkPolicy",'
        ' "rule": "egress-implicit", "path": "spec.policyTypes", "severity": "error"},\n'
        '    {"file": "k8s/web.yaml", "namespace": "shop", "name": "web", "kind": "NetworkPolicy",'
        ' "rule": "egress-implicit", "path": "spec.policyTypes", "severity": "error"}\n'
        "  ]\n}\n"
    )
    tree.write("k8s/web.yaml", "# moved down\n\n" + silent("web"))
    done = tree.lint("./k8s", "--write-baseline", "--baseline", FILE)
    assert (done.code, done.stderr) == (0, f"{FILE}: 2 findings written\n")
    assert (tree.directory / FILE).read_text(encoding="utf-8") == first
    assert not list(tree.directory.glob("*.tmp"))


def test_it_counts_what_is_there_twice(tree: Tree) -> None:
    tree.write("k8s/two.yaml", f"{silent('two')}---\n{silent('two')}")
    tree.lint("k8s", "--write-baseline")
    entries = [i for i in tree.baseline() if i["name"] == "two" and i["rule"] == "egress-implicit"]
    assert [item.get("count") for item in entries] == [2]
    assert tree.new("k8s") == []


def test_nothing_to_know_is_a_baseline_too(tmp_path: Path) -> None:
    (tmp_path / "deny.yaml").write_text(DENY)
    assert run("lint", "--write-baseline", cwd=tmp_path).code == 0
    text = (tmp_path / FILE).read_text()
    assert text == '{\n  "schema": "npcheck.baseline/v1",\n  "findings": []\n}\n'
    assert run("lint", "--baseline", FILE, cwd=tmp_path).code == 0


def test_paths_are_relative_to_the_file(tree: Tree) -> None:
    assert tree.new(cwd="k8s") == []
    assert tree.new(str(tree.directory / "k8s")) == []
    (tree.directory / "conf").mkdir()
    tree.lint("k8s", "--baseline", "conf/known.json", "--write-baseline")
    known = json.loads((tree.directory / "conf" / "known.json").read_text())
    assert [item["file"] for item in known["findings"]] == ["../k8s/db.yaml", "../k8s/web.yaml"]
    assert tree.lint("k8s", "--baseline", "conf/known.json").code == 0


def test_standard_input_has_a_baseline(tree: Tree) -> None:
    text = silent("x").encode()
    for option in ("--write-baseline", f"--baseline={FILE}"):
        assert run("lint", "-", option, stdin=text, cwd=tree.directory).code == 0


# entries that match nothing any more


def test_what_is_repaired_is_told_and_dropped(tree: Tree) -> None:
    tree.write("k8s/db.yaml", DENY.replace("shop", "other"))
    said = "1 entry of the baseline matches nothing any more: --write-baseline drops it\n"
    assert said in tree.lint("k8s", "--baseline", FILE).stdout
    tree.lint("k8s", "--write-baseline")
    assert [item["name"] for item in tree.baseline()] == ["web"]
    (tree.directory / "k8s" / "web.yaml").unlink()
    assert said in tree.lint("k8s", "--baseline", FILE).stdout


def test_what_is_not_looked_at_is_kept(tree: Tree) -> None:
    done = tree.lint("k8s/web.yaml", "--baseline", FILE)
    assert "baseline matches nothing" not in done.stdout
    tree.write("k8s/web.yaml", DENY.replace("shop", "other"))
    done = tree.lint("k8s/web.yaml", "--write-baseline")
    assert done.stderr.startswith(
        f"{FILE}: 0 findings written, 1 kept of what this run did not look at; --baseline {FILE},"
    )
    assert [item["name"] for item in tree.baseline()] == ["db"]


def test_what_cannot_be_read_is_kept(tree: Tree) -> None:
    tree.write("k8s/db.yaml", "kind: NetworkPolicy\na: [\n")
    assert tree.lint("k8s", "--write-baseline").code == 3
    assert [item["name"] for item in tree.baseline()] == ["db", "web"]


def test_a_suppression_comes_first(tree: Tree) -> None:
    tree.write("k8s/db.yaml", f"# npcheck: ignore[egress-implicit] known\n{silent('db')}")
    done = tree.lint("k8s", "--baseline", FILE)
    assert "1 finding suppressed in the manifests\n1 finding left out:" in done.stdout
    assert "1 entry of the baseline matches nothing any more" in done.stdout


# where it is named


def test_the_settings_name_it(tree: Tree) -> None:
    tree.write(".npcheck.yaml", f"baseline: {FILE}\n")
    for directory in (".", "k8s"):
        assert tree.lint(cwd=directory).code == 0
    tree.write("k8s/new.yaml", silent("new"))
    done = tree.lint("--write-baseline", cwd="k8s")
    assert (done.code, done.stderr) == (0, f"../{FILE}: 3 findings written\n")
    assert not (tree.directory / "k8s" / FILE).exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, f"error: baseline {FILE}: does not exist; --write-baseline makes it\n"),
        ("{", f"error: baseline {FILE}:1:2: not valid JSON: expecting property name"),
        ("{}", f"error: baseline {FILE}: not a baseline of npcheck (npcheck.baseline/v1)\n"),
        ('{"schema": "npcheck.report/v1"}', f"error: baseline {FILE}: not a baseline"),
        ('{"schema": "npcheck.baseline/v1"}', f"error: baseline {FILE}: findings is not a list"),
        (
            '{"schema": "npcheck.baseline/v1", "findings": [{"rule": "x"}]}',
            f"error: baseline {FILE}: findings[0] is no entry\n",
        ),
    ],
)
@pytest.mark.parametrize("command", ["lint", "fix"])
def test_what_is_no_baseline(tree: Tree, command: str, content: str | None, said: str) -> None:
    path = tree.directory / FILE
    path.unlink()
    if content is not None:
        path.write_text(content)
    done = run(command, "k8s", "--baseline", FILE, cwd=tree.directory)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith(said)
    assert (tree.directory / "k8s" / "web.yaml").read_text() == silent("web")


@pytest.mark.parametrize(
    "change",
    [{"severity": "loud"}, {"count": 0}, {"count": True}, {"line": 3}, {"file": 1}, {"name": None}],
)
def test_an_entry_that_is_none(tree: Tree, change: dict[str, Any]) -> None:
    entry = {**tree.baseline()[0], **change}
    text = json.dumps({"schema": "npcheck.baseline/v1", "findings": [entry]})
    (tree.directory / FILE).write_text(text)
    assert "findings[0] is no entry" in tree.lint("k8s", "--baseline", FILE).stderr


def test_a_baseline_that_cannot_be_written(tree: Tree) -> None:
    done = tree.lint("k8s", "--write-baseline", "--baseline", "missing/known.json")
    assert done.code == 2
    assert (
        done.stderr
        == "error: cannot write baseline missing/known.json: No such file or directory\n"
    )


# fix


def test_fix_leaves_alone_what_is_known(tree: Tree) -> None:
    tree.write("k8s/new.yaml", silent("new"))
    done = run("fix", "k8s", "--baseline", FILE, cwd=tree.directory)
    assert done.code == 1
    assert "2 findings left alone: the baseline knows them\n" in done.stdout
    assert (tree.directory / "k8s" / "web.yaml").read_text() == silent("web")
    assert "Egress" in (tree.directory / "k8s" / "new.yaml").read_text()
    again = run("fix", "k8s", "--baseline", FILE, cwd=tree.directory)
    assert (again.code, "nothing to fix" in again.stdout) == (0, True)
    assert run("fix", "k8s", cwd=tree.directory).code == 1


# the library


def test_the_library_takes_it_from_the_settings(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree.directory)
    settings = Settings(baseline=FILE)
    report = lint("k8s", settings=settings)
    assert (list(report.findings), report.counts.baselined) == ([], 2)
    assert fix("k8s", settings=settings, write=False).changes == ()
    with pytest.raises(UsageError):
        lint("k8s", settings=Settings(baseline="missing.json"))


# audit


def test_lint_and_audit_share_a_file(cluster: Cluster) -> None:
    (cluster.directory / "web.yaml").write_text(silent("web"))
    cluster.api.add_policy("shop", "db", IMPLICIT)
    run("lint", "web.yaml", "--write-baseline", cwd=cluster.directory)
    cluster.audit("--write-baseline")
    entries = json.loads((cluster.directory / FILE).read_text())["findings"]
    assert [(item["name"], "file" in item) for item in entries] == [("db", False), ("web", True)]
    assert cluster.audit("--baseline", FILE).code == 0
    done = run("lint", "web.yaml", "--baseline", FILE, cwd=cluster.directory)
    assert (done.code, "matches nothing" in done.stdout) == (0, False)


def test_audit_has_a_baseline_wherever_the_context_is_called_otherwise(cluster: Cluster) -> None:
    cluster.api.add_policy("shop", "web", IMPLICIT)
    assert cluster.audit("--write-baseline").code == 0
    entries = json.loads((cluster.directory / FILE).read_text())["findings"]
    assert {"cluster", "file"}.isdisjoint(entries[0])
    config = cluster.config.read_text().replace('"test"', '"renamed"')
    cluster.config.write_text(config)
    done = cluster.audit("--baseline", FILE)
    assert done.code == 0
    assert "compliant: 0 of 1 policy (0 %)" in done.stdout
    cluster.api.add_policy("shop", "db", IMPLICIT)
    assert cluster.audit("--baseline", FILE).code == 1


def test_audit_drops_only_what_it_looked_at(cluster: Cluster) -> None:
    for namespace in ("shop", "edge"):
        cluster.api.add_policy(namespace, "web", IMPLICIT)
    cluster.audit("-A", "--write-baseline")
    cluster.api.objects[POLICIES].clear()
    assert "matches nothing any more" in cluster.audit("-n", "edge", "--baseline", FILE).stdout
    cluster.audit("-n", "edge", "--write-baseline")
    entries = json.loads((cluster.directory / FILE).read_text())["findings"]
    assert [item["namespace"] for item in entries] == ["shop"]
    cluster.api.forbidden = [PODS, "/api/v1/namespaces/*"]
    cluster.audit("-A", "--write-baseline")
    assert json.loads((cluster.directory / FILE).read_text())["findings"] == entries
