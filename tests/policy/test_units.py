"""What is applied together: namespaces, directories, splits, streams, doubt, neighbours."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.inventory import Inventory
from kubectl_npcheck.policy.members import CustomResource, Object
from kubectl_npcheck.policy.model import Namespace, NetworkPolicy, UnreadPolicy, Workload
from kubectl_npcheck.policy.selectors import Selector
from kubectl_npcheck.policy.units import Stream, build, neighbours


def origin(file: str) -> Origin:
    parts = tuple(file.split("/"))
    return Origin("/".join(parts[1:]), parts, document=object())


def policy(file: str, name: str, namespace: str | None = None) -> NetworkPolicy:
    return NetworkPolicy(origin(file), name, namespace, Selector(), True, False)


def workload(file: str, namespace: str | None = None) -> Workload:
    return Workload(origin(file), "Deployment", "web", namespace, {})


def together(*objects: Object) -> dict[str, list[str]]:
    """Unit → `name` or `namespace/name` of its policies."""
    return names(build(list(objects)))


def names(inventory: Inventory) -> dict[str, list[str]]:
    return {
        unit.name: [
            f"{p.namespace}/{p.name}" if p.namespace else p.name
            for group in unit.groups.values()
            for p in group.policies
        ]
        for unit in inventory.units
    }


def test_an_explicit_namespace_holds_over_the_whole_run() -> None:
    assert together(policy("r/a/x.yaml", "a", "shop"), policy("r/b/y.yaml", "b", "shop")) == {
        "namespace shop": ["shop/a", "shop/b"]
    }


def test_without_a_namespace_only_the_directory_does() -> None:
    assert together(
        policy("r/a/x.yaml", "a"), policy("r/a/y.yaml", "b"), policy("r/b/y.yaml", "c")
    ) == {"a": ["a", "b"], "b": ["c"]}


def test_explicit_and_missing_namespaces_are_apart() -> None:
    assert together(policy("r/a/x.yaml", "a"), policy("r/a/x.yaml", "b", "shop")) == {
        "a": ["a"],
        "namespace shop": ["shop/b"],
    }


def test_dev_and_prod_do_not_vouch_for_each_other() -> None:
    assert together(
        policy("r/dev/np.yaml", "a", "shop"),
        policy("r/prod/np.yaml", "a", "shop"),
        policy("r/prod/deny.yaml", "deny", "shop"),
        policy("r/common/x.yaml", "c", "shop"),
        policy("r/y.yaml", "d", "shop"),
    ) == {
        "namespace shop in dev": ["shop/a"],
        "namespace shop in prod": ["shop/a", "shop/deny"],
        "namespace shop in other files": ["shop/c", "shop/d"],
    }


def test_two_variants_in_one_directory_are_split_by_file() -> None:
    assert together(
        policy("r/k/install.yaml", "a"),
        policy("r/k/install.yaml", "b"),
        policy("r/k/ha-install.yaml", "a"),
        policy("r/k/extra.yaml", "c"),
    ) == {"k/install.yaml": ["a", "b"], "k/ha-install.yaml": ["a"], "other files of k": ["c"]}


def test_the_shallowest_difference_splits_first_and_splitting_goes_on() -> None:
    assert together(
        policy("r/dev/1/x.yaml", "a", "s"),
        policy("r/dev/2/x.yaml", "a", "s"),
        policy("r/prod/x.yaml", "a", "s"),
    ) == {
        "namespace s in dev/1": ["s/a"],
        "namespace s in dev/2": ["s/a"],
        "namespace s in prod": ["s/a"],
    }


def test_what_is_outside_the_parts_is_split_again() -> None:
    assert together(
        policy("r/dev/x.yaml", "a", "s"),
        policy("r/prod/x.yaml", "a", "s"),
        policy("r/c/x.yaml", "b", "s"),
        policy("r/c/y.yaml", "b", "s"),
        policy("r/c/z.yaml", "c", "s"),
    ) == {
        "namespace s in dev": ["s/a"],
        "namespace s in prod": ["s/a"],
        "namespace s in c/x.yaml": ["s/b"],
        "namespace s in c/y.yaml": ["s/b"],
        "namespace s in other files": ["s/c"],
    }


def test_a_deeper_duplicate_does_not_hide_a_shallow_one() -> None:
    assert together(
        policy("r/dev/x.yaml", "a", "s"),
        policy("r/prod/x.yaml", "a", "s"),
        policy("r/prod/x.yaml", "b", "s"),
        policy("r/prod/y.yaml", "b", "s"),
        policy("r/common/c.yaml", "c", "s"),
    ) == {
        "namespace s in dev": ["s/a"],
        "namespace s in prod/x.yaml": ["s/a", "s/b"],
        "namespace s in prod/y.yaml": ["s/b"],
        "namespace s in other files": ["s/c"],
    }


def test_a_name_twice_in_one_file_does_not_split() -> None:
    assert together(policy("r/x.yaml", "a", "s"), policy("r/x.yaml", "a", "s")) == {
        "namespace s": ["s/a", "s/a"]
    }


def test_policies_without_a_name_do_not_split() -> None:
    assert len(together(policy("r/x.yaml", "", "s"), policy("r/y.yaml", "", "s"))) == 1


def test_generated_names_do_not_split() -> None:
    first, second = policy("r/x.yaml", "web-*", "s"), policy("r/y.yaml", "web-*", "s")
    first.generated_name = second.generated_name = True
    assert len(together(first, second)) == 1


def test_workloads_follow_the_split() -> None:
    inventory = build(
        [
            policy("r/dev/np.yaml", "a", "s"),
            policy("r/prod/np.yaml", "a", "s"),
            workload("r/dev/d.yaml", "s"),
        ]
    )
    assert [len(group.workloads) for group in inventory.groups] == [1, 0]


def test_a_stream_is_one_unit_by_namespace() -> None:
    items = [
        NetworkPolicy(Origin("<stdin>"), "a", namespace, Selector(), True, False)
        for namespace in ("x", "y", "x")
    ]
    inventory = build([], streams=[Stream("standard input", items)])
    assert names(inventory) == {"standard input": ["x/a", "x/a", "y/a"]}
    assert [group.namespace for group in inventory.groups] == ["x", "y"]


def test_namespaces_are_indexed_by_name() -> None:
    inventory = build([Namespace(origin("r/n.yaml"), "shop", {"a": "b"})])
    assert inventory.namespaces["shop"][0].labels == {"a": "b"}
    assert inventory.units == []


def test_custom_resources_mark_their_group() -> None:
    inventory = build(
        [
            policy("r/np.yaml", "a", "s"),
            policy("r/np.yaml", "b", "t"),
            CustomResource(origin("r/c.yaml"), "s"),
        ]
    )
    assert [group.custom_resources for group in inventory.groups] == [True, False]


def doubts(*objects: Object) -> list[list[str]]:
    """Per group with policies: why the unread policies that it may hold are unread."""
    groups = build(list(objects)).groups
    return [[u.why for u in group.unread] for group in groups if group.policies]


def test_an_unread_policy_is_noted_on_the_groups_of_its_directory() -> None:
    unread = UnreadPolicy(origin("r/a/broken.yaml"), None, None, "broken")
    assert doubts(
        policy("r/a/x.yaml", "a", "s"), policy("r/a/y.yaml", "b"), policy("r/b/x.yaml", "c"), unread
    ) == [["broken"], ["broken"], []]


def test_an_unread_policy_is_noted_on_the_groups_of_its_namespace_only() -> None:
    unread = UnreadPolicy(origin("r/a/broken.yaml"), "s", None, "broken")
    assert doubts(
        policy("r/a/x.yaml", "a", "t"),
        policy("r/b/y.yaml", "b", "s"),
        policy("r/a/z.yaml", "c"),
        unread,
    ) == [[], ["broken"], ["broken"]]


def near(subject: NetworkPolicy, *others: NetworkPolicy) -> list[str]:
    inventory = build([subject, *others])
    [group] = [group for group in inventory.groups if subject in group.policies]
    return [f"{p.origin.file}" for p in neighbours(subject, group)]


def test_neighbours_of_the_same_namespace_in_other_units() -> None:
    assert near(
        policy("r/dev/np.yaml", "a", "s"),
        policy("r/prod/np.yaml", "a", "s"),
        policy("r/prod/deny.yaml", "deny", "s"),
        policy("r/dev/own.yaml", "own", "s"),
        policy("r/prod/other.yaml", "a", "t"),
    ) == ["prod/np.yaml", "prod/deny.yaml"]


def test_neighbours_by_directory_where_a_namespace_is_missing() -> None:
    others = [
        policy("r/k/a/same.yaml", "b", "s"),
        policy("r/k/a/sub/below.yaml", "c"),
        policy("r/k/above.yaml", "d", "t"),
        policy("r/k/b/beside.yaml", "e", "s"),
    ]
    assert sorted(near(policy("r/k/a/np.yaml", "a"), *others)) == [
        "k/a/same.yaml",
        "k/a/sub/below.yaml",
        "k/above.yaml",
    ]
    assert near(policy("r/k/a/np.yaml", "a", "x"), *others) == ["k/a/sub/below.yaml"]


def test_ten_thousand_policies_are_grouped_in_one_pass() -> None:
    objects = [
        policy(f"r/d{file % 40}/f{file}.yaml", f"p{file}-{index}", f"ns{file % 50}")
        for file in range(1000)
        for index in range(10)
    ]
    inventory = build(objects)
    assert len(inventory.units) == 50
    assert all(len(group.policies) == 200 for group in inventory.groups)


PLACES = st.lists(
    st.tuples(
        st.lists(st.sampled_from("abc"), max_size=3),
        st.sampled_from(["x.yaml", "y.yaml"]),
        st.sampled_from(["n", "m", "o"]),
        st.sampled_from([None, "s"]),
    ),
    max_size=8,
)


@given(PLACES, st.randoms(use_true_random=False))
def test_each_object_is_in_one_unit_and_no_unit_holds_a_name_in_two_files(
    places: list[tuple[list[str], str, str, str | None]], random: Random
) -> None:
    objects = [
        policy("/".join(["r", *directory, file]), name, namespace)
        for directory, file, name, namespace in places
    ]
    inventory = build(objects)
    held = [id(p) for group in inventory.groups for p in group.policies]
    assert sorted(held) == sorted(map(id, objects))
    for group in inventory.groups:
        files: dict[str, tuple[str, ...]] = {}
        for p in group.policies:
            assert files.setdefault(p.name, p.origin.parts) == p.origin.parts
            assert p.namespace == group.namespace
        if group.namespace is None:
            assert len({p.origin.parts[:-1] for p in group.policies}) == 1
    random.shuffle(objects)
    assert partition(build(objects)) == partition(inventory)


def partition(inventory: Inventory) -> set[frozenset[int]]:
    return {frozenset(map(id, group.policies)) for group in inventory.groups}
