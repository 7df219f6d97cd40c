"""Units: kustomizations with their closures, and directories."""

from __future__ import annotations

import pytest

from tests.load.support import (
    DENY,
    DEPLOYMENT,
    SERVICE,
    loaded,
    netpol,
    reasons,
    units,
)

SHOP = {
    "base/kustomization.yaml": "resources: [np.yaml, web.yaml]\ncommonLabels: {team: t}\n",
    "base/np.yaml": netpol(
        "a",
        spec="podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {b: c}}}, {podSelector: {}}]}]",
    ),
    "base/web.yaml": DEPLOYMENT + "---\n" + SERVICE,
    "prod/kustomization.yaml": "resources: [../base, deny.yaml]\nnamespace: prod\nnamePrefix: p-\n",
    "prod/deny.yaml": netpol("deny", spec=DENY),
    "dev/kustomization.yaml": "resources: [../base]\nnamespace: dev\n",
}


def test_two_overlays_over_one_base() -> None:
    found = loaded(SHOP, ".")
    assert units(found) == {"dev": ["dev/a"], "prod": ["prod/p-a", "prod/p-deny"]}
    policies = [group.policies[0] for group in found.inventory.groups]
    assert policies[0].origin is policies[1].origin
    assert found.counts.policies == 2


def test_labels_go_into_selectors_as_kustomize_puts_them() -> None:
    found = loaded(SHOP, ".")
    group = found.inventory.groups[0]
    [policy] = group.policies
    assert policy.pod_selector.matches({"app": "web", "team": "t"})
    assert not policy.pod_selector.matches({"app": "web"})
    [rule] = policy.ingress
    assert rule.peers is not None
    selectors = [peer.pod_selector for peer in rule.peers]
    assert selectors[0] is not None
    assert not selectors[0].matches({"b": "c"})
    assert selectors[1] is not None
    assert selectors[1].everything
    assert policy.labels == {"team": "t"}
    assert group.workloads[0].labels == {"app": "web", "team": "t"}
    assert [w.name for g in found.inventory.groups for w in g.workloads] == ["web", "p-web"]
    assert group.services[0].selector == {"app": "web", "team": "t"}


def test_a_closure_outside_of_the_paths_is_context() -> None:
    found = loaded(SHOP, "prod")
    assert units(found) == {"prod": ["(prod/p-a)", "prod/p-deny"]}
    assert found.inventory.units[0].complete


def test_alone_a_closure_is_not_followed_and_incomplete() -> None:
    found = loaded(SHOP, "prod", alone=True)
    assert units(found) == {"prod": ["prod/p-deny"]}
    [unit] = found.inventory.units
    assert not unit.complete
    assert "base" in unit.missing[0]


PATCHED = {
    **SHOP,
    "dev/kustomization.yaml": "resources: [../base]\nnamespace: dev\npatches: [{path: egress.yaml}]\n",
    "dev/egress.yaml": netpol("a", spec="egress: [{}]"),
}


def test_a_patched_policy_is_skipped_in_its_unit_only() -> None:
    found = loaded(PATCHED, ".")
    assert units(found) == {"prod": ["prod/p-a", "prod/p-deny"]}
    assert reasons(found) == [
        ("dev/egress.yaml", "a", "kustomize-patch"),
        ("base/np.yaml", "a", "kustomize-patch"),
    ]
    assert "patched in dev; check with -k" in found.skipped[1].message
    dev = next(unit for unit in found.inventory.units if unit.name == "dev")
    assert [len(group.unread) for group in dev.groups.values()] == [1]


def test_a_patch_of_another_object_leaves_the_policy() -> None:
    files = {**PATCHED, "dev/egress.yaml": netpol("b", spec="egress: [{}]")}
    assert units(loaded(files, "."))["dev"] == ["dev/a"]


@pytest.mark.parametrize(
    ("target", "patched"),
    [
        ("kind: NetworkPolicy", True),
        ("kind: NetworkPolicy, name: a", True),
        ("kind: NetworkPolicy, name: 'a|b'", True),
        ("kind: NetworkPolicy, name: .*", True),
        ("kind: Deployment", False),
        ("kind: NetworkPolicy, name: aa", False),
        ("kind: NetworkPolicy, labelSelector: team=t", True),
        ("kind: NetworkPolicy, labelSelector: team!=t", False),
        ("kind: NetworkPolicy, labelSelector: 'team in (x, y)'", False),
        ("kind: NetworkPolicy, labelSelector: '!team'", False),
        ("kind: NetworkPolicy, name: d-a", True),
        ("group: apps", False),
    ],
)
def test_targets(target: str, patched: bool) -> None:
    files = {
        **SHOP,
        "dev/kustomization.yaml": f"resources: [../base]\nnamePrefix: d-\npatches: [{{target: {{{target}}}, patch: '[]'}}]\n",
    }
    assert ("dev" not in units(loaded(files, "."))) is patched


def test_files_that_no_kustomization_names_are_other_files() -> None:
    files = {**SHOP, "base/loose.yaml": netpol("loose")}
    assert units(loaded(files, "."))["base"] == ["/loose"]


def test_a_namespace_takes_the_name_that_the_overlay_gives() -> None:
    files = {
        **SHOP,
        "dev/kustomization.yaml": "resources: [../base, ns.yaml]\nnamespace: dev\ncommonLabels: {env: d}\n",
        "dev/ns.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n",
    }
    [namespace] = loaded(files, ".").inventory.namespaces["dev"]
    assert namespace.labels == {"kubernetes.io/metadata.name": "dev", "env": "d"}


def test_dev_and_prod_trees_do_not_vouch_for_each_other() -> None:
    files = {
        "dev/np.yaml": netpol("a", "s"),
        "prod/np.yaml": netpol("a", "s"),
        "prod/deny.yaml": netpol("deny", "s", DENY),
    }
    assert units(loaded(files, ".")) == {
        "namespace s in dev": ["s/a"],
        "namespace s in prod": ["s/deny", "s/a"],
    }


def test_two_install_variants_in_one_directory_do_not_vouch_for_each_other() -> None:
    files = {
        "m/install.yaml": netpol("a") + "---\n" + netpol("b"),
        "m/namespace-install.yaml": netpol("a") + "---\n" + netpol("b", spec=DENY),
    }
    assert units(loaded(files, "m")) == {
        "m/install.yaml": ["/a", "/b"],
        "m/namespace-install.yaml": ["/a", "/b"],
    }


def test_a_broken_policy_of_a_closure_is_doubt_in_its_unit_and_its_directory() -> None:
    files = {
        **SHOP,
        "base/np.yaml": SHOP["base/np.yaml"] + "---\nkind: NetworkPolicy\nspec: [\n",
        "base/loose.yaml": netpol("loose"),
    }
    doubted = {
        group.unit.name: len(group.unread)
        for group in loaded(files, ".").inventory.groups
        if group.policies
    }
    assert doubted == {"dev": 1, "prod": 1, "base": 1}
