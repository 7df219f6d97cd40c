"""Selectors as `kubectl -l` writes them."""

from __future__ import annotations

import pytest

from kubectl_npcheck.policy.label_selector import label_selector

LABELS = {"app": "web", "tier": "front", "empty": ""}


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("app=web", True),
        ("app==web", True),
        ("app = web", True),
        ("app!=web", False),
        ("app!=db", True),
        ("missing!=x", True),
        ("empty=", True),
        ("app", True),
        ("!app", False),
        ("!missing", True),
        ("app in (web,db)", True),
        ("app in (db, web), tier=front", True),
        ("app notin (web)", False),
        ("missing notin (a)", True),
        ("app=web,tier=back", False),
        ("app=web,app=db", False),
        ("app.kubernetes.io/name", False),
    ],
)
def test_matches(text: str, matches: bool) -> None:
    assert label_selector(text).matches(LABELS) is matches


@pytest.mark.parametrize(
    "text", ["app=web=x", "=web", "app in web", "app in (a", "a b", ",", "a=-"]
)
def test_what_is_no_selector(text: str) -> None:
    with pytest.raises(ValueError, match="label selector"):
        label_selector(text)
