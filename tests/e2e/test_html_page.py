"""The HTML report in a real browser: by mouse and keyboard, light, dark, on paper, without script."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.support.wait import WebDriverWait

from kubectl_npcheck.findings import Report
from kubectl_npcheck.reports import render
from kubectl_npcheck.reports.appearance import Appearance
from tests.bench import inputs
from tests.command import run
from tests.e2e.auditing import Auditor
from tests.e2e.browser import ENTER, SPACE, TAB, Browser
from tests.e2e.manifests import silent
from tests.e2e.server import ControlPlane, Namespace
from tests.reports import sample
from tests.reports.html.samples import PAGES, many_findings
from tests.reports.html.test_names import HOSTILE, report_with

ROOT = Path(__file__).parents[2]
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
UNFOLD = "for (const item of document.querySelectorAll('details')) item.open = true"
WIDEST = 10_000_000
SLOWEST = 10_000
"""Milliseconds to the first paint, on a machine that is busy; unhindered it is less than 1,000."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests."""
    running = Browser(tmp_path_factory.mktemp("profile"))
    yield running
    running.close()


@pytest.fixture(autouse=True)
def as_usual(browser: Browser) -> Iterator[None]:
    """Take back what a test changed."""
    yield
    browser.scripts(True)
    browser.width(0)
    browser.medium("")
    browser.scheme("light")


def shown(browser: Browser, directory: Path, report: Report) -> None:
    """Open the page of a report."""
    path = directory / "page.html"
    path.write_text(render(report, "html", Appearance(fix_command="npcheck fix")), encoding="utf-8")
    browser.open(path)


@pytest.fixture
def outage(browser: Browser, tmp_path: Path) -> Browser:
    """The browser with the page of the README's example."""
    path = tmp_path / "outage.html"
    assert run("lint", "examples/outage", "--report", str(path), cwd=ROOT).code == 1
    browser.open(path)
    return browser


@pytest.fixture
def many(browser: Browser, tmp_path: Path) -> Browser:
    """The browser with a page of 230 findings, by four rules."""
    shown(browser, tmp_path, many_findings(230))
    return browser


def status(browser: Browser) -> str:
    """What the live region of the findings says, once the filter has settled."""
    browser.js("lists.find((list) => list.table.id === 'findings-table').narrow()")
    return browser.texts("#findings [role=status]")[0]


def first(browser: Browser, column: int = 2, table: str = "findings-table") -> str:
    return browser.texts(f"#{table} tbody tr:first-child > :nth-child({column})")[0]


@pytest.mark.parametrize("name", PAGES)
def test_the_console_stays_empty_and_nothing_is_fetched(
    name: str, browser: Browser, tmp_path: Path
) -> None:
    shown(browser, tmp_path, PAGES[name]())
    browser.js(UNFOLD)
    assert browser.console() == []
    assert browser.js("return performance.getEntriesByType('resource').map((e) => e.name)") == []


def test_the_console_would_tell(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, PAGES["full"]())
    browser.js("document.body.insertAdjacentHTML('beforeend', '<img src=\"http://localhost/x\">')")
    assert "Content Security Policy" in browser.console()[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_every_text_has_enough_contrast(
    name: str, scheme: str, browser: Browser, tmp_path: Path
) -> None:
    browser.scheme(scheme)
    shown(browser, tmp_path, PAGES[name]())
    assert browser.js("return matchMedia('(prefers-color-scheme: dark)').matches") == (
        scheme == "dark"
    )
    browser.js(UNFOLD)
    result = browser.js(CONTRAST)
    assert result["seen"] > 20
    assert result["low"] == []


def test_the_measure_of_contrast_sees_what_is_too_faint(outage: Browser) -> None:
    outage.js("document.querySelector('h1').style.color = '#aaaaaa'")
    assert [low.partition(":")[0] for low in outage.js(CONTRAST)["low"]] == ["h1."]


def test_the_appearance_can_be_chosen(outage: Browser) -> None:
    paint = "return getComputedStyle(document.body).backgroundColor"
    light = outage.js(paint)
    outage.find(".theme").click()
    assert outage.js(paint) != light
    assert outage.find(".theme").get_attribute("aria-pressed") == "true"
    outage.find(".theme").click()
    assert outage.js(paint) == light


@pytest.mark.parametrize("name", ["with-lines", "several", "compared"])
def test_the_keyboard_reaches_everything_in_order(
    name: str, browser: Browser, tmp_path: Path
) -> None:
    shown(browser, tmp_path, PAGES[name]())
    wanted = browser.js(
        "window.wanted = Array.from(document.querySelectorAll("
        "'a[href], button, input, select, summary')).filter((e) => e.checkVisibility());"
        "return wanted.length"
    )
    assert wanted > 15
    reached = []
    for _ in range(wanted):
        browser.press(TAB)
        reached.append(browser.js("return wanted.indexOf(document.activeElement)"))
    assert reached == list(range(wanted))
    assert browser.js("return getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_enter_sorts_and_says_so(many: Browser) -> None:
    head = many.find("#findings-table th:nth-child(2)")
    assert head.get_attribute("aria-sort") == "none"
    many.js("arguments[0].querySelector('button').focus()", head)
    many.press(ENTER)
    assert head.get_attribute("aria-sort") == "ascending"
    assert first(many).startswith("app-0\n")
    many.press(ENTER)
    assert head.get_attribute("aria-sort") == "descending"
    assert first(many).startswith("app-229\n")
    sorted_by = many.js(
        "return document.querySelectorAll('#findings [aria-sort$=scending]').length"
    )
    assert sorted_by == 1


def test_numbers_are_sorted_as_numbers(many: Browser) -> None:
    many.find("#findings-table th:nth-child(2) button").click()
    names = [text.partition("\n")[0] for text in many.texts("#findings-table tbody th")]
    assert names[:12] == [f"app-{number}" for number in range(12)]


def test_severities_are_sorted_by_weight(many: Browser) -> None:
    button = many.find("#findings-table th:nth-child(1) button")
    button.click()
    assert "note" in first(many, 1)
    button.click()
    assert "error" in first(many, 1)


def test_the_text_narrows_the_table(many: Browser) -> None:
    field = many.find("#findings input[type=search]")
    field.send_keys("APP-22 rule-1")
    assert status(many) == "3 of 230"
    assert len(many.texts("#findings-table tbody tr")) == 3
    field.clear()
    field.send_keys("nothing has this")
    assert status(many) == "0 of 230"
    assert many.texts("#findings-table tbody tr") == []


def test_a_choice_narrows_the_table(many: Browser) -> None:
    many.js("document.querySelector('[data-facet=rule]').focus()")
    many.press("rule-3")
    assert status(many) == "57 of 230"
    assert set(many.texts("#findings-table .rule")) == {"rule-3"}


def test_one_cluster_of_several(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, PAGES["several"]())
    browser.js("document.querySelector('[data-facet=cluster]').focus()")
    browser.press("prod-eu-")
    assert status(browser) == "1 of 2"
    assert browser.texts("#findings-table .cluster") == ["prod-eu-admin"]


def test_a_namespace_leads_to_its_findings(browser: Browser, tmp_path: Path) -> None:
    report = many_findings(230)
    report.findings = [*report.findings, sample.WEB]
    shown(browser, tmp_path, report)
    browser.find("#findings input[type=search]").send_keys("app-7")
    browser.find("a[data-ns]").send_keys(ENTER)
    assert status(browser) == "230 of 231"
    assert browser.texts("#findings-table .ns")[:2] == ["shop", "shop"]


def test_only_what_is_new(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, PAGES["compared"]())
    browser.js("document.querySelector('#findings [type=checkbox]').focus()")
    browser.press(SPACE)
    assert status(browser) == "1 of 2"


def test_only_what_is_not_compliant(outage: Browser) -> None:
    outage.find("#policies [type=checkbox]").click()
    outage.js("lists.find((list) => list.table.id === 'policies-table').narrow()")
    assert len(outage.texts("#policies-table tbody tr")) == 2


def test_a_long_table_has_pages(many: Browser) -> None:
    assert len(many.texts("#findings-table tbody tr")) == 100
    assert many.texts("#findings .pager span") == ["1 to 100 of 230"]
    previous, following = many.js(
        "return Array.from(document.querySelectorAll('#findings .pager button'))"
    )
    assert not previous.is_enabled()
    following.click()
    following.click()
    assert many.texts("#findings .pager span") == ["201 to 230 of 230"]
    assert not following.is_enabled()


def test_findings_fold_and_unfold(many: Browser) -> None:
    assert "something to say of it" not in first(many, 4)
    many.js("document.querySelector('#findings-table summary').focus()")
    many.press(ENTER)
    assert "something to say of it" in first(many, 4)
    many.find("[data-unfold]").click()
    assert len(many.texts("#findings-table .evidence")) == 100


def test_the_overview_leads_to_the_namespace(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, PAGES["several"]())
    browser.js("for (const item of document.querySelectorAll('.place')) item.open = false")
    browser.js("document.querySelector('.overview tbody a').focus()")
    browser.press(ENTER)
    assert browser.js("return document.querySelector('.place').open")
    assert browser.js("return document.activeElement.parentElement.id") == "p0"


def test_a_link_to_a_row_of_another_page_shows_it(many: Browser) -> None:
    many.find("#policies-table tbody a").send_keys(ENTER)
    opened = many.js("return document.activeElement.closest('tr').cells[1].textContent")
    assert opened == "app-0shop"
    assert many.js("return document.activeElement.closest('tr').querySelector('details').open")


def test_a_link_to_a_row_that_is_filtered_away_takes_the_filter_back(many: Browser) -> None:
    many.find("#findings input[type=search]").send_keys("app-7")
    assert status(many).endswith("of 230")
    many.find("#policies-table tbody a").send_keys(ENTER)
    assert status(many) == "230 in all"


def test_an_address_with_a_row_in_it_opens_that_row(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, many_findings(230))
    browser.driver.get("about:blank")
    browser.driver.get((tmp_path / "page.html").as_uri() + "#f150")
    focused = "return document.activeElement.closest('tr')?.id"
    WebDriverWait(browser.driver, 10).until(lambda _: browser.js(focused) == "f150")


def test_the_focus_makes_the_lines_of_a_policy_stand_out(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, PAGES["crowd"]())
    browser.js("document.querySelector('.picture .left a').focus()")
    seen = "return [...document.querySelectorAll('.traced path')].map((e) => getComputedStyle(e).opacity)"
    opacities = browser.js(seen)
    assert set(opacities) == {"1", "0.15"}
    assert opacities.count("1") == 1
    browser.js("document.querySelector('.theme').focus()")
    assert browser.js(seen) == []


def test_the_page_of_a_real_cluster(
    browser: Browser, server: ControlPlane, namespace: Namespace, tmp_path: Path
) -> None:
    applied = namespace.kubectl("apply", "-f", "-", stdin=silent("web", namespace.name))
    assert applied.code == 0, applied
    page = tmp_path / "cluster.html"
    done = Auditor(server, tmp_path)("audit", "-n", namespace.name, "--report", str(page))
    assert done.code == 1, done
    browser.open(page)
    assert browser.console() == []
    assert browser.texts(".figure .large") == ["0 %"]
    facts = browser.texts(".facts dd")
    assert namespace.name in facts
    assert "open, as Kubernetes is published (measured by a dry run)" in facts
    (found,) = browser.texts("#findings-table tbody tr")
    assert "egress-implicit" in found
    assert "by kubectl-client-side-apply (Update)" in found


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_inert(name: str, browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, report_with(name))
    browser.js("window.alert = () => { window.hurt = true }")
    browser.js(UNFOLD)
    browser.js("document.querySelector('#findings input').value = '<'")
    status(browser)
    browser.js(
        "for (const e of document.querySelectorAll('td, li')) e.dispatchEvent(new Event('mouseover'))"
    )
    assert browser.js("return window.hurt === undefined")
    assert browser.js("return document.querySelectorAll('img, iframe').length") == 0
    assert browser.js("return document.scripts.length") == 2
    assert browser.console() == []


def test_without_a_script_everything_is_there(browser: Browser, tmp_path: Path) -> None:
    browser.scripts(False)
    shown(browser, tmp_path, many_findings(230))
    rows = browser.driver.find_elements("css selector", "#findings-table tbody tr")
    assert len(rows) == 230
    assert rows[-1].is_displayed()
    assert not browser.find("#findings .controls").is_displayed()
    assert not browser.find(".theme").is_displayed()
    summary = rows[0].find_element("css selector", "summary")
    summary.click()
    assert "something to say of it" in rows[0].text


def test_on_paper_all_is_unfolded_and_nothing_is_left_to_press(many: Browser) -> None:
    many.medium("print")
    many.js("window.dispatchEvent(new Event('beforeprint'))")
    assert (
        len(many.js("return Array.from(document.querySelectorAll('#findings-table tr[id]'))"))
        == 230
    )
    assert many.js(
        "return Array.from(document.querySelectorAll('#findings-table .evidence'))"
        ".every((e) => e.getBoundingClientRect().height > 0)"
    )
    assert (
        many.js(
            "return Array.from(document.querySelectorAll('input, select, .theme, .pager, .sections'))"
            ".filter((e) => e.checkVisibility()).length"
        )
        == 0
    )
    many.js("window.dispatchEvent(new Event('afterprint'))")
    assert len(many.texts("#findings-table tbody tr")) == 100
    assert many.js("return document.querySelectorAll('#findings-table details[open]').length") == 0


def test_the_paper_has_all_rows_even_without_a_script(browser: Browser, tmp_path: Path) -> None:
    browser.scripts(False)
    shown(browser, tmp_path, many_findings(230))
    paper = browser.protocol("Page.printToPDF", printBackground=False)
    assert base64.b64decode(paper["data"]).startswith(b"%PDF")
    browser.medium("print")
    hidden = (
        "return [...document.querySelectorAll('#findings-table .evidence')]"
        ".filter((e) => !e.checkVisibility()).length"
    )
    assert browser.js(hidden) == 0
    browser.medium("")
    assert browser.js(hidden) == 230


@pytest.mark.parametrize("name", PAGES)
def test_a_telephone_shows_it_without_scrolling_sideways(
    name: str, browser: Browser, tmp_path: Path
) -> None:
    browser.width(400)
    shown(browser, tmp_path, PAGES[name]())
    browser.js(UNFOLD)
    assert browser.js("return document.documentElement.scrollWidth") <= 400


def test_five_thousand_policies(
    browser: Browser, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs.undecided_policies(tmp_path, 5000)
    page = tmp_path / "page.html"
    assert run("lint", str(tmp_path), "--report", str(page)).code == 1
    size = page.stat().st_size
    browser.open(page)
    paint = browser.first_paint()
    loaded = browser.js(
        "return performance.timing.loadEventEnd - performance.timing.navigationStart"
    )
    narrowed = browser.js(
        "const list = lists.find((one) => one.table.id === 'findings-table');"
        "list.controls.querySelector('input').value = 'app-30';"
        "const start = performance.now(); list.narrow(); document.body.offsetHeight;"
        "return performance.now() - start"
    )
    with capsys.disabled():
        print(
            f"\n5,000 policies: {size / 1e6:.1f} MB, first paint {paint:.0f} ms,"
            f" loaded {loaded:.0f} ms, filtered in {narrowed:.0f} ms"
        )
    assert browser.console() == []
    assert size < WIDEST
    assert paint < SLOWEST
    assert narrowed < 2000
