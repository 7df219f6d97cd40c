"""A universe of label sets that is small enough to try out, and policies over it.

Three keys, each absent, one of two named values, or one that no selector names: whatever is true
of all 64 label sets is true of all label sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

from hypothesis import strategies as st

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.inventory import Group, Inventory, Unit
from kubectl_npcheck.policy.model import Defect, NetworkPolicy, Peer, Port, Rule
from kubectl_npcheck.policy.selectors import Selector, Term

KEYS = ("app", "tier", "zone")
NAMED = ("a", "b")
FRESH = "unheard-of"
EVERY_LABEL_SET = [
    {key: value for key, value in zip(KEYS, values, strict=True) if value is not None}
    for values in product((None, *NAMED, FRESH), repeat=len(KEYS))
]


def selector(text: str) -> Selector:
    """A selector from a short text: "app=a tier!=a,b zone !app"."""
    terms = []
    for number, word in enumerate(text.split()):
        path = ("matchExpressions", number)
        if "!=" in word:
            key, values = word.split("!=")
            terms.append(Term(key, "NotIn", tuple(values.split(",")), path))
        elif "=" in word:
            key, values = word.split("=")
            terms.append(Term(key, "In", tuple(values.split(",")), path))
        elif word.startswith("!"):
            terms.append(Term(word[1:], "DoesNotExist", (), path))
        else:
            terms.append(Term(word, "Exists", (), path))
    return Selector(tuple(terms))


ALLOW_ALL = Rule("egress", 0, None, None)
DNS = Rule("egress", 0, None, (Port(0, "UDP", 53),))
NOBODY = Rule("egress", 0, (Peer(0, pod_selector=selector("app !app")),), None)
RULES = (ALLOW_ALL, DNS, NOBODY)


def policy(
    name: str,
    pods: str | Selector = "",
    types: str = "I",
    egress: Sequence[Rule] = (),
    ingress: Sequence[Rule] = (),
    rejected: bool = False,
) -> NetworkPolicy:
    """A policy; types holds I and E for what policyTypes lists."""
    return NetworkPolicy(
        Origin(f"{name}.yaml"),
        name,
        "shop",
        selector(pods) if isinstance(pods, str) else pods,
        "I" in types,
        "E" in types,
        ingress=tuple(ingress),
        egress=tuple(egress),
        defects=(Defect("invalid", ("spec",), "no"),) if rejected else (),
    )


def group(*policies: NetworkPolicy) -> Group:
    """A namespace with these policies."""
    made = Inventory().group(Unit("test"), "shop")
    made.policies.extend(policies)
    return made


def pigeonhole(pigeons: int) -> tuple[str, list[str]]:
    """Pigeons that each sit in one of too few holes, and all the ways for two to meet.

    So the second cover the first, and to prove it takes exponentially many steps.
    """
    names = [f"p{number}" for number in range(pigeons)]
    holes = [f"h{number}" for number in range(pigeons - 1)]
    pods = " ".join([f"{name}={','.join(holes)}" for name in names])
    return pods, [f"{a}={h} {b}={h}" for a, b in combinations(names, 2) for h in holes]


def holds(outer: Selector, labels: dict[str, str]) -> bool:
    """What Kubernetes says: each requirement on its own, as written."""
    for term in outer.terms:
        value = labels.get(term.key)
        if term.operator == "In" and value not in term.values:
            return False
        if term.operator == "NotIn" and value in term.values:
            return False
        if term.operator == "Exists" and value is None:
            return False
        if term.operator == "DoesNotExist" and value is not None:
            return False
    return True


def _term(draw: st.DrawFn, number: int) -> Term:
    operator = draw(st.sampled_from(("In", "NotIn", "Exists", "DoesNotExist")))
    values: tuple[str, ...] = ()
    if operator in ("In", "NotIn"):
        values = tuple(draw(st.lists(st.sampled_from(NAMED), min_size=1, max_size=2)))
    return Term(draw(st.sampled_from(KEYS)), operator, values, ("matchExpressions", number))


@st.composite
def selectors(draw: st.DrawFn) -> Selector:
    """Any selector over the universe."""
    count = draw(st.integers(0, 4))
    return Selector(tuple([_term(draw, number) for number in range(count)]))


@st.composite
def policies(draw: st.DrawFn) -> NetworkPolicy:
    """Any policy over the universe."""
    return policy(
        draw(st.sampled_from(("one", "two", "three", "four", "five", "six", "seven"))),
        draw(selectors()),
        draw(st.sampled_from(("I", "E", "IE"))),
        draw(st.lists(st.sampled_from(RULES), max_size=2)),
        draw(st.lists(st.sampled_from(RULES), max_size=2)),
        draw(st.sampled_from((False, False, False, True))),
    )
