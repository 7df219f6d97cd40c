"""Whose an object is, by the marks that tools leave; hand-made ones are nobody's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.policy.ownership import owner_of

Plain = dict[str, Any]
TRACKING = "argocd.argoproj.io/tracking-id"
HELM = {"app.kubernetes.io/managed-by": "Helm"}
RELEASE = {"meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "shop"}
SPEC: Plain = {"f:spec": {"f:ingress": {}}}


def named(**meta: Any) -> str:
    """The owner of a policy `shop/web` with this metadata, "" for none."""
    obj = {"kind": "NetworkPolicy", "metadata": {"name": "web", "namespace": "shop", **meta}}
    owner = owner_of(obj)
    return owner.name if owner is not None else ""


def managed(manager: str, fields: Plain = SPEC, **more: Any) -> list[Plain]:
    return [{"manager": manager, "operation": "Apply", "fieldsV1": fields, **more}]


@pytest.mark.parametrize(
    "meta",
    [
        {},
        {"labels": {"app.kubernetes.io/instance": "shop", "app.kubernetes.io/part-of": "shop"}},
        {"labels": {**HELM, "helm.sh/chart": "web-1.2.3", "app.kubernetes.io/instance": "web"}},
        {"labels": {"app.kubernetes.io/managed-by": "kustomize"}},
        {"annotations": RELEASE},  # Helm itself wants its label too
        {"labels": HELM, "annotations": {"meta.helm.sh/release-name": "web"}},
        {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"}},
        {"annotations": {TRACKING: "shop:networking.k8s.io/NetworkPolicy:shop/other"}},  # a copy
        {"annotations": {TRACKING: "shop:networking.k8s.io/NetworkPolicy:edge/web"}},
        {"annotations": {TRACKING: ""}},
        {"annotations": {"argocd.argoproj.io/sync-wave": "1"}},
        {"annotations": {"configmanagement.gke.io/managed": "disabled"}},
        {"labels": {"addonmanager.kubernetes.io/mode": "EnsureExists"}},
        {"labels": {"hnc.x-k8s.io/inherited-from": ""}},
        {"managedFields": managed("kubectl")},
        {"managedFields": managed("kubectl-client-side-apply")},
        {"managedFields": managed("argocd-controller", {"f:metadata": {"f:labels": {}}})},
        {"managedFields": managed("kustomize-controller", SPEC, subresource="status")},
        {"ownerReferences": []},
    ],
)
def test_nobody_owns(meta: Plain) -> None:
    assert named(**meta) == ""


@pytest.mark.parametrize(
    ("owner", "meta"),
    [
        (
            "Argo CD (Application a)",
            {"annotations": {TRACKING: "a:networking.k8s.io/NetworkPolicy:shop/web"}},
        ),
        ("Argo CD (Application a)", {"annotations": {TRACKING: "a"}}),
        ("Argo CD (Application a)", {"labels": {"argocd.argoproj.io/instance": "a"}}),
        (
            "Flux (Kustomization flux-system/apps)",
            {
                "labels": {
                    "kustomize.toolkit.fluxcd.io/name": "apps",
                    "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
                }
            },
        ),
        (
            "Flux (HelmRelease shop/web)",
            {
                "labels": {
                    **HELM,
                    "helm.toolkit.fluxcd.io/name": "web",
                    "helm.toolkit.fluxcd.io/namespace": "shop",
                },
                "annotations": RELEASE,
            },
        ),
        ("Helm (release shop/web)", {"labels": HELM, "annotations": RELEASE}),
        ("Config Sync", {"annotations": {"configmanagement.gke.io/managed": "enabled"}}),
        (
            "Rancher Fleet (default-web)",
            {
                "labels": HELM,
                "annotations": {**RELEASE, "objectset.rio.cattle.io/id": "default-web"},
            },
        ),
        (
            "Rancher (Addon coredns)",
            {
                "annotations": {
                    "objectset.rio.cattle.io/id": "",
                    "objectset.rio.cattle.io/owner-gvk": "k3s.cattle.io/v1, Kind=Addon",
                    "objectset.rio.cattle.io/owner-name": "coredns",
                }
            },
        ),
        ("kapp (1774341192231442519)", {"labels": {"kapp.k14s.io/app": "1774341192231442519"}}),
        ("OLM (etcd.v1)", {"labels": {"olm.owner": "etcd.v1", "olm.owner.kind": "x"}}),
        ("Kyverno (deny)", {"labels": {"generate.kyverno.io/policy-name": "deny"}}),
        ("Capsule (0)", {"labels": {"capsule.clastix.io/network-policy": "0"}}),
        ("HNC (parent)", {"labels": {"hnc.x-k8s.io/inherited-from": "parent"}}),
        ("the add-on manager", {"labels": {"addonmanager.kubernetes.io/mode": "Reconcile"}}),
        ("Argo CD", {"managedFields": managed("argocd-controller")}),
        ("Flux", {"managedFields": managed("kustomize-controller")}),
        ("an operator", {"managedFields": managed("manager")}),
        ("Terraform", {"managedFields": managed("HashiCorp")}),
        ("Terraform", {"managedFields": managed("Terraform")}),
        ("Pulumi", {"managedFields": managed("pulumi-kubernetes-31df3088")}),
        (
            "the controller of Tenant oil",
            {
                "ownerReferences": [
                    {"kind": "ConfigMap", "name": "a"},
                    {"kind": "Tenant", "name": "oil", "controller": True},
                ]
            },
        ),
    ],
)
def test_an_owner_is_known_by_its_marks(owner: str, meta: Plain) -> None:
    assert named(**meta) == owner


def test_an_owner_says_what_shows_it_and_where_to_repair() -> None:
    owner = owner_of({"metadata": {"labels": HELM, "annotations": RELEASE}})
    assert owner is not None
    assert owner.mark == "annotation meta.helm.sh/release-name"
    assert owner.place == "the chart or the values of release shop/web, and upgrade it"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
FIELDS = st.sampled_from(["labels", "annotations", "managedFields", "ownerReferences", "name"])


@given(st.dictionaries(FIELDS, JSON))
def test_no_metadata_makes_it_fail(meta: Plain) -> None:
    owner_of({"metadata": meta})
