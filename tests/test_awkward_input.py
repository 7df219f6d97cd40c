"""Inputs as repositories really hold them: what is judged, what is named as not judged."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.command import run

SILENT = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels: {app: web}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {}
"""


@pytest.fixture(autouse=True)
def _no_repository_around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


def linted(root: Path, content: str | bytes, name: str = "a.yaml") -> dict[str, Any]:
    """The JSON report of one file."""
    (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    result = run("lint", "-o", "json", name, cwd=root)
    assert result.code in (0, 1), result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def rules(report: dict[str, Any]) -> list[str]:
    return [finding["rule"] for finding in report["findings"]]


# Not written out yet

YTT_VALUE = SILENT.replace("name: web", "name: #@ data.values.name")
YTT_PEER = SILENT.replace("- podSelector: {}", "- #@ data.values.peer")
YTT_BRANCH = (
    SILENT.replace("  ingress:\n", "  #@ if data.values.open:\n  ingress:\n") + "  #@ end\n"
)
YTT_OVERLAY = "#@overlay/match by=overlay.all\n---\n" + SILENT
SOPS = SILENT.replace("app: web", 'app: "ENC[AES256_GCM,data:S1U=,iv:QQ==,tag:Qg==,type:str]"')


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (YTT_VALUE, "template text (#@ of ytt): render it first"),
        (YTT_PEER, "template text (#@ of ytt): render it first"),
        (YTT_BRANCH, "template text (#@ of ytt): render it first"),
        (YTT_OVERLAY, "template text (#@ of ytt): render it first"),
        (SOPS, "encrypted with SOPS: decrypt it first"),
    ],
)
def test_what_is_filled_in_later_is_listed_and_not_judged(
    text: str, why: str, tmp_path: Path
) -> None:
    report = linted(tmp_path, text)
    assert report["findings"] == report["policies"] == []
    [skipped] = report["skipped"]
    assert (skipped["reason"], skipped["message"]) == ("template", why)


@pytest.mark.parametrize(
    "comment",
    ["#@", "# @param web", "## @section", "#@param", "# #@ if", 'x: "a #@ b" #@home', "# a: #@ b"],
)
def test_other_comments_are_no_ytt(comment: str, tmp_path: Path) -> None:
    report = linted(tmp_path, SILENT.replace("  name: web\n", f"  name: web\n  {comment}\n"))
    assert "egress-implicit" in rules(report)
    assert report["skipped"] == []


def test_a_skipped_document_leaves_its_neighbours(tmp_path: Path) -> None:
    report = linted(tmp_path, YTT_VALUE + "---\n" + SILENT)
    assert rules(report) == ["egress-implicit"]
    assert len(report["skipped"]) == 1


# Shapes


def test_a_bare_list_of_objects(tmp_path: Path) -> None:
    item = "- " + SILENT.replace("\n", "\n  ").rstrip() + "\n"
    report = linted(tmp_path, item + item.replace("web", "db"))
    assert [(f["rule"], f["name"], f["line"]) for f in report["findings"]] == [
        ("egress-implicit", "web", 9),
        ("egress-implicit", "db", 21),
    ]
    assert [policy["line"] for policy in report["policies"]] == [1, 13]


def test_a_bare_list_in_json(tmp_path: Path) -> None:
    objects = [
        {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
         "metadata": {"name": name}, "spec": {"podSelector": {}, "policyTypes": ["Ingress"]}}
        for name in ("a", "b")
    ]  # fmt: skip
    report = linted(tmp_path, json.dumps(objects, indent=1), "a.json")
    assert [finding["name"] for finding in report["findings"]] == ["a", "b"]


def test_a_policy_with_the_fields_of_a_list(tmp_path: Path) -> None:
    report = linted(tmp_path, SILENT + "items:\n- a\n- b\n")
    assert [policy["line"] for policy in report["policies"]] == [1]
    assert sorted(rules(report)) == ["egress-implicit", "unknown-field"]


@pytest.mark.parametrize(
    "text",
    [
        "- op: replace\n  path: /spec\n  value: {kind: NetworkPolicy}\n",
        "- hosts: all\n  tasks:\n  - k8s: {definition: {kind: NetworkPolicy}}\n",
        "- NetworkPolicy\n",
    ],
)
def test_lists_of_other_things(text: str, tmp_path: Path) -> None:
    report = linted(tmp_path, text)
    assert report["findings"] == report["policies"] == report["skipped"] == []


def test_a_forgotten_separator_is_one_finding(tmp_path: Path) -> None:
    stated = SILENT.replace("[Ingress]", "[Ingress, Egress]\n  egress: [{}]")
    report = linted(tmp_path, SILENT + stated.replace("web", "db"))
    [finding] = report["findings"]
    assert (finding["rule"], finding["line"], finding["fix"]["summary"]) == (
        "duplicate-key",
        13,
        "write `---` before it",
    )
    assert finding["message"].startswith("a second object begins here without `---`")


GENERATE = """\
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: add-networkpolicy}
spec:
  rules:
  - name: default-deny
    generate:
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      name: default-deny
      namespace: "{{request.object.metadata.name}}"
      data: {spec: {podSelector: {}, policyTypes: [Ingress]}}
"""
EMBEDDED = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: policies}
data:
  policy.yaml: |
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: web}
    spec: {podSelector: {}}
"""
DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: tenants.example.com}
spec:
  versions:
  - schema: {openAPIV3Schema: {properties: {kind: {enum: [NetworkPolicy]}}}}
"""


@pytest.mark.parametrize("text", [GENERATE, EMBEDDED, DEFINITION])
def test_policies_within_other_objects_are_not_policies_of_the_cluster(
    text: str, tmp_path: Path
) -> None:
    report = linted(tmp_path, text)
    assert report["findings"] == report["policies"] == report["errors"] == []
    both = linted(tmp_path, text + "---\n" + SILENT)
    assert rules(both) == ["egress-implicit"]


def test_what_kubectl_get_prints(tmp_path: Path) -> None:
    served = "\n".join("  " + line for line in SILENT.splitlines())
    added = (
        '    creationTimestamp: "2026-01-01T00:00:00Z"\n    generation: 1\n    managedFields:\n'
        "    - {apiVersion: networking.k8s.io/v1, fieldsType: FieldsV1, fieldsV1: {'f:spec': {}},"
        ' manager: kubectl, operation: Update}\n    resourceVersion: "1"\n    uid: x\n'
    )
    listed = "apiVersion: v1\nkind: List\nmetadata: {resourceVersion: ''}\nitems:\n- " + (
        served.lstrip().replace("    namespace: shop\n", f"    namespace: shop\n{added}")
    )
    report = linted(tmp_path, listed + "\n  status: {}\n")
    assert rules(report) == ["egress-implicit"]


WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: shop}
spec: {template: {metadata: {labels: {app: db}}, spec: {containers: []}}}
"""


@pytest.mark.parametrize("labels", ["{{ toYaml .Values.labels }}", "{app: web"])
def test_a_workload_that_cannot_be_read_may_be_the_one_that_is_meant(
    labels: str, tmp_path: Path
) -> None:
    stated = SILENT.replace("[Ingress]", "[Ingress, Egress]\n  egress: [{}]") + "---\n" + WORKLOAD
    assert "selects-nothing" in rules(linted(tmp_path, stated))
    unread = (
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\n"
        f"spec:\n  template:\n    metadata:\n      labels: {labels}\n"
    )
    assert "selects-nothing" not in rules(linted(tmp_path, stated + unread))


def test_a_broken_document_without_a_policy_is_named_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SILENT)
    (tmp_path / "b.yaml").write_text(WORKLOAD + "spec: [\n")
    result = run("lint", "--exit-zero", cwd=tmp_path)
    assert (result.code, result.stderr) == (0, "")
    said = "not read, 1 document without a policy: the pods in there are not known\n    b.yaml:"
    assert said in result.stdout


# Names


def test_a_policy_without_a_name_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SILENT.replace("  name: web\n", ""))
    result = run("lint", "a.yaml", cwd=tmp_path)
    assert "error egress-implicit shop/(no name): " in result.stdout


def test_placeholders_are_named_by_their_paths(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SILENT.replace("name: web", "name: ${NAME}"))
    result = run("lint", "a.yaml", cwd=tmp_path)
    assert "1 policy with placeholders, judged as written: placeholders in metadata.name\n" in (
        result.stdout
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such names")
def test_odd_names_of_files_and_deep_trees(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 60)
    deep.mkdir(parents=True)
    (deep / "a.yaml").write_text(SILENT)
    (tmp_path / "two words.yaml").write_text(SILENT.replace("web", "words"))
    (tmp_path / "new\nline.yaml").write_text(SILENT.replace("web", "line"))
    result = run("lint", cwd=tmp_path)
    assert result.stdout.count("error egress-implicit") == 3
    assert "\nnew\\nline.yaml:9:3: error" in "\n" + result.stdout
    assert "/".join(["d"] * 60) + "/a.yaml:9:3: error" in result.stdout


# Pipes


@pytest.mark.skipif(not os.path.isdir("/dev/fd"), reason="no /dev/fd here")
def test_a_pipe_that_the_shell_opened_is_read(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, SILENT.encode())
    os.close(writing)
    try:
        result = run("lint", f"/dev/fd/{reading}", cwd=tmp_path)
    finally:
        os.close(reading)
    assert result.stdout.startswith(f"/dev/fd/{reading}:9:3: error egress-implicit shop/web")
    assert (result.code, result.stderr) == (1, "")
