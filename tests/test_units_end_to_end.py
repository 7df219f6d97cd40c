"""What vouches for what, as users see it: trees of files, run through `lint`."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.command import Result, run

NEEDS_GIT = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture(autouse=True)
def _no_repository_around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


def netpol(name: str, namespace: str, spec: str) -> str:
    meta = f"name: {name}" + (f", namespace: {namespace}" if namespace else "")
    return (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{{meta}}}\nspec: {{{spec}}}\n"
    )


def silent(name: str = "web", namespace: str = "", pods: str = "matchLabels: {app: web}") -> str:
    """A policy that leaves the egress of its pods unstated."""
    peers = "ingress: [{from: [{podSelector: {}}]}]"
    return netpol(name, namespace, f"podSelector: {{{pods}}}, policyTypes: [Ingress], {peers}")


def deny(name: str = "default-deny", namespace: str = "", pods: str = "") -> str:
    """A policy that states the egress of its pods: none."""
    return netpol(name, namespace, f"podSelector: {{{pods}}}, policyTypes: [Egress]")


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def silence(root: Path, *arguments: str, stdin: bytes = b"") -> list[tuple[str, str, str]]:
    """(file, name, severity) of each `egress-implicit`."""
    found = findings(run("lint", "-o", "json", *arguments, cwd=root, stdin=stdin))
    return [(f["file"], f["name"], f["severity"]) for f in found if f["rule"] == "egress-implicit"]


def findings(result: Result) -> list[dict[str, Any]]:
    assert result.code in (0, 1), result.stderr
    report = json.loads(result.stdout)
    found: list[dict[str, Any]] = report["findings"]
    return found


# Directories


@pytest.mark.parametrize("namespace", ["shop", ""])
def test_a_denial_in_prod_does_not_vouch_for_dev(tmp_path: Path, namespace: str) -> None:
    files = {
        "dev/web.yaml": silent(namespace=namespace),
        "prod/web.yaml": silent(namespace=namespace),
        "prod/deny.yaml": deny(namespace=namespace),
    }
    write(tmp_path, files)
    assert silence(tmp_path, ".") == [
        ("dev/web.yaml", "web", "error"),
        ("prod/web.yaml", "web", "note"),
    ]


def test_the_policy_that_would_decide_it_elsewhere_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"dev/web.yaml": silent(), "dev/env/deny.yaml": deny()})
    [finding] = findings(run("lint", "-o", "json", cwd=tmp_path))
    assert finding["severity"] == "error"
    assert (
        "default-deny (dev/env/deny.yaml:1) would decide this if applied to the same namespace"
        in finding["evidence"]
    )


def test_one_namespace_is_together_wherever_its_files_are(tmp_path: Path) -> None:
    write(tmp_path, {"a/web.yaml": silent(namespace="s"), "b/deny.yaml": deny(namespace="s")})
    assert silence(tmp_path, ".") == [("a/web.yaml", "web", "note")]


def test_without_a_namespace_a_directory_is_together_and_no_more(tmp_path: Path) -> None:
    write(tmp_path, {"a/web.yaml": silent(), "a/deny.yaml": deny(), "b/web2.yaml": silent("w2")})
    assert silence(tmp_path, ".") == [("a/web.yaml", "web", "note"), ("b/web2.yaml", "w2", "error")]


def test_an_explicit_namespace_and_none_are_apart_unless_the_option_says_so(tmp_path: Path) -> None:
    write(tmp_path, {"web.yaml": silent(), "deny.yaml": deny(namespace="shop")})
    assert silence(tmp_path, ".") == [("web.yaml", "web", "error")]
    assert silence(tmp_path, ".", "-n", "shop") == [("web.yaml", "web", "note")]
    assert silence(tmp_path, ".", "-n", "other") == [("web.yaml", "web", "error")]


def test_two_install_variants_in_one_directory(tmp_path: Path) -> None:
    both = silent("server") + "---\n"
    files = {
        "manifests/install.yaml": both + silent("redis"),
        "manifests/namespace-install.yaml": both + deny("redis"),
    }
    write(tmp_path, files)
    assert silence(tmp_path, "manifests") == [
        ("manifests/install.yaml", "server", "error"),
        ("manifests/install.yaml", "redis", "error"),
        ("manifests/namespace-install.yaml", "server", "note"),
    ]


# A sibling in another file


@pytest.fixture
def siblings(tmp_path: Path) -> Path:
    write(tmp_path, {"k8s/web.yaml": silent(), "k8s/deny.yaml": deny(), "docs/a.md": ""})
    return tmp_path


def test_the_sibling_counts_where_the_directory_is_named(siblings: Path) -> None:
    assert silence(siblings, "k8s") == [("k8s/web.yaml", "web", "note")]


@NEEDS_GIT
def test_the_sibling_counts_where_one_file_of_a_repository_is_named(siblings: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=siblings, check=True)
    assert silence(siblings, "k8s/web.yaml") == [("k8s/web.yaml", "web", "note")]
    assert silence(siblings / "docs", "../k8s/web.yaml") == [("../k8s/web.yaml", "web", "note")]


@NEEDS_GIT
def test_a_sibling_that_git_ignores_does_not_count(siblings: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=siblings, check=True)
    (siblings / ".gitignore").write_text("deny.yaml\n")
    assert silence(siblings, "k8s/web.yaml") == [("k8s/web.yaml", "web", "error")]
    assert silence(siblings, "k8s") == [("k8s/web.yaml", "web", "error")]


def test_alone_and_with(siblings: Path) -> None:
    assert silence(siblings, "k8s/web.yaml", "--alone") == [("k8s/web.yaml", "web", "error")]
    assert silence(siblings, "k8s/web.yaml", "--alone", "--with", "k8s/deny.yaml") == [
        ("k8s/web.yaml", "web", "note")
    ]


def test_one_stream_is_together(tmp_path: Path) -> None:
    assert silence(tmp_path, "-", stdin=(silent() + "---\n" + deny()).encode()) == [
        ("<stdin>", "web", "note")
    ]


def test_only_one_of_two_selectors_is_covered(tmp_path: Path) -> None:
    values = "matchExpressions: [{key: app, operator: In, values: [web, api]}]"
    write(
        tmp_path, {"a.yaml": silent(pods=values) + "---\n" + deny(pods="matchLabels: {app: api}")}
    )
    [finding] = findings(run("lint", "-o", "json", "a.yaml", cwd=tmp_path))
    assert (finding["severity"], finding["fix"]["automatic"]) == ("error", False)
    assert finding["evidence"] == [
        "open reading (Kubernetes as published): pods app=web may send anything",
        "deny reading: they may send nothing, DNS included",
        "other pods of it are decided by default-deny (a.yaml:6)",
    ]


def test_two_siblings_together_cover_what_neither_does_alone(tmp_path: Path) -> None:
    has = "matchExpressions: [{key: tier, operator: %s}]"
    write(
        tmp_path,
        {
            "a.yaml": silent(),
            "b.yaml": deny("has", pods=has % "Exists"),
            "c.yaml": deny("has-not", pods=has % "DoesNotExist"),
        },
    )
    assert silence(tmp_path, ".") == [("a.yaml", "web", "note")]
    (tmp_path / "c.yaml").unlink()
    assert silence(tmp_path, ".") == [("a.yaml", "web", "error")]


# Kustomizations

OVERLAYS = {
    "base/kustomization.yaml": "resources: [web.yaml]\n",
    "base/web.yaml": silent(),
    "prod/kustomization.yaml": "resources: [../base, deny.yaml]\nnamespace: prod\n",
    "prod/deny.yaml": deny(),
    "dev/kustomization.yaml": "resources: [../base]\nnamespace: dev\n",
}


def test_a_denial_in_one_overlay_does_not_vouch_for_the_other(tmp_path: Path) -> None:
    write(tmp_path, OVERLAYS)
    [finding] = findings(run("lint", "-o", "json", cwd=tmp_path))
    assert (finding["file"], finding["severity"]) == ("base/web.yaml", "error")
    assert finding["evidence"][-1] == "in unit dev, the worst of the 2 that contain it"


def test_with_a_denial_in_each_overlay_it_is_decided(tmp_path: Path) -> None:
    files = {
        **OVERLAYS,
        "dev/kustomization.yaml": "resources: [../base, deny.yaml]\nnamespace: dev\n",
        "dev/deny.yaml": deny(),
    }
    write(tmp_path, files)
    assert silence(tmp_path, ".") == [("base/web.yaml", "web", "note")]


def test_a_patch_that_adds_an_egress_rule(tmp_path: Path) -> None:
    files = {
        **OVERLAYS,
        "prod/kustomization.yaml": "resources: [../base]\npatches: [{path: egress.yaml}]\n",
        "prod/egress.yaml": netpol("web", "", "policyTypes: [Ingress, Egress], egress: [{}]"),
    }
    del files["dev/kustomization.yaml"], files["prod/deny.yaml"]
    write(tmp_path, files)
    report = json.loads(run("lint", "-o", "json", cwd=tmp_path).stdout)
    assert report["findings"] == []
    assert [(s["file"], s["reason"]) for s in report["skipped"]] == [
        ("prod/egress.yaml", "kustomize-patch"),
        ("base/web.yaml", "kustomize-patch"),
    ]
    assert report["skipped"][1]["message"].startswith("patched in prod; check with -k")


def test_a_patched_denial_vouches_for_nothing(tmp_path: Path) -> None:
    files = {
        **OVERLAYS,
        "prod/kustomization.yaml": (
            "resources: [../base, deny.yaml]\npatches:\n"
            "- target: {kind: NetworkPolicy, name: default-deny}\n  patch: '[]'\n"
        ),
    }
    del files["dev/kustomization.yaml"]
    write(tmp_path, files)
    assert silence(tmp_path, ".") == [("base/web.yaml", "web", "error")]
