"""The HTML report of many policies: what it costs to write, to keep and to open."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path


def first_paint(page: Path) -> str:
    """`480 ms` from the navigation to the first paint, or why there is no such figure."""
    from tests.e2e.browser import Browser, chromium

    if chromium() is None or shutil.which("chromedriver") is None:
        return "not measured: no Chromium, or no chromedriver"
    with tempfile.TemporaryDirectory(prefix="npcheck-bench-", ignore_cleanup_errors=True) as made:
        browser = Browser(Path(made))
        try:
            browser.open(page)
            return f"{browser.first_paint():.0f} ms"
        finally:
            browser.close()
