"""Broken input: one clear line each, the right exit code, and the other files still checked."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.command import Result, run
from tests.refused_input import HEAD, REFUSED, Refused, policy
from tests.unreadable_input import GOOD, UNREADABLE, Unreadable, bomb

NEIGHBOUR = (GOOD.replace("shop", "other")).replace(", Egress", "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A directory with one undecided policy, which must be found whatever stands beside it."""
    (tmp_path / "neighbour.yaml").write_text(NEIGHBOUR, encoding="utf-8")
    return tmp_path


def lint(folder: Path, *arguments: str) -> tuple[Result, dict[str, Any]]:
    """Lint a folder as JSON and check what holds for every input."""
    result = run("lint", "-o", "json", *(arguments or ["."]), cwd=folder)
    assert "Traceback" not in result.stderr
    report = json.loads(result.stdout)
    found = [f["rule"] for f in report["findings"] if f["file"].endswith("neighbour.yaml")]
    assert found == ["egress-implicit"]
    return result, report


def errors(result: Result, report: dict[str, Any], file: str) -> list[dict[str, Any]]:
    """The read errors of a file, each of which must be one line on stderr."""
    found = [error for error in report["errors"] if error["file"] == file]
    lines = [line for line in result.stderr.splitlines() if line.startswith(f"error: {file}")]
    assert len(lines) == len(found)
    for error in found:
        assert "\n" not in error["message"]
        assert 10 < len(error["message"]) < 250
    return found


def test_there_are_enough_cases() -> None:
    assert len(REFUSED) + len(UNREADABLE) + len(ODD) >= 60


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_what_an_api_server_refuses(case: Refused, folder: Path) -> None:
    (folder / "bad.yaml").write_bytes(policy(case.spec))
    result, report = lint(folder)
    assert result.code == 1
    assert report["errors"] == []
    found = [f for f in report["findings"] if f["file"] == "bad.yaml" and f["rule"] == case.rule]
    assert found, [f["rule"] for f in report["findings"]]
    assert any(f["path"].startswith(case.path) and case.text in f["message"] for f in found), found
    assert all(f["line"] >= 4 for f in found)


@pytest.mark.parametrize("case", UNREADABLE, ids=lambda case: case.name)
def test_what_cannot_be_read(case: Unreadable, folder: Path) -> None:
    (folder / "bad.yaml").write_bytes(case.content)
    result, report = lint(folder)
    assert result.code == 3
    found = errors(result, report, "bad.yaml")
    assert len(found) == 1
    assert case.text in found[0]["message"]
    if case.line is not None:
        assert found[0]["line"] == case.line


NAMED = HEAD.replace("metadata: {name: np, namespace: shop}\n", "")
BODY = "spec: {podSelector: {}, policyTypes: [Ingress, Egress]}\n"

# Documents that parse and are odd elsewhere than in their spec: name -> (text, exit code of the
# folder, rules that must speak of it). 1 is the neighbour's finding alone.
ODD: dict[str, tuple[str, int, tuple[str, ...]]] = {
    "metadata-absent": (NAMED + BODY, 1, ("invalid",)),
    "metadata-null": (NAMED + "metadata:\n" + BODY, 1, ("invalid",)),
    "metadata-list": (NAMED + "metadata: []\n" + BODY, 1, ("invalid",)),
    "metadata-string": (NAMED + "metadata: np\n" + BODY, 1, ("invalid",)),
    "name-number": (NAMED + "metadata: {name: 7}\n" + BODY, 1, ("invalid",)),
    "name-list": (NAMED + "metadata: {name: [np]}\n" + BODY, 1, ("invalid",)),
    "name-capitals": (NAMED + "metadata: {name: My_Policy}\n" + BODY, 1, ("invalid",)),
    "namespace-number": (NAMED + "metadata: {name: np, namespace: 7}\n" + BODY, 1, ("invalid",)),
    "labels-list": (NAMED + "metadata: {name: np, labels: [a]}\n" + BODY, 1, ("invalid",)),
    "annotation-number": (
        NAMED + "metadata: {name: np, annotations: {a: 1}}\n" + BODY,
        1,
        ("invalid",),
    ),
    "annotations-null": (NAMED + "metadata: {name: np, annotations: null}\n" + BODY, 1, ()),
    "spec-absent": (HEAD, 1, ("egress-implicit",)),
    "spec-null": (HEAD + "spec:\n", 1, ("egress-implicit",)),
    "selector-null": (HEAD + "spec: {podSelector: null, policyTypes: [Egress]}\n", 1, ()),
    "everything-null": (
        HEAD + "spec: {podSelector: , policyTypes: , ingress: , egress: }\n",
        1,
        ("egress-implicit",),
    ),
    "kind-list": (HEAD.replace("kind: NetworkPolicy", "kind: [NetworkPolicy]") + BODY, 1, ()),
    "kind-null": (HEAD.replace("kind: NetworkPolicy", "kind:  # NetworkPolicy") + BODY, 1, ()),
    "version-number": (HEAD.replace("networking.k8s.io/v1", "1") + BODY, 1, ()),
    "version-absent": (HEAD.partition("\n")[2] + BODY, 1, ()),
    "list-at-the-top": ("- kind: NetworkPolicy\n- NetworkPolicy\n", 1, ()),
    "scalar": ("NetworkPolicy\n", 1, ()),
    "only-comments": ("# kind: NetworkPolicy\n---\n# nothing\n---\n", 1, ()),
    "items-null": ("apiVersion: v1\nkind: List\nitems:  # NetworkPolicy\n", 1, ()),
    "items-map": ("apiVersion: v1\nkind: List\nitems: {kind: NetworkPolicy}\n", 1, ()),
    "items-odd": ("apiVersion: v1\nkind: List\nitems: [null, 7, NetworkPolicy, [], {}]\n", 1, ()),
    "key-number": (HEAD + "1: x\n" + BODY, 1, ("unknown-field",)),
    "key-null": (HEAD + "? \n: x\n" + BODY, 3, ()),
    "key-list": (HEAD + "? [a, b]\n: x\n" + BODY, 3, ()),
    "key-map": (HEAD + "{a: b}: x\n" + BODY, 3, ()),
    "merge-of-a-string": (HEAD + "spec: {<<: x, podSelector: {}}\n", 3, ()),
    "date-as-label": (HEAD + "spec: {podSelector: {matchLabels: {day: 2024-01-01}}}\n", 1, ()),
    "nan-as-port": (
        HEAD + "spec: {podSelector: {}, ingress: [{ports: [{port: .nan}]}]}\n",
        1,
        ("invalid",),
    ),
    "infinite-port": (
        HEAD + "spec: {podSelector: {}, ingress: [{ports: [{port: .inf}]}]}\n",
        1,
        ("invalid",),
    ),
    "huge-port": (
        HEAD + f"spec: {{podSelector: {{}}, ingress: [{{ports: [{{port: {'9' * 5000}}}]}}]}}\n",
        1,
        ("invalid",),
    ),
    "own-tag": (HEAD + "spec: !Ref shop\n", 1, ("invalid",)),
    "python-tag": (HEAD + "spec: !!python/object/apply:os.getcwd []\n", 1, ("invalid",)),
    "binary-tag": (HEAD + "spec: {podSelector: {matchLabels: {a: !!binary Zm9v}}}\n", 1, ()),
    "set-tag": (HEAD + "spec: !!set {podSelector, ingress}\n", 1, ()),
    "duplicate-anchor": (
        HEAD + "spec: {podSelector: &a {}, ingress: [{from: [{podSelector: &a {}}]}]}\n",
        1,
        (),
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_documents(name: str, folder: Path) -> None:
    text, code, rules = ODD[name]
    (folder / "bad.yaml").write_text(text, encoding="utf-8")
    result, report = lint(folder)
    assert result.code == code, result.stderr
    assert len(errors(result, report, "bad.yaml")) == (1 if code == 3 else 0)
    found = {f["rule"] for f in report["findings"] if f["file"] == "bad.yaml"}
    assert set(rules) <= found


@pytest.mark.parametrize("levels", [6, 9, 40])
def test_alias_bombs_are_bounded(levels: int, folder: Path) -> None:
    (folder / "bad.yaml").write_bytes(bomb(levels))
    result, report = lint(folder)
    assert result.code == 3
    [error] = errors(result, report, "bad.yaml")
    assert "alias" in error["message"]


@pytest.mark.parametrize("where", ["comment", "label", "list"])
def test_ten_megabytes_of_one_line(where: str, folder: Path) -> None:
    size = 10_000_000
    line = {
        "comment": "# " + "x" * size,
        "label": f"spec: {{podSelector: {{matchLabels: {{app: {'x' * size}}}}}}}",
        "list": f"spec: {{podSelector: {{}}, ingress: [{'{}, ' * (size // 100)}]}}",
    }[where]
    (folder / "bad.yaml").write_text(HEAD + line + "\n", encoding="utf-8")
    result, report = lint(folder)
    assert result.code in (1, 3)
    shown = run("lint", cwd=folder)
    assert shown.code == result.code
    assert max(map(len, (shown.stdout + shown.stderr).splitlines())) < 1000
    assert len(errors(result, report, "bad.yaml")) == (1 if result.code == 3 else 0)


def test_a_broken_document_leaves_its_neighbours(folder: Path) -> None:
    text = NEIGHBOUR.replace("other", "first") + "---\n" + HEAD + "spec: {\n---\n" + NEIGHBOUR
    (folder / "bad.yaml").write_text(text, encoding="utf-8")
    result, report = lint(folder)
    assert result.code == 3
    assert len(errors(result, report, "bad.yaml")) == 1
    found = [f["namespace"] for f in report["findings"] if f["file"] == "bad.yaml"]
    assert found == ["first", "other"]


def test_a_directory_named_like_a_file(folder: Path) -> None:
    (folder / "x.yaml").mkdir()
    (folder / "x.yaml" / "policy.yaml").write_text(NEIGHBOUR.replace("other", "in"), "utf-8")
    result, report = lint(folder)
    assert result.code == 1
    assert "x.yaml/policy.yaml" in [f["file"] for f in report["findings"]]


def test_links_that_lead_nowhere_or_in_circles(folder: Path) -> None:
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "self.yaml").symlink_to("self.yaml")
    (folder / "gone.yaml").symlink_to("no-such-file.yaml")
    result, report = lint(folder)
    assert result.code == 3
    assert {error["file"] for error in report["errors"]} == {"self.yaml", "gone.yaml"}
    assert len(report["policies"]) == 1


def test_a_pipe_in_a_directory_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    result, _ = lint(folder)
    assert result.code in (1, 3)


def test_a_path_that_does_not_exist(folder: Path) -> None:
    result, report = lint(folder, "missing.yaml", "neighbour.yaml")
    assert result.code == 3
    [error] = errors(result, report, "missing.yaml")
    assert "exist" in error["message"]


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf", b"---\n", b"# nothing\n"])
def test_empty_files_hold_no_policy(content: bytes, folder: Path) -> None:
    (folder / "empty.yaml").write_bytes(content)
    result, report = lint(folder, "empty.yaml", "neighbour.yaml")
    assert result.code == 1
    assert report["errors"] == []


def test_empty_standard_input(folder: Path) -> None:
    result = run("lint", "-", cwd=folder)
    assert result.code == 3
    assert result.stderr.startswith("error: ")
