"""What is on record as meant: a finding that the policy itself suppresses.

An annotation is read from the policy; comments are noted in the inventory by the engine, as rules
know no files.
"""

from __future__ import annotations

from kubectl_npcheck.policy.annotations import ignored_rules
from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.model import NetworkPolicy

COMMENTS = "suppressed by comments"
"""Key of the inventory's cache: per `id` of a policy's origin the rules that comments suppress."""


def on_record(group: Group, policy: NetworkPolicy, rule: str) -> bool:
    """Whether the policy suppresses the rule, by annotation or by comment."""
    if policy.annotations and rule in ignored_rules(policy.annotations):
        return True
    comments = group.inventory.cache.get(COMMENTS)
    return isinstance(comments, dict) and rule in comments.get(id(policy.origin), ())
