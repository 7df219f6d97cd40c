"""The generated pages are current: `make docs` would change nothing."""

from __future__ import annotations

from kubectl_npcheck.check.catalogue import catalogue
from tests.generated_pages import RULES_PAGE, rules_page


def test_the_page_of_rules_is_current() -> None:
    assert RULES_PAGE.read_text(encoding="utf-8") == rules_page(), "run `make docs`"


def test_every_rule_has_its_snippets_on_the_page() -> None:
    sections = rules_page().split("\n## ")[1:]
    assert [section.partition("\n")[0] for section in sections] == [e.id for e in catalogue()]
    assert [section for section in sections if "::\n" in section] == []
