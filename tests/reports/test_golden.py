"""What the formats print for some reports, whole; the golden files are there to be read."""

from __future__ import annotations

import pytest

from kubectl_npcheck.reports import FORMATS, render
from kubectl_npcheck.reports.appearance import Appearance
from tests.reports.conftest import Compare
from tests.reports.sample import REPORTS

SUFFIX = {"text": "txt", "wide": "wide.txt", "name": "name.txt"}


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("name", [name for name in FORMATS if name != "html"])
def test_format(name: str, report: str, golden: Compare) -> None:
    golden(f"{report}.{SUFFIX.get(name, name)}", render(REPORTS[report](), name))


def test_color_narrow_and_fix_command(golden: Compare) -> None:
    appearance = Appearance(color=True, width=60, fix_command="npcheck fix", with_errors=False)
    golden("full.color.txt", render(REPORTS["full"](), "text", appearance))
