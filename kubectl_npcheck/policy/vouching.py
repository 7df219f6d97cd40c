"""Which policies may vouch for others: those that state their egress and surely exist.

The API accepts such a policy, and no other policy of the group has its name and another content.
Whom it selects must be sure as well: a placeholder such as `${NAME}` may stand for any value, so
it vouches only for selectors with the same words.
Knows policies, selectors and groups; must not know classes, states or texts.
"""

from __future__ import annotations

from kubectl_npcheck.policy.inventory import Group
from kubectl_npcheck.policy.meaning import ambiguous
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.selectors import Selector

POD_SELECTOR = ("spec", "podSelector")
NO_KEYS: frozenset[str] = frozenset()


def vouchers(group: Group) -> tuple[NetworkPolicy, ...]:
    """The policies of a group that state their egress and surely exist, in its order."""
    unsure = ambiguous(group)
    return tuple(
        [p for p in group.policies if p.lists_egress and id(p) not in unsure and p.accepted]
    )


def placeholder_keys(policy: NetworkPolicy) -> frozenset[str]:
    """The label keys of the pod selector whose values are placeholders such as `${NAME}`."""
    if not policy.unresolved:
        return NO_KEYS
    paths = {path[2:4] for path in policy.unresolved if path[:2] == POD_SELECTOR}
    return frozenset([term.key for term in policy.pod_selector.terms if term.path in paths])


def spelt_in(selector: Selector, voucher: NetworkPolicy) -> bool:
    """Whether each requirement of the voucher stands in the selector in the same words."""
    return voucher.pod_selector.box.items() <= selector.box.items()


def without_keys(selector: Selector, keys: frozenset[str]) -> Selector:
    """The selector without its requirements on these label keys: it matches at least as much."""
    return Selector(tuple([term for term in selector.terms if term.key not in keys]))
