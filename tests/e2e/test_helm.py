"""`lint --helm` with a real helm: names, values, namespaces, subcharts, and charts that fail."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.command import Result, run
from tests.e2e.binaries import program

TEMPLATE = """\
{{- range .Values.apps }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ $.Release.Name }}-{{ . }}
  namespace: {{ $.Release.Namespace }}
spec:
  podSelector:
    matchLabels: {app: {{ required "app is required" . | quote }}}
  policyTypes: [Ingress]
  ingress:
  - from: [{podSelector: {}}]
  {{- if $.Values.egress }}
  egress: [{}]
  {{- end }}
{{- end }}
"""
TEST_POD = """\
apiVersion: v1
kind: Pod
metadata: {name: check, annotations: {helm.sh/hook: test}, labels: {app: check}}
spec: {containers: [{name: c, image: busybox}]}
"""


def chart(directory: Path, name: str, template: str = TEMPLATE, more: str = "") -> None:
    (directory / "templates").mkdir(parents=True)
    (directory / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n{more}")
    (directory / "values.yaml").write_text("apps: [web, db]\negress: false\n")
    (directory / "templates" / "np.yaml").write_text(template)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the chart `shop` in `charts/of shop`."""
    monkeypatch.setenv("PATH", f"{program('helm').parent}:/usr/bin:/bin")
    for name in ("CACHE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"HELM_{name}_HOME", str(tmp_path / "helm"))
    for name in [name for name in os.environ if name.startswith("HELM_NAMESPACE")]:
        monkeypatch.delenv(name)
    chart(tmp_path / "charts" / "of shop", "shop")
    return tmp_path


def lint(*arguments: str, cwd: Path) -> Result:
    return run("lint", "--helm", "charts/of shop", *arguments, cwd=cwd)


def report(*arguments: str, cwd: Path) -> dict[str, Any]:
    result = lint("-o", "json", *arguments, cwd=cwd)
    assert result.stderr == ""
    made: dict[str, Any] = json.loads(result.stdout)
    return made


def test_each_rendered_policy_is_judged(shop: Path) -> None:
    result = lint(cwd=shop)
    assert (result.code, result.stderr) == (1, "")
    assert result.stdout.count("    rendered from shop/templates/np.yaml\n") == 2
    assert "error egress-implicit default/shop-web: egress is not stated" in result.stdout
    assert "2 policies in 1 file: 2 errors\n" in result.stdout


def test_values_and_namespace_reach_the_templates(shop: Path) -> None:
    (shop / "prod.yaml").write_text("apps: [api]\n")
    (shop / "egress.json").write_text('{"egress": true}')
    values = ("--helm-values", "prod.yaml", "--helm-values", "egress.json")
    made = report("-n", "prod", *values, cwd=shop)
    assert [(item["namespace"], item["name"]) for item in made["policies"]] == [
        ("prod", "shop-api")
    ]
    assert "dead-rules" in {item["rule"] for item in made["findings"]}


def test_subcharts_are_rendered_with_the_chart(shop: Path) -> None:
    chart(shop / "charts" / "of shop" / "charts" / "cache", "cache", TEMPLATE)
    made = report(cwd=shop)
    rendered = {line for item in made["findings"] for line in item["evidence"]}
    assert "rendered from shop/charts/cache/templates/np.yaml" in rendered


def test_tests_of_the_release_are_no_part_of_it(shop: Path) -> None:
    before = report(cwd=shop)
    (shop / "charts" / "of shop" / "templates" / "test.yaml").write_text(TEST_POD)
    assert report(cwd=shop)["findings"] == before["findings"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("apps: ['']\n", "app is required"),
        ("apps: 1\n", "range can't iterate over 1"),
        ("apps: ['a: [']\n", "shop/templates/np.yaml"),
        ("apps: [\n", "values.yaml"),
    ],
)
def test_a_chart_that_does_not_render_says_why_in_one_line(
    values: str, said: str, shop: Path
) -> None:
    (shop / "values.yaml").write_text(values)
    result = lint("--helm-values", "values.yaml", cwd=shop)
    assert result.code == 3
    assert result.stderr.startswith("error: charts/of shop: `helm template` failed: ")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_missing_dependencies_are_helms_own_error(shop: Path) -> None:
    needs = "dependencies: [{name: redis, version: 1.x.x, repository: 'https://charts.invalid'}]\n"
    chart(shop / "needing", "needing", more=needs)
    result = run("lint", "--helm", "needing", cwd=shop)
    assert result.code == 3
    assert "missing in charts/ directory: redis" in result.stderr


def test_what_is_no_chart(shop: Path) -> None:
    (shop / "empty").mkdir()
    result = run("lint", "--helm", "empty", cwd=shop)
    assert result.code == 3
    assert "Chart.yaml file is missing" in result.stderr
