"""The widening trap: `egress: [{}]` beside a policy that restricts the same pods undoes it.

What must not be written stands first. Each case hides the restricting policy in another way.
"""

from __future__ import annotations

import pytest

from kubectl_npcheck.fixing import Options
from tests.fixing.support import (
    ALL_PODS,
    DENY,
    RESTRICTED,
    WEB,
    changed,
    everything,
    fixed,
    netpol,
    refused,
    spec,
    strategy,
)

SILENT = netpol(WEB)
NAMELESS = netpol(WEB, namespace="")
LOCKED = netpol(RESTRICTED, "locked")
OTHER_KIND = """apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: l7, namespace: shop}
spec: {endpointSelector: {}}
"""
CLUSTER_WIDE = """apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: baseline}
spec: {}
"""
TEMPLATE = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: {{ .name }}\n"
BROKEN = "kind: NetworkPolicy\nmetadata: {name: broken\nspec: [\n"
INCOMPLETE = "resources: [a.yaml, 'https://example.com/base']\n"
PATCH = """resources: [a.yaml]
patches:
- target: {kind: NetworkPolicy, name: web}
  patch: '[]'
"""
DEAD = netpol(RESTRICTED.replace("[Egress]", "[Ingress]"), "dead")
REJECTED = netpol(RESTRICTED + ", unknown: 1", "rejected")
PLACEHOLDER = netpol(RESTRICTED.replace("web", '"${APP}"'), "placeholder")
TWICE = netpol(RESTRICTED, "twice") + "---\n" + netpol(DENY, "twice")

# What is beside a.yaml, which says nothing of egress; and a word of the reason.
DOUBTFUL = {
    "a policy of another API": ({"b.yaml": OTHER_KIND}, "CiliumNetworkPolicy l7 (b.yaml:1)"),
    "cluster-wide": ({"far/b.yaml": CLUSTER_WIDE}, "AdminNetworkPolicy baseline (far/b.yaml:1)"),
    "cluster-wide, in another place": (
        {"sub/a.yaml": SILENT, "far/b.yaml": CLUSTER_WIDE},
        "AdminNetworkPolicy baseline (far/b.yaml:1)",
    ),
    "another API's, without a namespace, below": (
        {"sub/b.yaml": OTHER_KIND.replace(", namespace: shop", "")},
        "CiliumNetworkPolicy l7 (sub/b.yaml:1)",
    ),
    "a template": ({"b.yaml": TEMPLATE}, "b.yaml:1"),
    "a broken file": ({"b.yaml": BROKEN}, "policy broken (b.yaml:1)"),
    "dead egress rules": ({"b.yaml": DEAD}, "shop/dead (b.yaml:1)"),
    "a policy that the API rejects": ({"b.yaml": REJECTED}, "the API would reject it"),
    "a placeholder": ({"b.yaml": PLACEHOLDER}, "shop/placeholder (b.yaml:1)"),
    "one name, two policies": ({"b.yaml": TWICE}, "its name is taken"),
    "the same namespace in another unit": (
        {"x/b.yaml": LOCKED, "x/kustomization.yaml": "resources: [b.yaml]"},
        "shop/locked (x/b.yaml:1)",
    ),
    "dead egress rules in another unit": (
        {"x/b.yaml": DEAD, "x/kustomization.yaml": "resources: [b.yaml]"},
        "shop/dead (x/b.yaml:1)",
    ),
    "a placeholder in another unit": (
        {"x/b.yaml": PLACEHOLDER, "x/kustomization.yaml": "resources: [b.yaml]"},
        "shop/placeholder (x/b.yaml:1)",
    ),
    "no namespace, above": (
        {"sub/a.yaml": NAMELESS, "b.yaml": netpol(RESTRICTED, "locked", "")},
        "locked (b.yaml:1)",
    ),
    "no namespace, below": (
        {"a.yaml": NAMELESS, "sub/b.yaml": netpol(RESTRICTED, "locked", "shop")},
        "shop/locked (sub/b.yaml:1)",
    ),
    "an incomplete kustomization": ({"kustomization.yaml": INCOMPLETE}, "https://example.com/base"),
}


@pytest.mark.parametrize(("beside", "said"), DOUBTFUL.values(), ids=DOUBTFUL)
@pytest.mark.parametrize("options", [Options(), strategy("allow-all")], ids=["preserve", "all"])
def test_refused_in_doubt(beside: dict[str, str], said: str, options: Options) -> None:
    files = beside if "sub/a.yaml" in beside else {"a.yaml": SILENT, **beside}
    done = fixed(files, options=options)
    assert (changed(done), done.files) == ([], ())
    assert said in everything(done)
    assert done.refused[0].remedy


# What is beside a.yaml and does not concern its pods.
HARMLESS = {
    "other pods": {"b.yaml": netpol(RESTRICTED.replace("app: web", "app: api"), "api")},
    "another namespace": {"b.yaml": netpol(RESTRICTED, "locked", "prod")},
    "a template of another namespace": {"x/b.yaml": TEMPLATE},
    "another API's in another namespace": {"b.yaml": OTHER_KIND.replace("shop", "prod")},
    "a broken file that is no policy": {"b.yaml": "kind: ConfigMap\na: [\n"},
    "dead rules for others": {"b.yaml": DEAD.replace("app: web", "app: api")},
    "everything is allowed already": {
        "b.yaml": netpol("podSelector: {}, policyTypes: [Ingress]", "z")
    },
}


@pytest.mark.parametrize("beside", HARMLESS.values(), ids=HARMLESS)
def test_stated_where_nothing_else_concerns_its_pods(beside: dict[str, str]) -> None:
    done = fixed({"a.yaml": SILENT, **beside})
    assert "web" in changed(done)
    assert spec(done)["egress"] == [{}]
    assert spec(done)["policyTypes"] == ["Ingress", "Egress"]


def test_a_policy_of_another_api_in_another_place_is_no_doubt() -> None:
    other = OTHER_KIND.replace(", namespace: shop", "")
    assert changed(fixed({"x/a.yaml": SILENT, "y/b.yaml": other})) == ["web"]


@pytest.mark.parametrize("place", ["b.yaml", "policies/deep/b.yaml"])
def test_a_sibling_in_another_file_decides(place: str) -> None:
    """The heart of it: the file that is named does not show the policy that restricts."""
    files = {"a.yaml": SILENT, place: netpol(DENY, "deny"), ".git/HEAD": "ref: x\n"}
    assert changed(fixed(files, "a.yaml")) == []
    with_notes = fixed(files, "a.yaml", options=Options(notes=True))
    assert spec(with_notes)["policyTypes"] == ["Ingress", "Egress"]
    assert "egress" not in spec(with_notes)
    assert changed(fixed(files, "a.yaml", options=strategy("allow-all", notes=True))) == []


def test_allow_all_names_the_policy_that_it_would_undo() -> None:
    files = {"a.yaml": netpol(ALL_PODS, "all"), "b.yaml": LOCKED}
    done = fixed(files, options=strategy("allow-all"))
    assert refused(done)[0].startswith("all: another policy restricts some of its pods")
    assert "pods app=web: restricted by shop/locked (b.yaml:1)" in everything(done)
    assert done.refused[0].witnesses == ({"app": "web"},)
    widened = fixed(files, options=strategy("allow-all", allow_widening=True))
    assert spec(widened)["egress"] == [{}]
    assert widened.changes[0].effects == ("pods app=web: egress was restricted and will be open",)


def test_nothing_is_opened_without_knowing_the_repository() -> None:
    for options in (Options(), strategy("allow-all")):
        done = fixed({"a.yaml": SILENT}, options=options, alone=True)
        assert changed(done) == []
        assert "--allow-widening" in done.refused[0].remedy
        told = options._replace(allow_widening=True)
        assert changed(fixed({"a.yaml": SILENT}, options=told, alone=True)) == ["web"]
    denied = fixed({"a.yaml": SILENT}, options=strategy("deny-all"), alone=True)
    assert changed(denied) == ["web"]


def test_a_policy_of_several_units_must_mean_one_thing_in_all() -> None:
    base = {"base/a.yaml": NAMELESS, "base/kustomization.yaml": "resources: [a.yaml]\n"}
    overlay = "namespace: {0}\nresources: [../base{1}]\n"
    same = {
        "one/kustomization.yaml": overlay.format("one", ""),
        "two/kustomization.yaml": overlay.format("two", ""),
    }
    assert changed(fixed({**base, **same})) == ["web"]
    differ = {
        **same,
        "two/kustomization.yaml": overlay.format("two", ", deny.yaml"),
        "two/deny.yaml": netpol(DENY, "deny", ""),
    }
    done = fixed({**base, **differ})
    assert changed(done) == []
    assert "two" in everything(done)


def test_a_patched_policy_is_left_alone() -> None:
    """Its text is not what is applied. Where another unit takes it unpatched, it is refused."""
    done = fixed({"a.yaml": SILENT, "kustomization.yaml": PATCH})
    assert (changed(done), refused(done)) == ([], [])
    assert [item.reason for item in done.report.skipped] == ["kustomize-patch"]
    files = {
        "base/a.yaml": SILENT,
        "base/kustomization.yaml": "resources: [a.yaml]\n",
        "one/kustomization.yaml": "resources: [../base]\n",
        "two/kustomization.yaml": PATCH.replace("a.yaml", "../base"),
    }
    done = fixed(files)
    assert changed(done) == []
    assert "patched in two" in everything(done)
