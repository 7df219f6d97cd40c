"""What comments put on record, told to the rules before they run: they know no files.

A policy that suppresses a rule means what it does, for its siblings too. Context counts: a
sibling's comment is as good as its annotation.
"""

from __future__ import annotations

from kubectl_npcheck.check.marks import Comments
from kubectl_npcheck.check.placing import place
from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.inventory import Inventory
from kubectl_npcheck.rules.on_record import COMMENTS


def note_comments(inventory: Inventory, comments: Comments) -> None:
    """Note in the inventory's cache, per policy, the rules that its comments suppress."""
    recorded: dict[int, set[str]] = {}
    for group in inventory.groups:
        for policy in group.policies:
            origin = policy.origin
            held = comments.get(id(origin.document), ())
            line = _line(origin) if held else 0
            for comment in held:
                covered = [r for r in comment.rules if comment.covers(r, line, origin.prefix)]
                recorded.setdefault(id(origin), set()).update(covered)
    inventory.cache[COMMENTS] = recorded


def _line(origin: Origin) -> int:
    """The line at whose end a comment speaks of the policy's directions."""
    location = place(origin, ("spec", "policyTypes"))
    return 0 if location is None else location.line
