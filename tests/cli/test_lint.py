"""`lint` as users run it: exit codes, streams, formats, report files, settings."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from kubectl_npcheck import lint
from kubectl_npcheck.reports import FORMATS
from kubectl_npcheck.settings import Settings
from tests.command import run
from tests.rules.support import netpol

SILENT = netpol(
    "podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]"
)
DENY_ALL = netpol("podSelector: {}, policyTypes: [Ingress, Egress]", "deny-all")
SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8")
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """One silent policy and one that states everything, in two namespaces."""
    (tmp_path / "web.yaml").write_text(SILENT)
    (tmp_path / "deny.yaml").write_text(DENY_ALL.replace("shop", "other"))
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 1),
        (("web.yaml",), 1),
        (("-f", "web.yaml,deny.yaml"), 1),
        (("-f", "web.yaml", "-f", "deny.yaml"), 1),
        (("deny.yaml",), 0),
        (("--exit-zero",), 0),
        (("missing.yaml",), 3),
        (("missing.yaml", "web.yaml", "--exit-zero"), 3),
        (("-n", "shop", "--no-recursive", "--alone", "--with", "deny.yaml", "web.yaml"), 1),
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int, tree: Path) -> None:
    assert run("lint", *arguments, cwd=tree).code == code


def test_a_policy_of_the_same_namespace_decides_and_fail_on_counts(tree: Path) -> None:
    (tree / "deny.yaml").write_text(DENY_ALL)
    result = run("lint", cwd=tree)
    assert (result.code, result.stderr) == (0, "")
    assert "web.yaml:4:48: note egress-implicit shop/web: " in result.stdout
    assert run("lint", "--fail-on", "note", cwd=tree).code == 1
    assert run("lint", "web.yaml", "--alone", cwd=tree).code == 1
    assert run("lint", "web.yaml", "--alone", "--with", "deny.yaml", cwd=tree).code == 0


def test_findings_are_printed_beside_errors_which_go_to_stderr(tree: Path) -> None:
    (tree / "broken.yaml").write_text("kind: NetworkPolicy\na: [\n")
    result = run("lint", cwd=tree)
    assert result.code == 3
    assert "error egress-implicit shop/web" in result.stdout
    assert result.stdout.endswith("1 input could not be read: the result is incomplete\n")
    assert result.stderr.startswith("error: broken.yaml:")
    assert result.stderr.count("\n") == 1


def test_standard_input() -> None:
    result = run("lint", "-", stdin=SILENT.encode())
    assert result.code == 1
    assert result.stdout.startswith("<stdin>:4:48: error egress-implicit shop/web: ")
    empty = run("lint", "-", stdin=b"")
    assert (empty.code, empty.stderr) == (3, "error: <stdin>: standard input is empty\n")


def test_no_policy_at_all(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("kind: ConfigMap\n")
    result = run("lint", cwd=tmp_path)
    assert result.code == 0
    assert result.stdout.startswith("no NetworkPolicy found in .: 1 file seen")


@pytest.mark.parametrize("paths", [(), ("missing.yaml",), ("empty",)])
def test_json_is_whole_and_valid_at_every_exit(paths: tuple[str, ...], tree: Path) -> None:
    (tree / "empty").mkdir()
    result = run("lint", "-o", "json", *paths, cwd=tree)
    report = json.loads(result.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    assert len(report["errors"]) == (result.code == 3)


def test_a_closed_pipe_keeps_the_exit_code(tree: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [sys.executable, "-m", "kubectl_npcheck", "lint", "--report", "r.csv"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (1, b"")
    assert (tree / "r.csv").exists()


def test_report_files_in_the_formats_of_their_suffixes(tree: Path) -> None:
    result = run(
        "lint", "--report", "r.json", "--report", "r.csv", "--report", "r.txt", "--report",
        "r.yaml", "-o", "name", cwd=tree,
    )  # fmt: skip
    assert result.stdout == "networkpolicy.networking.k8s.io/web -n shop\n"
    assert json.loads((tree / "r.json").read_text())["schema"] == "npcheck.report/v1"
    rows = list(csv.DictReader((tree / "r.csv").read_text().splitlines()))
    assert [(row["name"], row["compliant"]) for row in rows] == [
        ("deny-all", "True"),
        ("web", "False"),
    ]
    assert "error egress-implicit shop/web" in (tree / "r.txt").read_text()
    assert (tree / "r.yaml").read_text().startswith("schema: npcheck.report/v1\n")
    assert sorted(path.name for path in tree.iterdir()) == [
        "deny.yaml",
        "r.csv",
        "r.json",
        "r.txt",
        "r.yaml",
        "web.yaml",
    ]


def test_a_text_report_names_what_could_not_be_read(tree: Path) -> None:
    run("lint", "missing.yaml", "--report", "r.txt", cwd=tree)
    assert "error: missing.yaml: does not exist" in (tree / "r.txt").read_text()


def test_a_report_that_cannot_be_written(tree: Path) -> None:
    result = run("lint", "--report", "no/such/place.json", cwd=tree)
    assert result.code == 2
    assert (
        result.stderr
        == "error: cannot write --report no/such/place.json: No such file or directory\n"
    )


def test_a_report_to_a_device(tree: Path) -> None:
    (tree / "r.json").symlink_to(os.devnull)
    assert run("lint", "web.yaml", "--report", "r.json", cwd=tree).code == 1
    assert (tree / "r.json").is_symlink()


def test_a_report_keeps_a_symbolic_link(tree: Path) -> None:
    (tree / "link.json").symlink_to("real.json")
    run("lint", "--report", "link.json", cwd=tree)
    assert (tree / "link.json").is_symlink()
    assert (tree / "real.json").read_text().startswith("{")


def test_settings_are_found_and_arguments_win(tree: Path) -> None:
    (tree / ".npcheck.yaml").write_text("fail-on: error\nrules: {egress-implicit: warning}\n")
    result = run("lint", cwd=tree)
    assert result.code == 0
    assert "warning egress-implicit" in result.stdout
    assert run("lint", "--fail-on", "warning", cwd=tree).code == 1


def test_settings_exclude_and_context(tree: Path) -> None:
    (tree / "conf").mkdir()
    (tree / "conf" / "s.yaml").write_text("exclude: ['none/**']\nwith: [more]\n")
    (tree / "conf" / "more").mkdir()
    (tree / "conf" / "more" / "deny.yaml").write_text(DENY_ALL)
    assert run("lint", "--config", "conf/s.yaml", "web.yaml", cwd=tree).code == 0


def test_bad_settings_are_wrong_usage(tree: Path) -> None:
    (tree / ".npcheck.yaml").write_text("rules:\n  egress-implict: off\n")
    result = run("lint", cwd=tree)
    assert (result.code, result.stdout) == (2, "")
    assert result.stderr == (
        'error: .npcheck.yaml:2: unknown rule "egress-implict"; did you mean "egress-implicit"?\n'
    )


def test_names_that_are_no_text_reach_every_format(tmp_path: Path) -> None:
    name = os.fsdecode(b"we\xffb.yaml")
    try:
        (tmp_path / name).write_text(SILENT)
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    for form in FORMATS:
        assert run("lint", "-o", form, cwd=tmp_path).code == 1


def test_as_a_library(tree: Path) -> None:
    report = lint(str(tree))
    assert [finding.rule for finding in report.findings] == ["egress-implicit"]
    assert report.failing
    both = lint(text=SILENT + "---\n" + DENY_ALL)
    assert [finding.severity.label for finding in both.findings] == ["note"]
    assert both.policies[0].egress_state == "denied"
    off = Settings(rules={"egress-implicit": None})
    assert not lint(text=SILENT, settings=off).findings
    with pytest.raises(ValueError, match="name paths"):
        lint()


HEAVY = (
    "asyncio", "dataclasses", "http", "jinja2", "json", "kubernetes", "ssl",
    "subprocess", "urllib3", "xml", "difflib",
)  # fmt: skip
SCRIPT = """
import sys
import click, yaml
before = set(sys.modules)
from kubectl_npcheck.cli.boundary import run
run({arguments!r})
print(*sorted(set(sys.modules) - before), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["lint", "web.yaml"], ["--help"], ["rules"]])
def test_nothing_heavy_is_imported(arguments: list[str], tree: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(arguments=arguments)],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = done.stderr.split()
    assert [name for name in loaded if name.split(".")[0] in HEAVY] == []
    if arguments == ["--help"]:
        assert not any(name.startswith("kubectl_npcheck.rules") for name in loaded)
