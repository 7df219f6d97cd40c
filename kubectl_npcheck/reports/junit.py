"""JUnit XML, which every CI system shows: a case for each policy, or for each failing finding.

The schema is that of Jenkins' xUnit plugin. GitLab shows the body of a failure and not its
`message`, so the body says everything. What XML forbids in a text, `visible` has made visible.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from kubectl_npcheck.findings import Finding, PolicyEntry, ReadError, Report, Skipped
from kubectl_npcheck.reports.appearance import PLAIN, Appearance, shown, visible
from kubectl_npcheck.reports.text import details, error_line, named, statement, subject, summary

JUDGED = "unresolved"
Subject = tuple["str | None", "str | None", str, str]
"""Cluster, namespace, kind and name of an object."""


def render(report: Report, appearance: Appearance = PLAIN) -> str:
    """One suite a file; of a cluster, one a namespace."""
    plain = Appearance(fix_command=appearance.fix_command)
    suites = _Suites(plain)
    for error in report.errors:
        suites.add_error(error)
    objects: dict[tuple[str, Subject], list[Finding]] = {}
    for entry in report.policies:
        objects.setdefault((_suite_of(entry), _policy(entry)), [])
    for finding in report.findings:
        objects.setdefault((_suite_of(finding), _subject(finding)), []).append(finding)
    for (suite, about), findings in objects.items():
        failing = [finding for finding in findings if finding.severity >= report.fail_on]
        others = [finding for finding in findings if finding.severity < report.fail_on]
        suites.add_object(suite, about, failing, others)
    for unread in report.counts.unread:
        suites.add_skipped(visible(unread.file), "not read", "unread", error_line(unread))
    for item in report.skipped:
        suites.add_not_judged(item)
    if not suites.found:
        suites.add_skipped("npcheck", "policies", "none", "\n".join(summary(report, plain)))
    return suites.text()


def _suite_of(item: PolicyEntry | Finding | Skipped) -> str:
    """The name of the suite: the file, else the namespace, with its cluster."""
    if isinstance(item, Finding):
        file = item.location.file if item.location is not None else None
    else:
        file = item.file
    if file is not None:
        return visible(file)
    namespace = shown(item.namespace or "(no namespace)")
    return namespace if item.cluster is None else f"{shown(item.cluster)}/{namespace}"


def _policy(entry: PolicyEntry) -> Subject:
    return entry.cluster, entry.namespace, "NetworkPolicy", entry.name


def _subject(finding: Finding) -> Subject:
    return finding.cluster, finding.namespace, finding.kind, finding.name


class _Suites:
    """The suites in the order in which they are met."""

    def __init__(self, appearance: Appearance) -> None:
        self.found: dict[str, ET.Element] = {}
        self._appearance = appearance
        self._names: dict[tuple[str, str], int] = {}

    def add_object(
        self, suite: str, about: Subject, failing: Iterable[Finding], others: Iterable[Finding]
    ) -> None:
        """A case for each failing finding, or one that passes; other findings are its output."""
        _, namespace, kind, name = about
        title = subject(namespace, name)
        if kind != "NetworkPolicy":
            title = f"{shown(kind)} {title}"
        first = None
        for finding in failing:
            case = self._case(suite, f"{title}: {finding.rule}")
            text = "\n".join([statement(finding), *details(finding, self._appearance)])
            message = f"{named(finding)}: {shown(finding.message)}"
            _child(case, "failure", text, message=message, type=finding.rule)
            first = case if first is None else first
        said = [
            line
            for finding in others
            for line in (statement(finding), *details(finding, self._appearance))
        ]
        case = self._case(suite, title) if first is None else first
        if said:
            _child(case, "system-out", "\n".join(said))

    def add_error(self, error: ReadError) -> None:
        """An input that could not be read."""
        case = self._case(visible(error.file), "readable")
        text = error_line(error)
        _child(case, "error", text, message=shown(error.message), type="unread")

    def add_not_judged(self, item: Skipped) -> None:
        """What was seen and not judged; with placeholders a policy was, and has its own case."""
        what = "documents" if item.name is None else subject(item.namespace, item.name)
        said = f"judged as written: {item.message}" if item.reason == JUDGED else item.message
        self.add_skipped(_suite_of(item), f"{what} ({item.reason})", item.reason, said)

    def add_skipped(self, suite: str, name: str, reason: str, message: str) -> None:
        """A case that was not run."""
        text = "\n".join(shown(line) for line in message.split("\n"))
        _child(self._case(suite, name), "skipped", text, message=text, type=reason)

    def _case(self, suite: str, name: str) -> ET.Element:
        """A case; equal names of a suite are counted, because CI systems know cases by name."""
        key = suite, name
        self._names[key] = self._names.get(key, 0) + 1
        if self._names[key] > 1:
            name = f"{name} ({self._names[key]})"
        parent = self.found.get(suite)
        if parent is None:
            parent = self.found[suite] = ET.Element("testsuite", name=suite)
        return ET.SubElement(parent, "testcase", name=name, classname=suite)

    def text(self) -> str:
        """The document, with its counts."""
        root = ET.Element("testsuites", name="npcheck")
        root.extend(self.found.values())
        for suite in root:
            _count(suite, suite, "skipped")
        _count(root, root)
        ET.indent(root)
        body = ET.tostring(root, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _count(element: ET.Element, of: ET.Element, *more: str) -> None:
    element.set("tests", str(sum(1 for _ in of.iter("testcase"))))
    for name, tag in (("failures", "failure"), ("errors", "error"), *((m, m) for m in more)):
        element.set(name, str(sum(1 for _ in of.iter(tag))))


def _child(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = text
