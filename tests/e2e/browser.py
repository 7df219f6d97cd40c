"""A real Chromium, headless, with what the tests of the page ask it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
)


def chromium() -> str | None:
    """The path of the browser, None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One browser with a profile of its own; `profile` is an empty directory."""

    def __init__(self, profile: Path) -> None:
        options = Options()
        for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
            options.add_argument(argument)
        options.binary_location = chromium() or ""
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        # With the paths given, selenium looks for nothing and downloads nothing.
        self.driver = webdriver.Chrome(options, Service(shutil.which("chromedriver")))

    def open(self, page: Path) -> None:
        """Load a page, and forget what the one before it wrote to the console."""
        self.driver.get("about:blank")
        self.console()
        self.driver.get(page.as_uri())

    def console(self) -> list[str]:
        """What the page wrote to the console since the last call: errors and warnings."""
        log = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [str(entry["message"]) for entry in log]

    def js(self, script: str, *arguments: object) -> Any:
        """The value of a function's body."""
        return self.driver.execute_script(script, *arguments)

    def protocol(self, command: str, **arguments: object) -> dict[str, Any]:
        """A command of the DevTools protocol."""
        answer: dict[str, Any] = self.driver.execute_cdp_cmd(command, arguments)
        return answer

    def find(self, selector: str) -> WebElement:
        """The first element that a selector matches."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        """The visible texts of all elements that a selector matches."""
        found = self.driver.find_elements(By.CSS_SELECTOR, selector)
        return [element.text for element in found if element.is_displayed()]

    def press(self, *keys: str) -> None:
        """Press keys where the focus is, as a user does."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def scheme(self, name: str) -> None:
        """Make the system light or dark."""
        features = [{"name": "prefers-color-scheme", "value": name}]
        self.protocol("Emulation.setEmulatedMedia", features=features)

    def medium(self, name: str) -> None:
        """Show the page as on paper (`print`), or as usual ("")."""
        self.protocol("Emulation.setEmulatedMedia", media=name)

    def width(self, pixels: int) -> None:
        """Make the window as wide as a telephone, or 0: as it was."""
        if not pixels:
            self.protocol("Emulation.clearDeviceMetricsOverride")
            return
        self.protocol(
            "Emulation.setDeviceMetricsOverride",
            width=pixels,
            height=900,
            deviceScaleFactor=1,
            mobile=False,
        )

    def scripts(self, enabled: bool) -> None:
        """Turn JavaScript on or off for pages that are loaded from now on."""
        self.protocol("Emulation.setScriptExecutionDisabled", value=not enabled)

    def first_paint(self) -> float:
        """Milliseconds from the navigation to the first paint of the page."""
        return float(
            self.js("return performance.getEntriesByName('first-contentful-paint')[0].startTime")
        )

    def close(self) -> None:
        """End the browser and its driver."""
        self.driver.quit()


TAB = Keys.TAB
ENTER = Keys.ENTER
SPACE = Keys.SPACE
