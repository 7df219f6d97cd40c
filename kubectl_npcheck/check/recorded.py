"""What comments put on record, told to the rules before they run: they know no files.

A policy that suppresses a rule means what it does, for its siblings too. Context counts: a
sibling's comment is as good as its annotation.
"""

from __future__ import annotations

from kubectl_npcheck.check.placing import place
from kubectl_npcheck.manifests.comments import MARKER, suppressions
from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.inventory import Inventory
from kubectl_npcheck.rules.on_record import COMMENTS


def note_comments(inventory: Inventory) -> None:
    """Note in the inventory's cache, per policy, the rules that its comments suppress."""
    recorded: dict[int, set[str]] = {}
    for group in inventory.groups:
        for policy in group.policies:
            origin = policy.origin
            if origin.document is None or MARKER not in origin.document.text:
                continue
            for comment in suppressions(origin.document):
                if any(
                    comment.covers(rule, _line(origin), origin.prefix) for rule in comment.rules
                ):
                    recorded.setdefault(id(origin), set()).update(comment.rules)
    if recorded:
        inventory.cache[COMMENTS] = recorded


def _line(origin: Origin) -> int:
    """The line at whose end a comment speaks of the policy's directions."""
    location = place(origin, ("spec", "policyTypes"))
    return 0 if location is None else location.line
