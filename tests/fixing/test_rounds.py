"""Rounds: what is refused at first may be settled by what the others get; order never matters."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck import lint
from kubectl_npcheck.fixing import Options
from tests.fixing.support import changed, fixed, netpol, refused, rule, strategy

# `wide` is undecided for tier=web and decided by `locked` for tier=db: mixed. Once `web` says that
# its pods may send anything, all of `wide` is decided elsewhere; then so is `late`.
WIDE = netpol(
    "podSelector: {matchExpressions: [{key: tier, operator: In, values: [web, db]}]},"
    " policyTypes: [Ingress]",
    "wide",
)
WEB = netpol("podSelector: {matchLabels: {tier: web}}, policyTypes: [Ingress]", "web-tier")
LOCKED = netpol("podSelector: {matchLabels: {tier: db}}, policyTypes: [Egress]", "locked")
LATE = netpol("podSelector: {matchLabels: {tier: db, late: 'yes'}}, policyTypes: [Ingress]", "late")
DOCUMENTS = [WIDE, WEB, LOCKED, LATE]


def specs(files: dict[str, str], done_files: object) -> dict[str, Any]:
    """Name to spec of each policy once the changes are made."""
    texts = dict(files)
    assert isinstance(done_files, tuple)
    for item in done_files:
        texts[item.file] = item.new
    found = {}
    for text in texts.values():
        for policy in yaml.safe_load_all(text):
            found[policy["metadata"]["name"]] = policy["spec"]
    return found


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_result_does_not_depend_on_the_order_of_files(order: tuple[int, ...]) -> None:
    files = {f"{place}.yaml": DOCUMENTS[number] for place, number in enumerate(order)}
    done = fixed(files)
    assert refused(done) == []
    assert sorted(changed(done)) == ["web-tier", "wide"]  # `late` is a note at the start
    specs_now = specs(files, done.files)
    assert specs_now["web-tier"]["egress"] == [{}]
    assert "egress" not in specs_now["wide"]
    assert specs_now["wide"]["policyTypes"] == ["Ingress", "Egress"]
    assert specs_now["late"] == yaml.safe_load(LATE)["spec"]


def test_notes_are_settled_in_the_same_rounds() -> None:
    files = {f"{number}.yaml": text for number, text in enumerate(DOCUMENTS)}
    done = fixed(files, options=Options(notes=True))
    assert sorted(changed(done)) == ["late", "web-tier", "wide"]
    assert "egress" not in specs(files, done.files)["late"]


KEYS = ["a", "b"]
selectors = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["x", "y"]), max_size=2)
kinds = st.sampled_from(
    [
        "policyTypes: [Ingress]",
        "policyTypes: [Ingress]",
        "ingress: [{}]",
        "policyTypes: [Egress]",
        "policyTypes: [Egress], egress: [{}]",
        "policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]",
        "policyTypes: [Ingress], egress: []",
    ]
)
worlds = st.lists(st.tuples(selectors, kinds), min_size=1, max_size=5)
OPTIONS = [
    Options(),
    Options(notes=True),
    Options(split=True),
    strategy("preserve"),
    strategy("allow-all"),
    strategy("deny-all", notes=True),
    strategy("dns"),
    rule("egress-empty-list", "policy-types-implicit"),
]


def texts_of(world: list[tuple[dict[str, str], str]]) -> list[str]:
    return [
        netpol(
            f"podSelector: {{matchLabels: {{{', '.join(f'{k}: {v}' for k, v in labels.items())}}}}},"
            f" {kind}",
            f"p{number}",
        )
        for number, (labels, kind) in enumerate(world)
    ]


@given(worlds, st.sampled_from(OPTIONS), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_and_a_second_run_changes_nothing(
    world: list[tuple[dict[str, str], str]], options: Options, random: object
) -> None:
    texts = texts_of(world)
    files = {f"{number}.yaml": text for number, text in enumerate(texts)}
    done = fixed(files, options=options)
    shuffled = list(texts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    others = {f"{number}.yaml": text for number, text in enumerate(shuffled)}
    assert specs(files, done.files) == specs(others, fixed(others, options=options).files)
    after = {**files, **{item.file: item.new for item in done.files}}
    again = fixed(after, options=options)
    assert again.files == ()
    assert all("egress: []" not in item.new for item in done.files if "egress: []" not in item.old)


def test_a_change_that_builds_on_another_is_none_where_each_has_to_be_right_by_itself() -> None:
    files = {f"{number}.yaml": text for number, text in enumerate(DOCUMENTS)}
    done = fixed(files, options=Options(apart=True))
    assert sorted(changed(done)) == ["web-tier"]
    assert [item.name for item in done.refused] == ["wide"]


def open_states(texts: list[str]) -> dict[tuple[str, ...], str]:
    """What the pods of each class may send in Kubernetes as published, by their policies."""
    entries = lint(text="---\n".join(texts)).policies
    return {state.policies: state.egress.open for entry in entries for state in entry.states}


@given(worlds)
def test_each_change_alone_keeps_what_pods_may_send(
    world: list[tuple[dict[str, str], str]],
) -> None:
    texts = texts_of(world)
    files = {f"{number}.yaml": text for number, text in enumerate(texts)}
    before = open_states(texts)
    for item in fixed(files, options=Options(apart=True)).files:
        alone = {**files, item.file: item.new}
        assert open_states(list(alone.values())) == before
