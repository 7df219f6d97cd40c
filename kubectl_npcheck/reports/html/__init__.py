"""The report as one page for a browser: nothing is fetched, and nothing needs a script to be read.

The template, the style and the script stand in `page/`; this module puts them together. All that
the page shows is in its markup, which the script only sorts, filters and unfolds.
"""

from __future__ import annotations

from kubectl_npcheck import __version__
from kubectl_npcheck.findings import Report
from kubectl_npcheck.reports.appearance import PLAIN, Appearance
from kubectl_npcheck.reports.html.engine import environment
from kubectl_npcheck.reports.html.facts import (
    clusters,
    compliance,
    facts,
    headline,
    incomplete,
    severities,
)
from kubectl_npcheck.reports.html.findings import choices, finding_rows
from kubectl_npcheck.reports.html.overview import overview
from kubectl_npcheck.reports.html.places import places
from kubectl_npcheck.reports.html.policies import policy_rows
from kubectl_npcheck.reports.html.rules import explained
from kubectl_npcheck.reports.html.unjudged import unjudged


def render(report: Report, appearance: Appearance = PLAIN) -> str:
    """The page, self-contained."""
    found = finding_rows(report, appearance.fix_command)
    policies = policy_rows(report, found)
    sections = places(report, policies, found)
    page = environment().get_template("page.html")
    return page.render(
        rules=explained(report, found),
        version=__version__,
        made=appearance.made,
        headline=headline(report),
        facts=facts(report),
        compliance=compliance(report.policies),
        severities=severities(report.findings),
        clusters=clusters(report),
        overview=overview(sections),
        places=sections,
        findings=found,
        choices=choices(found),
        policies=policies,
        trend=report.trend,
        counts=report.counts,
        errors=report.errors,
        incomplete=incomplete(report),
        unjudged=unjudged(report),
    )
