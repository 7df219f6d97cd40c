"""`-o html` and `--report x.html` as a user meets them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.command import run

POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress]
"""
NEEDS = "error: format html needs the extra `html`, which is not installed: pip install 'kubectl-npcheck[html]'\n"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    (tmp_path / "web.yaml").write_text(POLICY, encoding="utf-8")
    return tmp_path


def test_the_page_on_standard_output(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    result = run("lint", "-o", "html", cwd=policy)
    assert result.code == 1
    assert result.stdout.startswith("<!doctype html>")
    assert result.stdout.endswith("</html>\n")
    assert '<time datetime="1970-01-02T00:00:00Z">' in result.stdout
    assert "kubectl npcheck fix web.yaml" in result.stdout
    assert "<mark>policyTypes: [Ingress]</mark>" in result.stdout


def test_the_page_as_a_file_beside_the_text(policy: Path) -> None:
    result = run("lint", "--report", "out.html", cwd=policy)
    assert "egress-implicit" in result.stdout
    assert (policy / "out.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_page_says_what_could_not_be_read(policy: Path) -> None:
    (policy / "bad.yaml").write_text("kind: NetworkPolicy\n\tx: 1\n", encoding="utf-8")
    result = run("lint", "-o", "html", cwd=policy)
    assert result.code == 3
    assert "The result is incomplete" in result.stdout
    assert result.stderr.startswith("error: bad.yaml:2:1")


@pytest.mark.parametrize("arguments", [("-o", "html"), ("--report", "out.html")])
def test_without_the_extra_it_is_named_before_the_work(
    arguments: tuple[str, ...], policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    result = run("lint", *arguments, cwd=policy)
    assert (result.code, result.stdout, result.stderr) == (2, "", NEEDS)
    assert [item.name for item in policy.iterdir()] == ["web.yaml"]
