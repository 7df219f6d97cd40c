"""The formats that CI systems read, as `lint` writes them: what only a whole run can give them."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from kubectl_npcheck.check.catalogue import catalogue
from kubectl_npcheck.cli.step_summary import MOST_BYTES, VARIABLE
from kubectl_npcheck.manifests.source import decode
from tests.command import run
from tests.rules.support import netpol

SILENT = netpol(
    "podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress],"
    " ingress: [{from: [{podSelector: {}}]}]"
)
BLOCK = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db # größer
  namespace: shop
spec:
  podSelector:
    matchLabels: {app: db}
  policyTypes:
  - Ingress"""


def sarif(*arguments: str, cwd: Path, code: int = 1, stdin: bytes = b"") -> dict[str, Any]:
    result = run("lint", "-o", "sarif", *arguments, cwd=cwd, stdin=stdin)
    assert (result.code, result.stderr) == (code, "")
    made: dict[str, Any] = json.loads(result.stdout)["runs"][0]
    return made


def applied(content: bytes, replacements: list[dict[str, Any]]) -> bytes:
    """The bytes of a file once a fix is taken, as an editor would read the regions."""
    source = decode(content, "")
    text = source.text
    starts = [0]
    for at, char in enumerate(text):
        if char == "\n" or (char == "\r" and text[at + 1 : at + 2] != "\n"):
            starts.append(at + 1)
    for item in reversed(replacements):
        region = item["deletedRegion"]
        start = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        text = text[:start] + item.get("insertedContent", {}).get("text", "") + text[end:]
    return source.encode(text)


@pytest.mark.parametrize(
    "content",
    [
        BLOCK.encode(),
        (BLOCK + "\n").encode(),
        (BLOCK + "\n").replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + BLOCK.encode() + b"\n",
        (BLOCK + "\n").encode("utf-16"),
        SILENT.encode(),
    ],
)
def test_a_fix_makes_the_bytes_that_fix_writes(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "k8s" / "a b.yaml"
    path.parent.mkdir()
    path.write_bytes(content)
    [result] = sarif(cwd=tmp_path)["results"]
    [change] = result["fixes"][0]["artifactChanges"]
    assert path.read_bytes() == content
    file = unquote(change["artifactLocation"]["uri"])
    assert run("fix", cwd=tmp_path).code == 1
    written = (tmp_path / file).read_bytes()
    assert applied(content, change["replacements"]) == written != content


def test_no_fix_for_what_fix_refuses_and_for_what_is_no_file(tmp_path: Path) -> None:
    mixed = "podSelector: {}, policyTypes: [Ingress], ingress: [{}]"
    restricted = "podSelector: {matchLabels: {app: db}}, policyTypes: [Egress]"
    (tmp_path / "a.yaml").write_text(netpol(mixed, "all") + "---\n" + netpol(restricted, "db"))
    refused = [item for item in sarif(cwd=tmp_path)["results"] if item["level"] == "error"]
    assert refused
    assert all("fixes" not in item for item in refused)
    [piped] = sarif("-", cwd=tmp_path, stdin=SILENT.encode())["results"]
    assert "fixes" not in piped


def test_all_rules_are_listed_even_without_findings(tmp_path: Path) -> None:
    made = sarif(cwd=tmp_path, code=0)
    assert made["results"] == []
    assert len(made["tool"]["driver"]["rules"]) == len(catalogue())


def test_what_the_settings_choose_is_what_a_fix_writes(tmp_path: Path) -> None:
    (tmp_path / ".npcheck.yaml").write_text("fix: {strategy: deny-all}\n")
    (tmp_path / "a.yaml").write_text(SILENT)
    [result] = sarif(cwd=tmp_path)["results"]
    assert "denied" in result["fixes"][0]["description"]["text"]
    (tmp_path / ".npcheck.yaml").write_text("fix: {strategy: rules}\n")
    result_of = run("lint", "-o", "sarif", cwd=tmp_path)
    assert (result_of.code, result_of.stdout) == (2, "")
    assert "rules-file" in result_of.stderr


def test_each_suffix_gives_its_format(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SILENT)
    names = ["r.sarif", "r.xml", "r.md"]
    reports = [part for name in names for part in ("--report", name)]
    assert run("lint", "a.yaml", *reports, cwd=tmp_path).code == 1
    sarif_text, xml, markdown = ((tmp_path / name).read_text("utf-8") for name in names)
    assert json.loads(sarif_text)["version"] == "2.1.0"
    assert ET.fromstring(xml).get("failures") == "1"
    assert markdown.startswith("## npcheck: failed\n")


@pytest.fixture
def summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that a runner of GitHub Actions names."""
    path = tmp_path / "summary"
    monkeypatch.setenv(VARIABLE, str(path))
    (tmp_path / "a.yaml").write_text(SILENT)
    return path


def test_the_summary_of_the_step_is_added_to(summary: Path) -> None:
    summary.write_text("# from another step")
    result = run("lint", "-o", "github", "a.yaml", cwd=summary.parent)
    assert (result.code, result.stderr) == (1, "")
    assert result.stdout.startswith("::error file=a.yaml,line=4,")
    assert summary.read_text("utf-8").startswith("# from another step\n## npcheck: failed\n")


def test_only_the_github_format_adds_to_it(summary: Path) -> None:
    run("lint", "-o", "markdown", "a.yaml", cwd=summary.parent)
    assert not summary.exists()


def test_a_summary_that_is_full_stays_as_it_is(summary: Path) -> None:
    summary.write_text("x" * (MOST_BYTES - 10))
    result = run("lint", "-o", "github", "a.yaml", cwd=summary.parent)
    assert (result.code, summary.stat().st_size) == (1, MOST_BYTES - 10)
    assert result.stderr == f"warning: nothing is added to {VARIABLE}: it has no room left for " + (
        "this report\n"
    )


def test_a_summary_that_cannot_be_written_is_a_warning(
    summary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, os.path.join(summary, "missing"))
    result = run("lint", "-o", "github", "a.yaml", cwd=summary.parent)
    assert result.code == 1
    assert result.stderr == f"warning: nothing is added to {VARIABLE}: No such file or directory\n"
