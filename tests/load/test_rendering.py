"""What kubectl, kustomize and helm render."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kubectl_npcheck.load import Request, load
from tests.load.support import (
    netpol,
    only_policy,
    units,
    write,
)


def fake_kubectl(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"bin/kubectl": f"#!/bin/sh\n{script}\n"})
    os.chmod("bin/kubectl", 0o755)
    monkeypatch.setenv("PATH", f"{Path.cwd()}/bin")
    Path("k").mkdir()


def test_rendered_objects_have_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    document = netpol("a", "s")
    fake_kubectl(f"while read -r line; do echo \"$line\"; done <<'EOF'\n{document}EOF", monkeypatch)
    found = load(Request(kustomize=("k",)))
    assert units(found) == {"k": ["s/a"]}
    assert only_policy(found).origin.file is None


def test_a_tool_that_fails_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_kubectl("echo 'error: no such thing' >&2; exit 1", monkeypatch)
    [error] = load(Request(kustomize=("k",))).errors
    assert error.message == "`kubectl kustomize` failed: no such thing"


def test_without_a_tool_both_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    Path("k").mkdir()
    [error] = load(Request(kustomize=("k",))).errors
    assert "`kubectl`" in error.message
    assert "`kustomize`" in error.message


def fake_helm(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A helm that notes its arguments, a line each, in `arguments`."""
    chart = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
    helm = f'#!/bin/sh\nprintf "%s\\n" "$@" > arguments\n{script}\n'
    write({"bin/helm": helm, "charts/x/Chart.yaml": chart})
    os.chmod("bin/helm", 0o755)
    monkeypatch.setenv("PATH", f"{Path.cwd()}/bin")


def printing(text: str) -> str:
    return f"while IFS= read -r line; do echo \"$line\"; done <<'EOF'\n{text}EOF"


def test_a_chart_is_rendered_by_its_name_with_values_and_namespace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake_helm(printing(netpol("a", "s")), monkeypatch)
    request = Request(charts=("charts/x",), values=("v.yaml", "w.yaml"), namespace="prod")
    found = load(request)
    assert units(found) == {"charts/x": ["s/a"]}
    assert only_policy(found).origin.file is None
    assert Path("arguments").read_text().split("\n")[:-1] == [
        *("template", "shop", "./charts/x", "--skip-tests"),
        *("--values", "v.yaml", "--values", "w.yaml", "--namespace", "prod"),
    ]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("---\n# Source: shop/templates/np.yaml\n", "shop/templates/np.yaml"),
        ("# Source: shop/templates/np.yaml\n", "shop/templates/np.yaml"),
        ("---\n", ""),
        ("---\n# a comment\n# Source: further down\n", ""),
    ],
)
def test_the_template_is_known_where_helm_names_it(
    text: str, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = f"---\n# Source: other.yaml\n{netpol('b', 's')}"
    fake_helm(printing(text + netpol("a", "s") + other), monkeypatch)
    [group] = load(Request(charts=("charts/x",))).inventory.groups
    assert {p.name: p.origin.rendered for p in group.policies} == {"a": source, "b": "other.yaml"}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "Error: execution error at (shop/templates/np.yaml:3:4): app is required\n\n"
            "Use --debug flag to render out invalid YAML",
            "execution error at (shop/templates/np.yaml:3:4): app is required",
        ),
        (
            "walk.go:75: found symbolic link\nError: values do not fit:\nshop:\n- at '': missing x",
            "values do not fit: shop: - at '': missing x",
        ),
        ("", "it gave no reason"),
    ],
)
def test_what_helm_complains_of_is_one_line(
    said: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_helm(f'echo "{said}" >&2; exit 1', monkeypatch)
    [error] = load(Request(charts=("charts/x",))).errors
    assert (error.file, error.message) == ("charts/x", f"`helm template` failed: {shown}")


def test_without_helm_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    write({"x/Chart.yaml": "name: x\n", "x/templates/np.yaml": netpol("{{ .x }}")})
    monkeypatch.setenv("PATH", "")
    found = load(Request(charts=("x", "missing", "x/Chart.yaml")))
    assert [(error.file, error.message) for error in found.errors] == [
        ("x", "`helm` is not on PATH; --helm renders with it"),
        ("missing", "does not exist"),
        ("x/Chart.yaml", "is not a directory"),
    ]


@pytest.mark.parametrize("chart", ["", "name: [", "name: --post-renderer=x\n", "name: {}", "- a"])
def test_a_chart_without_a_usable_name_is_left_to_helm(
    chart: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_helm("echo 'Error: no name' >&2; exit 1", monkeypatch)
    write({"charts/x/Chart.yaml": chart})
    [error] = load(Request(charts=("charts/x",))).errors
    assert error.message == "`helm template` failed: no name"
    assert Path("arguments").read_text().startswith("template\nrelease\n./charts/x\n")
