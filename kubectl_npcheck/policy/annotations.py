"""The annotation `npcheck/ignore`: what an object itself says about its findings, live too.

Knows the annotation's syntax; must not know which rules exist.
"""

from __future__ import annotations

IGNORE = "npcheck/ignore"


def ignored_rules(annotations: dict[str, str]) -> tuple[str, ...]:
    """The rule ids that `npcheck/ignore: rule, …` names, in the order written; () without it."""
    text = annotations.get(IGNORE)
    if not text:
        return ()
    return tuple([part for part in text.replace(",", " ").split() if part])
