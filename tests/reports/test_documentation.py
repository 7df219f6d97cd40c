"""Docstrings of rules as the formats show them."""

from __future__ import annotations

from kubectl_npcheck.reports.documentation import markdown, plain

DOCSTRING = """Why it matters.

    FAIL::

        spec:
          egress: []


    Repair it.
    """


def test_literal_blocks_become_fenced_yaml() -> None:
    assert markdown(DOCSTRING) == (
        "Why it matters.\n\nFAIL:\n\n```yaml\nspec:\n  egress: []\n```\n\nRepair it.\n"
    )


def test_plain_text_keeps_the_indentation_of_a_block() -> None:
    assert plain(DOCSTRING) == (
        "Why it matters.\n\nFAIL:\n\n    spec:\n      egress: []\n\n\nRepair it."
    )
