"""`fix` as users run it: what is written, streams, exit codes, formats, settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.command import run
from tests.rules.support import netpol

SILENT = netpol(
    "podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]"
)
FIXED = SILENT.replace("[Ingress]", "[Ingress, Egress]").replace("}]}]}", "}]}], egress: [{}]}")
DENY_ALL = netpol("podSelector: {}, policyTypes: [Ingress, Egress]", "deny-all")
EMPTY = netpol("podSelector: {}, policyTypes: [Ingress], egress: []", "empty", "far")
SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8")
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """One silent policy and one that states everything, in two namespaces."""
    (tmp_path / "web.yaml").write_text(SILENT)
    (tmp_path / "deny.yaml").write_text(DENY_ALL.replace("shop", "other"))
    return tmp_path


def test_it_writes_what_is_needed_and_a_second_run_nothing(tree: Path) -> None:
    before = (tree / "deny.yaml").stat().st_mtime_ns
    result = run("fix", cwd=tree)
    assert (result.code, result.stderr) == (1, "")
    assert (tree / "web.yaml").read_text() == FIXED
    assert (tree / "deny.yaml").stat().st_mtime_ns == before
    assert result.stdout.startswith(
        "web.yaml:1: fixed shop/web: egress stays open, by `egress: [{}]` (preserve)\n"
    )
    again = run("fix", cwd=tree)
    assert (again.code, again.stdout) == (0, "2 policies in 2 files: nothing to fix\n")
    assert run("lint", cwd=tree).code == 0


def test_a_diff_writes_nothing_and_can_be_applied(tree: Path) -> None:
    result = run("fix", "--diff", cwd=tree)
    assert result.code == 1
    assert (tree / "web.yaml").read_text() == SILENT
    assert "web.yaml:1: would fix shop/web" in result.stderr
    assert result.stdout.startswith("--- a/web.yaml\n+++ b/web.yaml\n@@ ")
    (tree / "d.patch").write_text(result.stdout)
    subprocess.run(["git", "apply", "d.patch"], cwd=tree, check=True)
    assert (tree / "web.yaml").read_text() == FIXED
    done = run("fix", "--diff", cwd=tree)
    assert (done.code, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("deny.yaml",), 0),
        (("web.yaml",), 1),
        (("--diff",), 1),
        (("--exit-zero",), 0),
        (("missing.yaml",), 3),
        (("missing.yaml", "web.yaml", "--exit-zero"), 3),
        (("-f", "web.yaml,deny.yaml"), 1),
        (("--strategy", "dns", "--no-recursive"), 1),
        (("--strategy", "dns", "--alone", "web.yaml"), 1),
        (("--strategy", "rules"), 2),
        (("--rules-file", "missing.yaml"), 2),
        (("--rules-file", "web.yaml", "--strategy", "dns"), 2),
        (("--rule", "peer-or"), 2),
        (("--rule", "egress-implict"), 2),
        (("--strategy", "none"), 2),
        (("--context", "kind"), 2),
        (("-", "web.yaml"), 2),
        (("-o", "csv"), 2),
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int, tree: Path) -> None:
    assert run("fix", *arguments, cwd=tree).code == code


def test_what_remains_counts_by_its_severity(tree: Path) -> None:
    (tree / "web.yaml").write_text(EMPTY)
    refused = run("fix", cwd=tree)
    assert refused.code == 1
    assert "refused far/empty: egress-implicit: `egress: []` is written" in refused.stdout
    assert "    to do: name a strategy" in refused.stdout
    assert "2 policies in 2 files: 1 policy refused" in refused.stdout
    (tree / ".npcheck.yaml").write_text("rules: {egress-implicit: note}\n")
    assert run("fix", cwd=tree).code == 0
    assert run("fix", "--fail-on", "note", cwd=tree).code == 1


def test_standard_input_is_filtered_to_standard_output() -> None:
    held = run("fix", "-", stdin=SILENT.encode())
    assert (held.code, held.stdout) == (1, SILENT)
    assert "--allow-widening" in held.stderr
    done = run("fix", "--allow-widening", "-", stdin=SILENT.encode())
    assert (done.code, done.stdout) == (1, FIXED)
    assert "fixed shop/web" in done.stderr
    nothing = run("fix", "-", stdin=DENY_ALL.encode())
    assert (nothing.code, nothing.stdout) == (0, DENY_ALL)
    empty = run("fix", "-", stdin=b"")
    assert (empty.code, empty.stdout) == (3, "")
    diff = run("fix", "--allow-widening", "--diff", "-", stdin=SILENT.encode())
    assert "+++ b/<stdin>" in diff.stdout


def test_bytes_that_are_not_ours_stay(tmp_path: Path) -> None:
    text = FIXED.replace("\n", "\r\n").rstrip()
    before = SILENT.replace("\n", "\r\n").rstrip()
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbf" + before.encode())
    assert run("fix", cwd=tmp_path).code == 1
    assert (tmp_path / "a.yaml").read_bytes() == b"\xef\xbb\xbf" + text.encode()
    (tmp_path / "a.yaml").write_bytes(SILENT.encode("utf-16"))
    assert run("fix", cwd=tmp_path).code == 1
    assert (tmp_path / "a.yaml").read_bytes().decode("utf-16") == FIXED


@pytest.mark.parametrize("form", ["json", "yaml"])
@pytest.mark.parametrize("arguments", [(), ("--diff",), ("deny.yaml",), ("missing.yaml",)])
def test_data_is_whole_and_valid(form: str, arguments: tuple[str, ...], tree: Path) -> None:
    (tree / "empty.yaml").write_text(EMPTY)
    result = run("fix", "-o", form, *arguments, cwd=tree)
    report = yaml.safe_load(result.stdout) if form == "yaml" else json.loads(result.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    assert report["written"] is ("--diff" not in arguments)
    assert report["summary"]["fixed"] == len(report["changes"])


def test_what_the_data_say(tree: Path) -> None:
    (tree / "empty.yaml").write_text(EMPTY)
    report = json.loads(run("fix", "-o", "json", cwd=tree).stdout)
    (change,) = report["changes"]
    assert (change["file"], change["namespace"], change["name"]) == ("web.yaml", "shop", "web")
    assert (change["strategy"], change["rules"]) == ("preserve", ["egress-implicit"])
    assert [item["path"] for item in change["operations"]] == ["spec.policyTypes", "spec.egress"]
    assert change["before"][0]["egress"] == {"open": "open", "deny": "denied"}
    assert change["after"][0]["egress"] == {"open": "open", "deny": "open"}
    lines = SILENT.splitlines(keepends=True)
    for edit in reversed(change["edits"]):
        line = lines[edit["line"] - 1]
        assert edit["line"] == edit["endLine"]
        lines[edit["line"] - 1] = (
            line[: edit["column"] - 1] + edit["text"] + line[edit["endColumn"] - 1 :]
        )
    assert "".join(lines) == FIXED
    (refused,) = report["refused"]
    assert (refused["name"], refused["rules"]) == ("empty", ["egress-implicit"])
    assert refused["remedy"]
    assert [finding["name"] for finding in report["findings"]] == ["empty"]


def test_the_settings_choose_the_strategy(tree: Path) -> None:
    (tree / "conf").mkdir()
    (tree / "conf" / "s.yaml").write_text("fix: {strategy: rules, rules-file: r.yaml}\n")
    (tree / "conf" / "r.yaml").write_text("- ports: [{port: 443}]\n")
    assert run("fix", "--config", "conf/s.yaml", "web.yaml", cwd=tree).code == 1
    spec = yaml.safe_load((tree / "web.yaml").read_text())["spec"]
    assert spec["egress"] == [{"ports": [{"port": 443}]}]


def test_a_link_is_kept_and_its_file_is_written(tree: Path) -> None:
    (tree / "real").mkdir()
    (tree / "web.yaml").rename(tree / "real" / "web.txt")
    (tree / "web.yaml").symlink_to("real/web.txt")
    assert run("fix", "web.yaml", cwd=tree).code == 1
    assert (tree / "web.yaml").is_symlink()
    assert (tree / "real" / "web.txt").read_text() == FIXED


def test_context_is_never_written(tree: Path) -> None:
    (tree / "other.yaml").write_text(SILENT.replace("shop", "far"))
    assert run("fix", "web.yaml", "--with", "other.yaml", cwd=tree).code == 1
    assert "egress" not in (tree / "other.yaml").read_text()


def test_a_file_that_cannot_be_written(tree: Path) -> None:
    os.link(tree / "web.yaml", tree / "twin.txt")
    result = run("fix", cwd=tree)
    assert (result.code, result.stdout) == (3, "")
    assert result.stderr.startswith("error: web.yaml: has 2 hard links")
    assert (tree / "web.yaml").read_text() == SILENT


def test_nothing_heavy_is_imported(tree: Path) -> None:
    script = (
        "import sys\nfrom kubectl_npcheck.cli.boundary import run\nrun(['fix'])\n"
        "print(*sorted(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = done.stderr.split()
    assert not {"difflib", "json", "kubernetes", "tempfile"} & set(loaded)


def test_as_a_library(tree: Path) -> None:
    from kubectl_npcheck import fix

    done = fix(str(tree), write=False)
    assert [change.name for change in done.changes] == ["web"]
    assert (tree / "web.yaml").read_text() == SILENT
    fix(str(tree))
    assert (tree / "web.yaml").read_text() == FIXED
    text = fix(text=SILENT, strategy="deny-all")
    assert "Egress" in text.files[0].new
    with pytest.raises(ValueError, match="name paths"):
        fix()
