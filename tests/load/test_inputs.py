"""What is read: files, directories, standard input, and the objects in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kubectl_npcheck.load import Request, load
from tests.load.support import (
    DEPLOYMENT,
    SERVICE,
    loaded,
    netpol,
    only_policy,
    units,
)


def test_nothing_is_parsed_where_no_input_mentions_a_policy() -> None:
    found = loaded({"k/a.yaml": DEPLOYMENT, "k/b.yaml": "}{"}, "k")
    assert found.sources == []
    assert found.errors == []
    assert found.counts[:3] == (2, 0, 0)


def test_the_current_directory_is_the_default() -> None:
    assert units(loaded({"a.yaml": netpol("a", "s")})) == {"namespace s": ["s/a"]}


def test_objects_of_every_kind() -> None:
    text = "---\n".join(
        [netpol("a"), DEPLOYMENT, SERVICE, "kind: Namespace\nmetadata: {name: s}\n"]
    )
    found = loaded({"k/a.yaml": text}, "k")
    [group] = found.inventory.groups
    assert (len(group.policies), len(group.workloads), len(group.services)) == (1, 1, 1)
    assert list(found.inventory.namespaces) == ["s"]


def test_the_namespace_option_puts_files_together() -> None:
    files = {"a/x.yaml": netpol("a"), "b/x.yaml": netpol("b"), "c.yaml": netpol("c", "s")}
    assert units(loaded(files, ".", namespace="s")) == {"namespace s": ["s/a", "s/b", "s/c"]}


def test_a_line_and_a_path_for_each_item_of_a_list() -> None:
    text = (
        "apiVersion: v1\nkind: List\nitems:\n"
        "- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy\n  metadata: {name: a}\n"
        "- apiVersion: v1\n  kind: List\n  items:\n"
        "  - apiVersion: networking.k8s.io/v1\n    kind: NetworkPolicy\n    metadata: {name: b}\n"
    )
    [group] = loaded({"a.yaml": text}, "a.yaml").inventory.groups
    assert [(p.name, p.origin.line, p.origin.prefix) for p in group.policies] == [
        ("a", 4, ("items", 0)),
        ("b", 7, ("items", 1, "items", 0)),
    ]


def test_items_of_a_typed_list_need_no_kind() -> None:
    text = (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\n"
        "items: [{metadata: {name: a}, spec: {podSelector: {}}}]\n"
    )
    assert only_policy(loaded({"a.yaml": text}, "a.yaml")).accepted


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: template.openshift.io/v1\nkind: Template\nobjects:\n- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}}\n",
        "apiVersion: hive.openshift.io/v1\nkind: SyncSet\nspec: {resources: [{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}}]}\n",
        '{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "a"}}',
        "# kind: Deployment\n" + netpol("a"),
        "kind: ConfigMap\n" + netpol("a"),
        "\ufeff" + netpol("a"),
        netpol("a").replace("\n", "\r\n"),
        netpol("a").replace("kind: NetworkPolicy", "kind: !!str NetworkPolicy"),
        netpol("a").replace("kind: NetworkPolicy", 'kind: "NetworkPolicy" # a'),
    ],
)
def test_wherever_a_policy_stands(text: str) -> None:
    assert only_policy(loaded({"a.yaml": text}, "a.yaml")).name == "a"


@pytest.mark.parametrize(
    "text",
    [
        "kind: ConfigMap\ndata:\n  x: |\n    kind: NetworkPolicy\n",
        "kind: CustomResourceDefinition\nspec: {names: {kind: NetworkPolicy}}\n",
        "kind: ConfigMap\ndata: {a: NetworkPolicy\n",
        "# NetworkPolicy\na: [\n",
        "kind: Deployment\n# NetworkPolicy\nspec: [\n",
        "NetworkPolicy",
        "- kind: NetworkPolicy\n",
    ],
)
def test_a_mention_is_no_policy_and_no_error(text: str) -> None:
    found = loaded({"a.yaml": text}, "a.yaml")
    assert (found.errors, found.counts.policies, found.skipped) == ([], 0, [])


def test_utf_16_is_read() -> None:
    Path("a.yaml").write_bytes(netpol("a").encode("utf-16"))
    assert only_policy(load(Request(("a.yaml",)))).name == "a"


def test_standard_input_only_where_it_is_named() -> None:
    found = load(Request(("-",), stdin=lambda: netpol("a", "s").encode()))
    assert units(found) == {"standard input": ["s/a"]}
    assert only_policy(found).origin.file == "<stdin>"


def test_empty_standard_input_is_an_error() -> None:
    found = load(Request(("-",), stdin=lambda: b" \n"))
    assert [(e.file, e.message) for e in found.errors] == [("<stdin>", "standard input is empty")]


def test_another_api_and_other_kinds_are_seen_and_not_read() -> None:
    text = (
        "apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: a, namespace: s}\n"
        "---\napiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: b}\n"
    )
    found = loaded({"a.yaml": text}, "a.yaml")
    others = [o for group in found.inventory.groups for o in group.others]
    assert [(o.kind, o.cluster_wide) for o in others] == [
        ("NetworkPolicy", False),
        ("CiliumClusterwideNetworkPolicy", True),
    ]


def test_custom_resources_are_noted_without_parsing() -> None:
    text = "apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata:\n  name: k\n  namespace: s\nspec: [\n"
    found = loaded({"a.yaml": netpol("a", "s"), "b.yaml": text}, ".")
    assert [group.custom_resources for group in found.inventory.groups] == [True]
