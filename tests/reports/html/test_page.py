"""The page as a whole: sound, self-contained, and readable in order."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re

import pytest

from kubectl_npcheck.reports import render
from kubectl_npcheck.reports.appearance import Appearance
from kubectl_npcheck.reports.html.engine import part
from tests.reports import sample
from tests.reports.conftest import Compare
from tests.reports.html.markup import Markup
from tests.reports.html.samples import PAGES, clusters, crowd, many_findings, with_lines

FIX = Appearance(fix_command="npcheck fix", made="2026-11-26T22:40:00Z")


def page(name: str) -> Markup:
    return Markup(render(PAGES[name](), "html", FIX))


@pytest.mark.parametrize("name", PAGES)
def test_the_markup_is_sound(name: str) -> None:
    assert page(name).errors == []


@pytest.mark.parametrize("name", PAGES)
def test_every_id_is_there_once_and_every_link_leads_somewhere(name: str) -> None:
    markup = page(name)
    assert len(markup.ids) == len(set(markup.ids))
    links = [link for link in markup.values("href") if not link.startswith("data:")]
    assert {link.removeprefix("#") for link in links} <= set(markup.ids)
    named = [markup_id for value in markup.values("aria-labelledby") for markup_id in value.split()]
    assert set(named) <= set(markup.ids)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_fetched(name: str) -> None:
    markup = page(name)
    assert markup.values("src") == []
    assert all(link.startswith(("#", "data:")) for link in markup.values("href"))
    assert not markup.named("iframe", "object", "embed", "base", "img")
    assert "@import" not in "".join(markup.own["style"])
    assert re.findall(r"url\((?!\"#)", "".join(markup.own["style"])) == []


def test_a_page_of_anything_stays_below_its_size() -> None:
    report = many_findings(12_000, "evidence " * 30)
    report.lines = lambda _: [(number, "spec: " * 10) for number in range(4, 11)]
    text = render(report, "html", FIX)
    assert len(text) < 10_000_000
    markup = Markup(text)
    assert markup.errors == []
    links = {link.removeprefix("#") for link in markup.values("href") if link[0] == "#"}
    assert links <= set(markup.ids)
    assert "12000 findings" in markup.text
    assert re.search(r"[\d]+ findings, the last in the order of this page, left out", markup.text)
    assert re.search(r"[\d]+ policies, the last in the order of this page, left out", markup.text)


@pytest.mark.parametrize("name", ["full", "clusters"])
def test_only_the_pages_own_style_and_scripts_may_run(name: str) -> None:
    markup = page(name)
    (policy,) = [
        element.attributes["content"] or ""
        for element in markup.named("meta")
        if element.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    allowed = re.findall(r"'sha256-([^']+)'", policy)
    bodies = [*markup.own["style"], *markup.own["script"]]
    assert [
        base64.b64encode(hashlib.sha256(b.encode()).digest()).decode() for b in bodies
    ] == allowed
    assert markup.values("style") == []
    assert not [e for e in markup.elements if any(key.startswith("on") for key in e.attributes)]


@pytest.mark.parametrize("name", PAGES)
def test_headings_go_down_one_by_one(name: str) -> None:
    levels = [int(element.tag[1]) for element in page(name).named("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("name", PAGES)
def test_what_a_screen_reader_needs(name: str) -> None:
    markup = page(name)
    assert [e.attributes["lang"] for e in markup.named("html")] == ["en"]
    assert len(markup.named("main")) == 1
    assert markup.named("a")[0].attributes["href"] == "#content"
    lists = [e for e in markup.named("table") if "data-list" in e.attributes]
    assert len(markup.named("caption")) == len(lists)
    assert all("scope" in element.attributes for element in markup.named("th"))
    drawn = [e for e in markup.named("svg") if e.attributes.get("aria-hidden") != "true"]
    assert drawn == []


def test_the_figures() -> None:
    text = page("full").text
    assert "66 %" in text
    assert "2 of 3 policies compliant" in text
    assert "2026-11-26 22:40:00 UTC" in text
    assert "7 files, 5 with policies" in text
    assert "1 finding can be repaired by a command" in text
    assert "2 findings suppressed in the manifests" in text


def test_a_whole_is_said_of_a_whole_only() -> None:
    report = many_findings(300)
    report.policies[0] = report.policies[0]._replace(compliant=False)
    assert "99 %" in Markup(render(report, "html")).text


def test_without_a_date_none_is_shown() -> None:
    assert "<time" not in render(sample.full(), "html")


def test_no_policies_are_no_percentage() -> None:
    text = page("empty").text
    assert "There is no NetworkPolicy." in text
    assert "there was no policy to judge" in text
    assert "%" not in text.partition("Summary")[2].partition("Findings")[0]


def test_what_could_not_be_read_stands_at_the_top_and_in_full() -> None:
    text = page("unreadable").text
    assert "The result is incomplete: 2 inputs could not be read" in text
    assert "k8s/broken.yaml:3:5 a tab is used for indentation" in text
    assert "No NetworkPolicy could be judged." in text


def test_what_was_skipped_is_told_with_its_reason() -> None:
    text = page("full").text
    assert "Skipped 1 template" in text
    assert "chart/np.yaml:1:1" in text
    assert "1 policy with placeholders, judged as written" in text


def test_the_facts_of_a_cluster() -> None:
    text = page("cluster").text
    for said in ("https://127.0.0.1:6443", "jane", "v1.34.4", "all namespaces", "team=a"):
        assert said in text
    assert "open, as Kubernetes is published (measured by a dry run)" in text
    assert "namespace vault: refused by admission: webhook says no" in text
    assert "flannel, enforces no NetworkPolicy by itself" in text
    assert "last changed 2026-11-20T14:03:11Z by kubectl-edit (Update)" in text


def test_several_clusters_with_the_one_that_failed() -> None:
    text = Markup(render(clusters(), "html")).text
    assert "Not read: cannot reach https://10.0.0.1:6443: connection refused" in text
    assert "1 of 1 policy, 100 % compliant" in text
    assert "1 of 1 policy, 0 %" not in text
    assert "0 of 1 policy, 0 % compliant" in text
    assert text.index("1 namespace of dev") < text.index("1 namespace of prod")


def test_the_trend() -> None:
    text = page("compared").text
    assert "Compared with audit.json: 1 new, 1 unchanged, 2 gone." in text
    assert "Gone since audit.json" in text
    assert "shop/old" in text
    assert "2 findings of audit.json not checked this time" in text
    assert "3 findings known to the baseline, left out." in text
    assert "1 entry of the baseline matches nothing any more." in text
    assert "Only new" in text


def test_a_rule_is_explained_in_the_page() -> None:
    markup = Markup(render(with_lines(), "html"))
    assert "egress is unstated" in markup.text
    assert "k0" in markup.ids


def test_rows_beyond_the_first_page_wait_for_the_script() -> None:
    assert [e.attributes for e in page("many").named("tbody")].count({"class": "more"}) == 2
    assert "more" not in page("full").values("class")


def test_a_crowd_keeps_the_page_small() -> None:
    assert len(render(crowd(600), "html")) < 1_000_000


@pytest.mark.parametrize("name", ["full", "cluster", "several", "compared"])
def test_body(name: str, golden: Compare) -> None:
    text = render(PAGES[name](), "html", FIX)
    body = text[text.index("<body>") : text.rindex("<script>")]
    golden(f"{name}.body.html", re.sub(r"npcheck \d+\.\d+\.\d+", "npcheck VERSION", body))


def test_the_parts_are_text_files_of_the_package() -> None:
    assert part("list.js").startswith('"use strict"')
