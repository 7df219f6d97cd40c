"""What is written into one policy, as operations and as a meaning. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kubectl_npcheck.findings import Operation
from kubectl_npcheck.fixing.options import Options, parsed_egress
from kubectl_npcheck.fixing.refusing import Refusing
from kubectl_npcheck.fixing.split import Part
from kubectl_npcheck.fixing.world import Effect
from kubectl_npcheck.policy.model import Authored, NetworkPolicy

TYPES = ("spec", "policyTypes")
EGRESS = ("spec", "egress")
ALL: tuple[dict[str, Any], ...] = ({},)


class Intent(NamedTuple):
    """What is to be written into one policy.

    strategy: as users name it; "" where no egress is stated
    added:    the policy to write beside it, for --split
    """

    strategy: str
    summary: str
    operations: tuple[Operation, ...]
    effect: Effect
    added: Part | None = None


class Settled(NamedTuple):
    """What holds for the whole run.

    blind:  the repository around the input is not known (standard input, --alone)
    denied: the settings say that silence is read as a denial
    off:    rules that the settings switch off
    hidden: by namespace, None for the whole cluster, policies that may be there and were not read
    live:   objects of a cluster are written, so that nothing is written beside them
    """

    options: Options
    blind: bool = False
    denied: bool = False
    off: frozenset[str] = frozenset()
    hidden: Mapping[str | None, Sequence[str]] = {}
    live: bool = False


def full_types(policy: NetworkPolicy) -> list[str]:
    """policyTypes as they are written out: what they are by default, and Egress."""
    return ["Ingress", "Egress"] if policy.lists_ingress else ["Egress"]


def with_rules(
    policy: NetworkPolicy, strategy: str, rules: tuple[Any, ...], summary: str
) -> Intent:
    """State these egress rules."""
    operations = (
        Operation("set", TYPES, full_types(policy)),
        Operation("set", EGRESS, list(rules)),
    )
    return Intent(strategy, summary, operations, Effect(parsed_egress(rules), types=True))


def without_rules(policy: NetworkPolicy, strategy: str, summary: str) -> Intent:
    """State that there are no egress rules: Egress, and no egress key."""
    operations = [Operation("set", TYPES, full_types(policy))]
    dropped: tuple[str, ...] = ()
    if policy.egress_authored is not Authored.ABSENT:
        operations.append(Operation("remove", EGRESS))
        dropped = ("egress",)
    return Intent(strategy, summary, tuple(operations), Effect((), dropped, types=True))


def refuse_hidden(policy: NetworkPolicy, settled: Settled) -> None:
    """Refuse where policies that could restrict the same pods may not be read."""
    hidden = [line for place in (policy.namespace, None) for line in settled.hidden.get(place, ())]
    if hidden:
        raise Refusing(
            "policies of another API may restrict the same pods, and could not be read",
            tuple(hidden),
            remedy="use an account that may list them (npcheck rbac), or name a strategy that "
            "states what the pods need: --strategy dns, or rules",
        )


def refuse_blind(settled: Settled) -> None:
    """Refuse to allow everything where the repository around the input is not known."""
    if settled.blind and not settled.options.allow_widening:
        raise Refusing(
            "the repository around the input is not known, and another policy in it may restrict "
            "these pods",
            remedy="name files instead of standard input and drop --alone, or, if no other policy "
            "selects these pods, add --allow-widening",
        )
