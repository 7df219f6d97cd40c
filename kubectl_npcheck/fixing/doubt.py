"""What could make a repair wrong without anybody noticing: doubts, and what forbids any repair.

`preserve` and `allow-all` refuse where something that could select the same pods is not known for
sure (semantics, section 5). Each check raises `Refusing`, with names and witnesses.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubectl_npcheck.fixing.refusing import Refusing
from kubectl_npcheck.fixing.targets import Target
from kubectl_npcheck.fixing.world import Home, World
from kubectl_npcheck.origin import path_text
from kubectl_npcheck.policy.isolation import allows_everything
from kubectl_npcheck.policy.model import REJECTED, NetworkPolicy
from kubectl_npcheck.policy.podclasses import classes_selected_by
from kubectl_npcheck.policy.selectors import Selector, cover, intersect, meet, overlap
from kubectl_npcheck.policy.silence import silence
from kubectl_npcheck.policy.units import neighbours
from kubectl_npcheck.policy.vouching import placeholder_keys, without_keys
from kubectl_npcheck.rules.wording import listed, place_text, policies_text

MAX_NEIGHBOURS = 20_000
"""How many policies of other units are looked at for one policy; more is a doubt in itself."""

NAMED_STRATEGY = "name a strategy that states what the pods need: --strategy dns, or rules"


def forbid(target: Target, world: World) -> None:
    """Refuse objects that must not be edited at all."""
    patched = world.patched.get(id(target.origin))
    if patched is not None:
        raise Refusing(f"it is {patched}", remedy="repair the patch by hand", final=True)
    for home in world.homes(target.origin):
        unit = home.group.unit
        if not unit.complete:
            raise Refusing(
                f"{unit.name} is incomplete: {listed(unit.missing, 2)}",
                remedy="make what is missing available, or repair by hand",
                final=True,
            )
    for defect in target.policy.defects:
        if defect.rule in REJECTED or defect.rule == "duplicate-key":
            raise Refusing(
                "the API server would not take it as it is"
                if defect.rule in REJECTED
                else "it holds a key twice",
                (f"{path_text(defect.path)}: {defect.message}",),
                remedy=defect.hint or "correct this first",
                final=True,
            )


def doubt(home: Home, world: World) -> None:
    """Refuse where a policy that could select the same pods leaves their egress in doubt."""
    if classes_selected_by(home.group, home.policy) is None:
        raise Refusing(
            "its pods fall into too many classes to prove that nothing changes",
            remedy=NAMED_STRATEGY,
        )
    _of_the_unit(home, world)
    _of_other_units(home)
    _of_what_was_not_read(home, world)


def _of_the_unit(home: Home, world: World) -> None:
    group, policy = home
    answer = silence(policy, group)
    if answer.doubtful:
        other = answer.doubtful[0]
        why = "its name is taken by another policy" if other.accepted else "the API would reject it"
        raise _about(
            "it is not sure whether a policy that states the egress of these pods will exist",
            policy,
            other,
            why,
            "correct that policy first",
        )
    if answer.unresolved:
        raise _about(
            "a placeholder decides whether another policy states the egress of these pods",
            policy,
            answer.unresolved[0],
            "its selector holds a placeholder, or this policy's does",
            "repair what is rendered, or name a strategy",
        )
    dead, unknown = world.unsure(group)
    for other in dead:
        if other is not policy and _may_meet(policy, other):
            raise _about(
                "egress rules that policyTypes does not list could select the same pods",
                policy,
                other,
                "its egress rules are dead, and some clusters enforce them all the same",
                "list Egress there, or remove the rules",
            )
    for other in unknown:
        if meet(policy.pod_selector, other.pod_selector):
            raise _about(
                "the selectors are too many to decide who states the egress of these pods",
                policy,
                other,
                "whether others cover its pods is not known",
                NAMED_STRATEGY,
            )


def _of_other_units(home: Home) -> None:
    group, policy = home
    for seen, other in enumerate(neighbours(policy, group)):
        if seen >= MAX_NEIGHBOURS:
            raise Refusing(
                f"more than {MAX_NEIGHBOURS} policies could meet this one in a cluster",
                remedy="give the policies their namespaces, or name a strategy",
            )
        if (other.lists_egress or other.egress) and _may_meet(policy, other):
            raise _about(
                "a policy that may be applied to the same namespace states egress for such pods",
                policy,
                other,
                "it belongs to another unit: whether both are applied together is not known",
                "write the namespaces into the manifests, or state the egress by hand",
            )


def _of_what_was_not_read(home: Home, world: World) -> None:
    group, policy = home
    for item in group.unread:
        if item.origin is policy.origin:
            continue
        name = f"policy {item.name}" if item.name else "a policy"
        raise Refusing(
            "a policy that could not be judged may state the egress of these pods",
            (f"{name} ({place_text(item.origin)}): {item.why}",),
            (_witness(policy),),
            "repair what is rendered, make the file readable, or name a strategy",
        )
    for other in world.others(home):
        raise Refusing(
            "a policy of another API may restrict the same pods, and `egress: [{}]` could undo it",
            (f"{other.kind} {other.name} ({place_text(other.origin)}): not read",),
            (_witness(policy),),
            NAMED_STRATEGY,
        )


def _about(
    reason: str, policy: NetworkPolicy, other: NetworkPolicy, why: str, remedy: str
) -> Refusing:
    labels = overlap(policy.pod_selector, other.pod_selector)
    witnesses = () if labels is None else (labels,)
    return Refusing(reason, (f"{policies_text([other])}: {why}",), witnesses, remedy)


def _may_meet(policy: NetworkPolicy, other: NetworkPolicy) -> bool:
    """Whether both could select a pod, whatever their placeholders stand for."""
    keys = placeholder_keys(policy) | placeholder_keys(other)
    if not keys:
        return meet(policy.pod_selector, other.pod_selector)
    one: Selector = without_keys(policy.pod_selector, keys)
    return meet(one, without_keys(other.pod_selector, keys))


def _witness(policy: NetworkPolicy) -> dict[str, str]:
    labels = overlap(policy.pod_selector, policy.pod_selector)
    return labels or {}


def restricting(home: Home) -> Iterator[tuple[NetworkPolicy, dict[str, str]]]:
    """The policies whose restriction `egress: [{}]` would undo, each with such a pod."""
    group, policy = home
    deciders = silence(policy, group).deciders
    open_to_all = [d for d in deciders if any(map(allows_everything, d.egress))]
    for decider in deciders:
        shared = intersect(policy.pod_selector, decider.pod_selector)
        found = cover(shared, [d.pod_selector for d in open_to_all])
        if found.covered is not True:
            labels = found.witness
            if labels is None:
                labels = overlap(policy.pod_selector, decider.pod_selector)
            yield decider, labels or {}
