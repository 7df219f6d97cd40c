"""`lint --helm` as users run it, with a helm that only prints."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.command import run
from tests.rules.support import netpol

SILENT = netpol(
    "podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress],"
    " ingress: [{from: [{podSelector: {}}]}]"
)
SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8")
)


@pytest.fixture
def chart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a chart in `shop`, and helm on PATH."""
    helm = tmp_path / "bin" / "helm"
    helm.parent.mkdir()
    text = f"---\n# Source: shop/templates/np.yaml\n{SILENT}"
    helm.write_text(
        f"#!/bin/sh\nwhile IFS= read -r line; do echo \"$line\"; done <<'EOF'\n{text}EOF\n"
    )
    helm.chmod(0o755)
    monkeypatch.setenv("PATH", str(helm.parent))
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    (tmp_path / "other.yaml").write_text(SILENT.replace("name: web", "name: other"))
    return tmp_path


def test_findings_name_the_rendered_object_and_its_template(chart: Path) -> None:
    result = run("lint", "--helm", "shop", cwd=chart)
    assert (result.code, result.stderr) == (1, "")
    assert result.stdout.startswith("error egress-implicit shop/web: egress is not stated\n")
    assert "\n    rendered from shop/templates/np.yaml\n" in result.stdout
    assert "other" not in result.stdout
    assert "npcheck fix" not in result.stdout  # it writes no templates


def test_charts_and_paths_together(chart: Path) -> None:
    result = run("lint", "--helm", "shop", "other.yaml", "-o", "json", cwd=chart)
    report = json.loads(result.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    assert report["input"]["charts"] == ["shop"]
    places = [(item["file"], item["line"], item["name"]) for item in report["findings"]]
    assert places == [("other.yaml", 4, "other"), (None, None, "web")]


def test_a_chart_that_does_not_render_is_an_input_error(chart: Path) -> None:
    (chart / "bin" / "helm").write_text("#!/bin/sh\necho 'Error: no such value' >&2\nexit 1\n")
    result = run("lint", "--helm", "shop", "other.yaml", cwd=chart)
    assert result.code == 3
    assert result.stderr == "error: shop: `helm template` failed: no such value\n"
    assert "shop/other" in result.stdout


def test_values_without_a_chart_are_wrong_usage(chart: Path) -> None:
    result = run("lint", "--helm-values", "prod.yaml", cwd=chart)
    assert (result.code, result.stdout) == (2, "")
    assert result.stderr == "error: --helm-values is for --helm DIR\n"


def test_in_sarif_a_rendered_object_has_no_place_and_no_fix(chart: Path) -> None:
    result = run("lint", "--helm", "shop", "-o", "sarif", cwd=chart)
    [found] = json.loads(result.stdout)["runs"][0]["results"]
    assert "physicalLocation" not in found["locations"][0]
    assert "fixes" not in found
    assert "rendered from shop/templates/np.yaml" in found["message"]["text"]
