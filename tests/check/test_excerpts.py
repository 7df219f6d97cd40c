"""The lines of a manifest around a finding."""

from __future__ import annotations

from pathlib import Path

from kubectl_npcheck import lint
from kubectl_npcheck.check.excerpts import Excerpts
from kubectl_npcheck.findings import Location
from kubectl_npcheck.manifests.source import Source

TEN = "".join(f"line {number}\n" for number in range(1, 11))


def lines(text: str, line: int, file: str = "a.yaml") -> list[tuple[int, str]]:
    return Excerpts([Source("a.yaml", text)])(Location(file, line, 1, line, 2))


def test_some_lines_before_and_after() -> None:
    assert lines(TEN, 6) == [(number, f"line {number}") for number in range(2, 10)]


def test_not_beyond_the_file() -> None:
    assert [number for number, _ in lines(TEN, 1)] == [1, 2, 3, 4]
    assert lines("a", 1) == [(1, "a")]
    assert lines("", 1) == [(1, "")]


def test_not_beyond_the_document() -> None:
    text = "a: 1\n--- # next\nb: 2\nc: 3\n---\nd: 4\n"
    assert lines(text, 3) == [(3, "b: 2"), (4, "c: 3")]


def test_what_only_looks_like_a_marker_is_shown() -> None:
    assert lines("a: |\n  ---\n----\n", 1)[:3] == [(1, "a: |"), (2, "  ---"), (3, "----")]


def test_line_ends_of_all_kinds() -> None:
    assert lines("a\r\nb\rc\nd", 2) == [(1, "a"), (2, "b"), (3, "c"), (4, "d")]
    assert lines("a\u2028b\nc", 1) == [(1, "a\u2028b"), (2, "c")]


def test_no_lines_of_another_file() -> None:
    assert lines(TEN, 1, "b.yaml") == []


POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {}
  policyTypes: [Ingress]
"""


def test_a_report_shows_the_lines_of_its_findings(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(POLICY, encoding="utf-8")
    report = lint(str(tmp_path))
    finding = report.findings[0]
    assert finding.location is not None
    assert (6, "  policyTypes: [Ingress]") in report.lines(finding.location)


def test_standard_input_has_lines_too() -> None:
    report = lint(text=POLICY)
    assert report.findings[0].location is not None
    assert len(report.lines(report.findings[0].location)) > 3
