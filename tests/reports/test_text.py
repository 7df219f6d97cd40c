"""The text for humans: lines that can be clicked, names that cannot steer the terminal."""

from __future__ import annotations

import pytest

from kubectl_npcheck.errors import UsageError
from kubectl_npcheck.findings import Counts, Finding, Report, Severity, Skipped
from kubectl_npcheck.reports import format_for, known_format, render
from kubectl_npcheck.reports.appearance import Appearance, plural, visible, wrapped
from tests.reports import sample


def of(*findings: Finding, skipped: tuple[Skipped, ...] = ()) -> Report:
    return Report(sample.INPUT, Counts(1, 1, 1, 0), findings, skipped, [], list)


def test_the_example_of_the_specification() -> None:
    text = render(of(sample.NOTIFICATION), "text", Appearance(fix_command="npcheck fix"))
    assert text.startswith(
        """\
k8s/notification.yaml:7:3: error egress-implicit notifications/notification-ingress: egress is not stated
    open reading (Kubernetes as published): pods app=notification may send anything
    deny reading: they may send nothing, DNS included
    fix: add Egress to policyTypes, and `egress: [{}]` (npcheck fix)
"""
    )


def test_a_live_finding_begins_with_its_severity() -> None:
    assert render(of(sample.LIVE), "text").startswith("error egress-implicit shop/live: ")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("web\x1b[31m", "web\\x1b[31m"),
        ("a\nerror: b", "a\\nerror: b"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\x9b2J", "\\x9b2J"),
        ("\udc80", "\\udc80"),
        ("\U000e0041", "\\U000e0041"),
        ("größe-网络", "größe-网络"),
    ],
)
def test_control_characters_are_made_visible(name: str, shown: str) -> None:
    assert visible(name) == shown
    finding = sample.NOTIFICATION._replace(name=name, message=name, evidence=(name,))
    assert name == shown or name not in render(of(finding), "wide")


def test_a_megabyte_in_a_label_is_cut() -> None:
    long = "x" * 1_000_000
    finding = sample.NOTIFICATION._replace(name=long, message=long, evidence=(long,))
    text = render(of(finding), "wide")
    assert len(text) < 3000
    assert "… (1000000 characters)" in text


def test_without_color_there_are_no_escapes() -> None:
    assert "\x1b" not in render(sample.full(), "wide", Appearance(width=60))


def test_lines_are_broken_only_for_a_terminal_and_the_place_never() -> None:
    narrow = render(of(sample.NOTIFICATION), "text", Appearance(width=40)).splitlines()
    assert narrow[0].startswith("k8s/notification.yaml:7:3: error")
    assert all(len(line) <= 40 for line in narrow if " " in line.strip())
    piped = render(of(sample.NOTIFICATION), "text").splitlines()
    assert piped[0].endswith("notifications/notification-ingress: egress is not stated")


def test_wrapped_keeps_words_and_hangs() -> None:
    assert wrapped("one two three", "  ", 9) == "  one two\n    three"
    assert wrapped("unbreakable-word", "  ", 9) == "  unbreakable-word"
    assert wrapped("one two three", "  ", None) == "  one two three"


def test_many_skipped_are_counted_and_wide_lists_all() -> None:
    items = tuple(Skipped(f"t{n}.yaml", 1, 1, None, None, "template", "x") for n in range(25))
    text = render(of(skipped=items), "text")
    assert "skipped 25 templates: x" in text
    assert "and 15 more" in text
    assert "t24.yaml" not in text
    assert "t24.yaml:1:1" in render(of(skipped=items), "wide")


def test_fixable_findings_are_not_advertised_without_a_command() -> None:
    assert "npcheck fix" not in render(of(sample.NOTIFICATION), "text")


def test_names_for_xargs() -> None:
    report = of(
        sample.NOTIFICATION,
        sample.NOTIFICATION._replace(rule="dead-rules"),
        sample.WEB,
        sample.OTHER,
        sample.NOTIFICATION._replace(name="noted", severity=Severity.NOTE),
    )
    assert render(report, "name") == (
        "networkpolicy.networking.k8s.io/notification-ingress -n notifications\n"
        "networkpolicy.networking.k8s.io/web\n"
    )
    report.fail_on = Severity.NOTE
    assert "/noted" in render(report, "name")
    assert "näme" not in render(report, "name")


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [(1, "policy", "1 policy"), (0, "policy", "0 policies"), (2, "error", "2 errors")],
)
def test_plural(count: int, noun: str, text: str) -> None:
    assert plural(count, noun) == text


@pytest.mark.parametrize(
    ("name", "said"),
    [("jsn", 'did you mean "json"'), ("x", "there are text")],
)
def test_unknown_formats(name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        known_format(name)


@pytest.mark.parametrize(
    ("path", "said"),
    [("a.doc", '".doc"'), ("a", "without a suffix")],
)
def test_unknown_suffixes(path: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        format_for(path)


def test_known_suffixes() -> None:
    assert [format_for(f"d.x/r{s}") for s in (".JSON", ".yml", ".csv", ".txt")] == [
        "json",
        "yaml",
        "csv",
        "text",
    ]
