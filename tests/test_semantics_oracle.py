"""`lint` against the definitions, tried out on every label set of a small universe.

The oracle reads the manifests' plain data and the design's sentences, and nothing of the package:
no selector algebra, no classes, no index. Three keys, each absent, one of two named values or one
that no selector names: whatever holds for all of these label sets holds for all label sets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kubectl_npcheck import lint
from kubectl_npcheck.findings import PolicyEntry, Severity

Plain = dict[str, Any]
Labels = dict[str, str]

KEYS = ("app", "tier", "zone")
NAMED = ("a", "b")
EVERY_LABEL_SET: list[Labels] = [
    {key: value for key, value in zip(KEYS, values, strict=True) if value is not None}
    for values in product((None, *NAMED, "unheard-of"), repeat=len(KEYS))
]
NOBODY: Plain = {
    "podSelector": {
        "matchLabels": {"app": "a"},
        "matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["a"]}],
    }
}
EVERYTHING: Plain = {}
DNS: Plain = {"ports": [{"protocol": "UDP", "port": 53}]}
NEVER: Plain = {"to": [NOBODY]}
REFUSED: Plain = {"ports": [{"port": 0}]}
"""The API server refuses a policy with port 0."""


# What the definitions say


def selects(selector: Plain, labels: Labels) -> bool:
    """matchLabels AND all matchExpressions; NotIn and DoesNotExist match a key that is absent."""
    for key, value in selector.get("matchLabels", {}).items():
        if labels.get(key) != value:
            return False
    for term in selector.get("matchExpressions", ()):
        value = labels.get(term["key"])
        holds = {
            "In": value in term.get("values", ()),
            "NotIn": value not in term.get("values", ()),
            "Exists": value is not None,
            "DoesNotExist": value is None,
        }
        if not holds[term["operator"]]:
            return False
    return True


def types(spec: Plain) -> Sequence[str]:
    """policyTypes after the API's defaulting."""
    written = spec.get("policyTypes")
    if written:
        return list(written)
    return ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]


def rules(spec: Plain, direction: str) -> list[Plain]:
    found = spec.get(direction) or []
    return list(found)


def refused(spec: Plain) -> bool:
    return REFUSED in rules(spec, "egress")


def states_egress(spec: Plain) -> bool:
    return "Egress" in types(spec)


def judged(specs: Sequence[Plain], direction: str, deny: bool) -> str:
    """The state of pods that these policies select, if all of them are there."""
    allowed: list[Plain] = []
    isolated = False
    for spec in specs:
        if direction.capitalize() in types(spec) or (direction == "egress" and deny):
            isolated = True
            allowed += rules(spec, direction)
    if not isolated or EVERYTHING in allowed:
        return "open"
    return "restricted" if any(rule != NEVER for rule in allowed) else "denied"


def state(specs: Sequence[Plain], direction: str, deny: bool) -> str:
    """As `judged`; unknown if it matters whether the refused ones are there."""
    found = judged(specs, direction, deny)
    sure = judged([spec for spec in specs if not refused(spec)], direction, deny)
    return found if found == sure else "unknown"


def undecided_pods(name: str, policies: Mapping[str, Plain]) -> list[Labels]:
    """The pods that the policy selects and no policy that states its egress does."""
    vouching = [spec for spec in policies.values() if states_egress(spec) and not refused(spec)]
    return [
        labels
        for labels in EVERY_LABEL_SET
        if selects(policies[name]["podSelector"], labels)
        and not any(selects(spec["podSelector"], labels) for spec in vouching)
    ]


def expected_states(name: str, policies: Mapping[str, Plain]) -> set[tuple[object, ...]]:
    found: set[tuple[object, ...]] = set()
    for labels in EVERY_LABEL_SET:
        if not selects(policies[name]["podSelector"], labels):
            continue
        members = [n for n, spec in policies.items() if selects(spec["podSelector"], labels)]
        specs = [policies[n] for n in members]
        found.add(
            (
                frozenset(members),
                *[state(specs, "ingress", deny) for deny in (False, True)],
                *[state(specs, "egress", deny) for deny in (False, True)],
            )
        )
    return found


# Policies


def terms() -> st.SearchStrategy[Plain]:
    values = st.lists(st.sampled_from(NAMED), min_size=1, max_size=2, unique=True)
    keys = st.sampled_from(KEYS)
    return st.one_of(
        st.builds(
            lambda key, operator, found: {"key": key, "operator": operator, "values": found},
            keys,
            st.sampled_from(("In", "NotIn")),
            values,
        ),
        st.builds(
            lambda key, operator: {"key": key, "operator": operator},
            keys,
            st.sampled_from(("Exists", "DoesNotExist")),
        ),
    )


def selectors() -> st.SearchStrategy[Plain]:
    labels = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(NAMED), max_size=2)
    return st.fixed_dictionaries(
        {}, optional={"matchLabels": labels, "matchExpressions": st.lists(terms(), max_size=2)}
    )


def specs() -> st.SearchStrategy[Plain]:
    listed = st.sampled_from(
        (None, [], ["Ingress"], ["Egress"], ["Ingress", "Egress"], ["Egress", "Ingress"])
    )
    chosen = st.lists(st.sampled_from((EVERYTHING, DNS, NEVER, REFUSED)), max_size=2)
    inward = st.lists(st.sampled_from((EVERYTHING, {"from": [{"podSelector": {}}]})), max_size=2)
    return st.fixed_dictionaries(
        {"podSelector": selectors()},
        optional={
            "policyTypes": listed,
            "ingress": inward | st.none(),
            "egress": chosen | st.none(),
        },
    )


def named(found: list[Plain]) -> dict[str, Plain]:
    return {f"p{number}": spec for number, spec in enumerate(found)}


def text(policies: Mapping[str, Plain]) -> str:
    return "".join(
        "---\n"
        + json.dumps(
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": {"name": name, "namespace": "shop"},
                "spec": spec,
            }
        )
        + "\n"
        for name, spec in policies.items()
    )


# The comparison


def actual_states(entry: PolicyEntry) -> set[tuple[object, ...]]:
    return {
        (frozenset(s.policies), s.ingress.open, s.ingress.deny, s.egress.open, s.egress.deny)
        for s in entry.states
    }


def example(evidence: Sequence[str]) -> Labels | None:
    """The example labels of the evidence; None where it names pods by the policy's selector."""
    if not any(line.startswith("other pods of it are decided by") for line in evidence):
        return None
    pods = evidence[0].partition(": pods ")[2].removesuffix(" may send anything")
    if pods == "without labels":
        return {}
    return {key: value for key, _, value in [pair.partition("=") for pair in pods.split(",")]}


@settings(max_examples=300)
@given(st.lists(specs(), min_size=2, max_size=5).map(named))
def test_lint_agrees_with_the_definitions(policies: dict[str, Plain]) -> None:
    report = lint(text=text(policies))
    silent = {f.name: f for f in report.findings if f.rule == "egress-implicit"}
    for entry in report.policies:
        name, spec = entry.name, policies[entry.name]
        assert actual_states(entry) == expected_states(name, policies)
        for found in entry.states:
            chosen = {n for n, s in policies.items() if selects(s["podSelector"], found.witness)}
            assert chosen == set(found.policies)
        undecided = undecided_pods(name, policies)
        assert entry.compliant == (states_egress(spec) or not undecided)
        if states_egress(spec) or rules(spec, "egress"):
            assert name not in silent
        elif undecided:
            assert silent[name].severity is Severity.ERROR
            labels = example(silent[name].evidence)
            assert labels is None or like(labels) in undecided
        elif expected_states(name, policies):
            assert silent[name].severity is Severity.NOTE
        else:
            assert name not in silent


def like(labels: Labels) -> Labels:
    """The label set of the universe that no selector can tell from this one."""
    return {
        key: value if value in NAMED else "unheard-of"
        for key, value in labels.items()
        if key in KEYS
    }
