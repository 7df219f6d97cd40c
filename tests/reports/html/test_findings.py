"""Rows of findings: their order, their lines and the command that repairs them."""

from __future__ import annotations

from kubectl_npcheck.findings import Location, Report
from kubectl_npcheck.reports.html.findings import (
    WIDEST,
    FindingRow,
    Line,
    choices,
    finding_rows,
)
from kubectl_npcheck.reports.html.room import EVIDENCE
from tests.reports import sample
from tests.reports.html.samples import many_findings, report_of

FIX = "npcheck fix"


def row(text: str = "  policyTypes: [Ingress]", **changes: object) -> FindingRow:
    """The row of the sample's finding, on a line of that text."""
    finding = sample.NOTIFICATION._replace(**changes)  # type: ignore[arg-type]
    report = report_of([], [finding])
    report.lines = lambda _: [(6, "spec:"), (7, text), (8, "")]
    return finding_rows(report, FIX)[0]


def test_errors_stand_first_and_else_the_order_stays() -> None:
    rows = finding_rows(many_findings(6), "")
    assert [r.finding.name for r in rows] == [
        "app-2", "app-5", "app-1", "app-4", "app-0", "app-3",
    ]  # fmt: skip
    assert [r.id for r in rows] == ["f0", "f1", "f2", "f3", "f4", "f5"]


def test_the_place_is_marked_and_blank_lines_at_the_end_are_left_out() -> None:
    assert row().lines == (Line(6, "spec:", "", ""), Line(7, "  ", "policyTypes", ": [Ingress]"))


def test_a_live_finding_has_no_lines() -> None:
    found = row(location=None)
    assert (found.lines, found.place) == ((), "")


def test_a_place_beyond_the_lines_end_is_harmless() -> None:
    assert row("x").lines[-1] == Line(7, "x", "", "")


def test_a_long_line_is_cut_around_the_place() -> None:
    text = f"{'a' * 900}policyTypes{'b' * 900}"
    line = row(text, location=Location("k8s/a.json", 7, 901, 7, 912)).lines[1]
    assert line.marked == "policyTypes"
    assert line.before.startswith("…a")
    assert line.after.endswith("b…")
    assert len(line.before + line.after) < 2 * WIDEST


def test_the_command_names_the_file_as_a_shell_wants_it() -> None:
    assert row().command == "npcheck fix k8s/notification.yaml"
    odd = Location("a b/$(x).yaml", 7, 3, 7, 14)
    assert row(location=odd).command == "npcheck fix 'a b/$(x).yaml'"


def test_what_changes_a_meaning_is_asked_for_by_its_rule() -> None:
    assert sample.NOTIFICATION.fix is not None
    asked = sample.NOTIFICATION.fix._replace(on_request=True)
    assert row(fix=asked).command == "npcheck fix --rule egress-implicit k8s/notification.yaml"


def test_no_command_for_what_npcheck_cannot_write() -> None:
    assert sample.NOTIFICATION.fix is not None
    assert row(fix=sample.NOTIFICATION.fix._replace(automatic=False)).command == ""
    assert row(fix=None).command == ""
    stdin = Location("<stdin>", 7, 3, 7, 14)
    assert row(location=stdin).command == "npcheck fix"
    assert finding_rows(report_of([], [sample.NOTIFICATION]), "")[0].command == ""


def test_few_findings_are_unfolded_and_many_are_not() -> None:
    assert all(found.unfolded for found in finding_rows(many_findings(3), ""))
    assert not any(found.unfolded for found in finding_rows(many_findings(30), ""))


def test_beyond_a_size_the_least_findings_have_their_message_only() -> None:
    rows = finding_rows(many_findings(300, "x" * (EVIDENCE // 100 - 150)), "")
    bare = [found for found in rows if not found.detail]
    assert len(bare) == 200
    assert not any(found.severity == "error" for found in bare)


def test_the_lines_are_looked_up_only_where_they_are_shown() -> None:
    report = many_findings(300, "x" * (EVIDENCE // 100 - 150))
    asked: list[Location] = []

    def lines(at: Location) -> list[tuple[int, str]]:
        asked.append(at)
        return [(7, "  policyTypes:")]

    report.lines = lines
    finding_rows(report, "")
    assert len(asked) == 100


def test_there_is_only_to_choose_what_occurs() -> None:
    found = choices(finding_rows(sample.full(), ""))
    assert found.severities == ["error", "warning", "note"]
    assert found.rules == ["dns-blocked", "egress-implicit", "other-kind"]
    assert found.namespaces == ["(no namespace)", "notifications", "shop"]
    assert (found.clusters, found.new) == ([], False)
    assert choices(finding_rows(sample.compared(), "")).new


def test_no_findings() -> None:
    assert finding_rows(Report({}, sample.clean().counts, [], [], [], list), FIX) == []
