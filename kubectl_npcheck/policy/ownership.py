"""Who keeps a live object as it is: GitOps, Helm, an operator. Whatever is written would be undone.

Each owner leaves marks in the object's metadata. Only those count that it leaves on what it applies
itself: `app.kubernetes.io/instance` and `managed-by` alone stand in half of all hand-made
manifests, and what `helm template | kubectl apply` makes belongs to its file.
Knows `meta/v1` ObjectMeta and other tools' marks; must not know what a policy means.

Sources of the marks: Argo CD `docs/user-guide/resource_tracking.md` and `common/common.go`
(ArgoCDSSAManager); Flux `pkg/ssa` and the kustomize- and helm-controller's owner labels; Helm
`pkg/action/validate.go`; Config Sync, "Config Sync-managed labels and annotations"; Carvel
kapp, "Apply" (labels of created resources); Rancher `wrangler/pkg/apply`; OLM `pkg/lib/ownerutil`;
Kyverno's generate labels; Capsule's label of NetworkPolicies; HNC, "propagated objects";
Kubernetes `cluster/addons/addon-manager`; objects made by Terraform's and Pulumi's providers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

Plain = Mapping[str, object]
Texts = Mapping[str, str]

TRACKING = "argocd.argoproj.io/tracking-id"
INSTANCE = "argocd.argoproj.io/instance"
KUSTOMIZE = "kustomize.toolkit.fluxcd.io"
HELM_FLUX = "helm.toolkit.fluxcd.io"
RELEASE = "meta.helm.sh/release-name"
RELEASE_NAMESPACE = "meta.helm.sh/release-namespace"
CONFIG_SYNC = "configmanagement.gke.io/managed"
OBJECTSET = "objectset.rio.cattle.io"
KAPP = "kapp.k14s.io/app"

MANAGERS = {
    "argocd-controller": ("Argo CD", "the Git repository of the Application"),
    "kustomize-controller": ("Flux", "the Git repository of the Kustomization"),
    "helm-controller": ("Flux", "the chart or the values of the HelmRelease"),
    "HashiCorp": ("Terraform", "the Terraform configuration"),
    "Terraform": ("Terraform", "the Terraform configuration"),
    "pulumi-kubernetes": ("Pulumi", "the Pulumi program"),
    "manager": ("an operator", "the custom resource that the operator makes it of"),
}
"""Field managers of tools that come back. `manager` is the program's name in kubebuilder's
projects; Pulumi's ends in a hash (`pulumi-kubernetes-31df3088`)."""

MARKS = (
    ("kapp", KAPP, "the configuration of kapp's app"),
    ("OLM", "olm.owner", "the operator's bundle or subscription"),
    ("Kyverno", "generate.kyverno.io/policy-name", "the generate rule of Kyverno's policy"),
    ("Capsule", "capsule.clastix.io/network-policy", "the Tenant of Capsule"),
    ("HNC", "hnc.x-k8s.io/inherited-from", "the same policy in the parent namespace"),
    ("Crossplane", "crossplane.io/composite", "the composition of Crossplane"),
)
"""Owner, the label that it leaves with its own object's name, and where to repair instead."""


class Owner(NamedTuple):
    """Who owns an object.

    name:  the owner with what it owns it by, e.g. "Argo CD (application shop)"
    mark:  the evidence, e.g. "annotation argocd.argoproj.io/tracking-id"
    place: where to repair instead
    """

    name: str
    mark: str
    place: str


def owner_of(obj: Plain) -> Owner | None:
    """The owner of a live object as the API returns it; None for a hand-made one. Never raises."""
    meta = _mapping(obj.get("metadata"))
    labels, annotations = _texts(meta, "labels"), _texts(meta, "annotations")
    kind = obj.get("kind")
    named = f"{kind}:{meta.get('namespace')}/{meta.get('name')}"
    for found in (
        _argo(labels, annotations, named),
        _flux(labels),
        _config_sync(annotations),
        _rancher(annotations),
        _labelled(labels),
        _addon(labels),
        _helm(labels, annotations),
        _referenced(meta),
        _by_manager(meta),
    ):
        if found is not None:
            return found
    return None


def _argo(labels: Texts, annotations: Texts, named: str) -> Owner | None:
    tracking = annotations.get(TRACKING, "")
    application, _, rest = tracking.partition(":")
    # An object that was copied with its annotations names the one that it was copied from; Argo CD
    # does not count it as its own.
    if application and (not rest or rest.endswith(named)):
        mark = f"annotation {TRACKING}"
    elif labels.get(INSTANCE):
        application, mark = labels[INSTANCE], f"label {INSTANCE}"
    else:
        return None
    place = f"the Git repository or chart of Application {application}, and sync it"
    return Owner(f"Argo CD (Application {application})", mark, place)


def _flux(labels: Texts) -> Owner | None:
    for group, kind, what in (
        (HELM_FLUX, "HelmRelease", "the chart or the values of"),
        (KUSTOMIZE, "Kustomization", "the Git repository of"),
    ):
        name = labels.get(f"{group}/name")
        if name:
            namespace = labels.get(f"{group}/namespace")
            shown = f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"
            place = f"{what} {shown}, and reconcile it"
            return Owner(f"Flux ({shown})", f"label {group}/name", place)
    return None


def _config_sync(annotations: Texts) -> Owner | None:
    if annotations.get(CONFIG_SYNC) != "enabled":
        return None
    path = annotations.get("configmanagement.gke.io/source-path", "")
    place = "its source of truth" + (f", {path}" if path else "")
    return Owner("Config Sync", f"annotation {CONFIG_SYNC}", place)


def _rancher(annotations: Texts) -> Owner | None:
    """Fleet, and the other controllers that apply sets of objects as Rancher's do (k3s add-ons)."""
    mark = f"annotation {OBJECTSET}/id"
    owner = annotations.get(f"{OBJECTSET}/owner-name")
    if owner:
        kind = annotations.get(f"{OBJECTSET}/owner-gvk", "").rpartition("Kind=")[2] or "object"
        place = f"{kind} {owner}, which it is applied for"
        return Owner(f"Rancher ({kind} {owner})", mark, place)
    bundle = annotations.get(f"{OBJECTSET}/id")
    if not bundle:
        return None
    return Owner(f"Rancher Fleet ({bundle})", mark, f"the Git repository of bundle {bundle}")


def _labelled(labels: Texts) -> Owner | None:
    for name, label, place in MARKS:
        if label in labels and labels[label] != "":
            return Owner(f"{name} ({labels[label]})", f"label {label}", place)
    return None


def _addon(labels: Texts) -> Owner | None:
    """The add-on manager puts objects of mode Reconcile back; EnsureExists ones are the user's."""
    label = "addonmanager.kubernetes.io/mode"
    if labels.get(label) != "Reconcile":
        return None
    place = "the add-on's manifest on the control plane, or the provider's settings"
    return Owner("the add-on manager", f"label {label}", place)


def _helm(labels: Texts, annotations: Texts) -> Owner | None:
    """What Helm itself takes for its own: the label and both annotations."""
    release = annotations.get(RELEASE)
    if labels.get("app.kubernetes.io/managed-by") != "Helm" or not release:
        return None
    namespace = annotations.get(RELEASE_NAMESPACE)
    if not namespace:
        return None
    shown = f"release {namespace}/{release}"
    place = f"the chart or the values of {shown}, and upgrade it"
    return Owner(f"Helm ({shown})", f"annotation {RELEASE}", place)


def _referenced(meta: Plain) -> Owner | None:
    """An owner reference: a controller made it. Nobody writes these by hand."""
    references = [_mapping(item) for item in _list(meta, "ownerReferences")]
    references.sort(key=lambda item: item.get("controller") is not True)
    for reference in references:
        kind, name = reference.get("kind"), reference.get("name")
        if type(kind) is str and type(name) is str:
            shown = f"{kind} {name}"
            return Owner(
                f"the controller of {shown}",
                f"owner reference {reference.get('apiVersion')} {shown}",
                f"{shown}, which its controller makes this policy of",
            )
    return None


def _by_manager(meta: Plain) -> Owner | None:
    for manager in _writers(meta):
        pulumi = manager.startswith("pulumi-kubernetes-")
        known = MANAGERS.get("pulumi-kubernetes" if pulumi else manager)
        if known is not None:
            return Owner(known[0], f"field manager {manager} wrote its spec", known[1])
    return None


def _writers(meta: Plain) -> Iterator[str]:
    """The field managers that own something of the spec."""
    for item in _list(meta, "managedFields"):
        entry = _mapping(item)
        manager = entry.get("manager")
        fields = _mapping(entry.get("fieldsV1"))
        if type(manager) is str and not entry.get("subresource") and "f:spec" in fields:
            yield manager


def _texts(meta: Plain, field: str) -> Texts:
    return {k: v for k, v in _mapping(meta.get(field)).items() if type(v) is str}


def _list(meta: Plain, field: str) -> list[object]:
    value = meta.get(field)
    return value if type(value) is list else []


def _mapping(value: object) -> Plain:
    return value if type(value) is dict else {}
