from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.policy.partition import MAX_PARTS
from kubectl_npcheck.policy.podclasses import (
    PodClass,
    class_of,
    class_outside,
    classes,
    classes_of,
    classes_selected_by,
)
from tests.policy.universe import EVERY_LABEL_SET, group, holds, policies, policy

SOME = st.lists(policies(), max_size=7)


def members(found: list[PodClass] | None) -> list[tuple[int, ...]]:
    assert found is not None
    return [tuple(map(id, podclass.policies)) for podclass in found]


def by_trial(some: list[NetworkPolicy]) -> set[tuple[int, ...]]:
    found = {
        tuple(id(p) for p in some if holds(p.pod_selector, labels)) for labels in EVERY_LABEL_SET
    }
    return found - {()}


@given(SOME)
def test_classes_against_every_label_set(some: list[NetworkPolicy]) -> None:
    found = members(classes(some))
    assert len(found) == len(set(found))
    assert set(found) == by_trial(some)


@given(SOME)
def test_each_witness_is_of_its_class(some: list[NetworkPolicy]) -> None:
    for podclass in classes(some) or []:
        selecting = [p for p in some if holds(p.pod_selector, podclass.witness)]
        assert selecting == list(podclass.policies)


@given(SOME)
def test_a_witness_has_as_few_labels_as_possible(some: list[NetworkPolicy]) -> None:
    for podclass in classes(some) or []:
        fewest = min(
            len(labels)
            for labels in EVERY_LABEL_SET
            if [p for p in some if holds(p.pod_selector, labels)] == list(podclass.policies)
        )
        assert len(podclass.witness) == fewest


@given(SOME, st.randoms())
def test_order_of_policies_changes_no_class(some: list[NetworkPolicy], random: Random) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)
    a = {(frozenset(map(id, c.policies)), *c.witness.items()) for c in classes(some) or []}
    b = {(frozenset(map(id, c.policies)), *c.witness.items()) for c in classes(shuffled) or []}
    assert a == b


@given(SOME)
def test_classes_of_one_policy(some: list[NetworkPolicy]) -> None:
    namespace = group(*some)
    every = classes_of(namespace)
    assert every is not None
    for one in some:
        assert classes_selected_by(namespace, one) == [c for c in every if one in c.policies]


def test_classes_stand_in_the_order_of_the_policies() -> None:
    web, everyone, db = policy("web", "app=web"), policy("all"), policy("db", "app=db")
    found = classes_of(group(web, everyone, db))
    assert found == [
        PodClass((web, everyone), {"app": "web"}),
        PodClass((everyone,), {}),
        PodClass((everyone, db), {"app": "db"}),
    ]


def test_a_void_selector_is_in_no_class() -> None:
    void = policy("void", "app !app")
    namespace = group(void, policy("web", "app=web"))
    assert members(classes_of(namespace)) == [(id(namespace.policies[1]),)]
    assert classes_selected_by(namespace, void) == []


def test_no_policies_no_classes() -> None:
    assert classes_of(group()) == []


def test_too_many_classes_are_unknown_and_those_of_one_policy_are_not() -> None:
    crowd = [policy(f"{key}{n}", f"{key}={n}") for key in "abc" for n in range(30)]
    lonely = policy("lonely", "a=x b=x")
    crowd_by_thirty = group(*crowd, lonely)
    assert MAX_PARTS < 31**3
    assert classes_of(crowd_by_thirty) is None
    found = classes_selected_by(crowd_by_thirty, lonely)
    assert found is not None
    assert len(found) == 31  # c is absent, or one of the thirty
    assert {lonely} == {c.policies[-1] for c in found}


def test_classes_of_one_policy_are_unknown_where_they_are_too_many() -> None:
    everyone = policy("all")
    crowd = [policy(f"{key}{n}", f"{key}={n}") for key in "abc" for n in range(30)]
    assert classes_selected_by(group(*crowd, everyone), everyone) is None


def test_classes_are_computed_once_a_group() -> None:
    namespace = group(policy("web", "app=web"))
    assert classes_of(namespace) is classes_of(namespace)


@given(SOME)
def test_the_class_of_a_label_set(some: list[NetworkPolicy]) -> None:
    namespace = group(*some)
    for labels in EVERY_LABEL_SET[::7]:
        expected = tuple(p for p in some if holds(p.pod_selector, labels))
        assert class_of(namespace, labels) == PodClass(expected, labels)


@given(SOME, st.integers(0, 127))
def test_a_class_outside_some_policies(some: list[NetworkPolicy], mask: int) -> None:
    namespace = group(*some)
    others = [p for n, p in enumerate(some) if mask >> n & 1]
    for one in some:
        found = class_outside(namespace, one, others)
        outside = [
            c for c in classes_selected_by(namespace, one) or [] if not {*c.policies} & {*others}
        ]
        if found is None:
            assert outside == []
        else:
            assert found.policies in [c.policies for c in outside]


def test_a_class_outside_is_found_where_the_classes_are_too_many() -> None:
    everyone = policy("all")
    crowd = [policy(f"{key}{n}", f"{key}={n}") for key in "abc" for n in range(30)]
    namespace = group(*crowd, everyone)
    assert class_outside(namespace, everyone, crowd) == PodClass((everyone,), {})
    assert class_outside(namespace, crowd[0], [everyone]) is None


def test_many_policies_that_are_apart_are_no_trouble() -> None:
    crowd = [policy(f"p{n}", f"app=web-{n}") for n in range(2 * MAX_PARTS)]
    found = classes_of(group(*crowd))
    assert found is not None
    assert [c.policies for c in found] == [(one,) for one in crowd]
