"""What `fix --live` does not write to a real API server: what others own, forbid or refuse."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from tests.cluster.api import Plain
from tests.e2e.admission import WITHIN, admitted, binding
from tests.e2e.auditing import Auditor
from tests.e2e.binaries import program
from tests.e2e.live_repair import applied, auditor, backup, no_backup
from tests.e2e.manifests import silent
from tests.e2e.server import ControlPlane, Namespace

__all__ = ["auditor"]


TRACKING = "argocd.argoproj.io/tracking-id"
GROUP = "networking.k8s.io/NetworkPolicy"


def marked(where: str) -> dict[str, tuple[str, Plain]]:
    """Metadata as the tools leave it, and what the refusal says."""
    flux = {
        "kustomize.toolkit.fluxcd.io/name": "apps",
        "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
    }
    release = {"meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": where}
    helm = {"app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/instance": "shop"}
    by_flux = {
        "helm.toolkit.fluxcd.io/name": "shop",
        "helm.toolkit.fluxcd.io/namespace": "flux-system",
    }
    return {
        "argo": (
            "Argo CD (Application shop)",
            {"annotations": {TRACKING: f"shop:{GROUP}:{where}/argo"}},
        ),
        "argo-label": (
            "Argo CD (Application shop)",
            {"labels": {"argocd.argoproj.io/instance": "shop"}},
        ),
        "flux": ("Flux (Kustomization flux-system/apps)", {"labels": flux}),
        "flux-helm": (
            "Flux (HelmRelease flux-system/shop)",
            {"labels": {**helm, **by_flux}, "annotations": release},
        ),
        "helm": (f"Helm (release {where}/shop)", {"labels": helm, "annotations": release}),
    }


@pytest.mark.parametrize("name", marked(""))
def test_what_others_keep_is_refused_by_name(
    auditor: Auditor, namespace: Namespace, name: str
) -> None:
    said, metadata = marked(namespace.name)[name]
    policy = yaml.safe_load(silent(name, namespace.name))
    policy["metadata"].update(metadata)
    applied(namespace, json.dumps(policy))
    done = auditor("fix", "--live", "-n", namespace.name, "--apply")
    assert done.code == 1
    assert f"refused {namespace.name}/{name}: egress-implicit: {said} keeps it" in done.stdout
    assert no_backup(auditor)


@pytest.mark.parametrize(
    ("manager", "said"),
    [
        ("argocd-controller", "Argo CD keeps it"),
        ("kustomize-controller", "Flux keeps it"),
        ("helm-controller", "Flux keeps it"),
    ],
)
def test_server_side_appliers_are_known_by_their_managers(
    auditor: Auditor, namespace: Namespace, manager: str, said: str
) -> None:
    applied(namespace, silent("web", namespace.name), "--server-side", f"--field-manager={manager}")
    assert said in auditor("fix", "--live", "-n", namespace.name).stdout


def test_what_a_controller_made_is_refused(auditor: Auditor, namespace: Namespace) -> None:
    holder = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "tenant"}}
    applied(namespace, json.dumps(holder))
    path = f"/api/v1/namespaces/{namespace.name}/configmaps/tenant"
    uid = namespace.server.request("GET", path).body["metadata"]["uid"]
    policy = yaml.safe_load(silent("web", namespace.name))
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "tenant", "uid": uid}
    policy["metadata"]["ownerReferences"] = [{**owner, "controller": True}]
    applied(namespace, json.dumps(policy))
    done = auditor("fix", "--live", "-n", namespace.name)
    assert "the controller of ConfigMap tenant keeps it" in done.stdout


@pytest.mark.parametrize("how", ["create", "apply", "server-side", "labelled", "edited"])
def test_hand_made_ones_are_repaired(auditor: Auditor, namespace: Namespace, how: str) -> None:
    policy = yaml.safe_load(silent("web", namespace.name))
    if how == "labelled":
        policy["metadata"]["labels"] = {
            "app.kubernetes.io/instance": "shop",
            "app.kubernetes.io/managed-by": "Helm",
            "helm.sh/chart": "shop-1.2.3",
        }
    if how == "create":
        done = namespace.kubectl("create", "-f", "-", stdin=json.dumps(policy))
        assert done.code == 0, done
    else:
        options = ["--server-side"] if how == "server-side" else []
        applied(namespace, json.dumps(policy), *options)
    if how == "edited":
        label = ["label", "networkpolicy", "web", "team=a", "--field-manager=kubectl-edit"]
        assert namespace.kubectl(*label).code == 0
    assert auditor("fix", "--live", "-n", namespace.name, "--apply").code == 1
    assert namespace.stored("web")["spec"]["egress"] == [{}]


@pytest.fixture
def chart(namespace: Namespace, tmp_path: Path) -> Path:
    """A chart with one policy, labelled as charts label what they make."""
    directory = tmp_path / "chart"
    (directory / "templates").mkdir(parents=True)
    about = {"apiVersion": "v2", "name": "shop", "version": "1.2.3"}
    (directory / "Chart.yaml").write_text(json.dumps(about), encoding="utf-8")
    policy = yaml.safe_load(silent("web", namespace.name))
    policy["metadata"]["labels"] = {
        "app.kubernetes.io/managed-by": "{{ .Release.Service }}",
        "app.kubernetes.io/instance": "{{ .Release.Name }}",
        "helm.sh/chart": "shop-1.2.3",
    }
    (directory / "templates" / "policy.yaml").write_text(yaml.safe_dump(policy), encoding="utf-8")
    return directory


def helm(namespace: Namespace, directory: Path, *arguments: str) -> str:
    variables = {f"HELM_{name}_HOME": str(directory) for name in ("CACHE", "CONFIG", "DATA")}
    done = subprocess.run(
        [program("helm"), *arguments, "-n", namespace.name],
        env={**os.environ, **variables, "KUBECONFIG": str(namespace.server.kubeconfig)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done
    return done.stdout


def test_a_release_of_a_real_helm_is_refused(
    auditor: Auditor, namespace: Namespace, chart: Path
) -> None:
    helm(namespace, chart.parent, "install", "mine", str(chart))
    done = auditor("fix", "--live", "-n", namespace.name, "--apply")
    assert done.code == 1
    where = namespace.name
    assert f"refused {where}/web: egress-implicit: Helm (release {where}/mine) keeps it" in (
        done.stdout
    )
    assert f"to do: repair the chart or the values of release {where}/mine" in done.stdout


def test_what_helm_rendered_and_kubectl_applied_belongs_to_its_file(
    auditor: Auditor, namespace: Namespace, chart: Path
) -> None:
    applied(namespace, helm(namespace, chart.parent, "template", "mine", str(chart)))
    assert auditor("fix", "--live", "-n", namespace.name, "--apply").code == 1
    assert namespace.stored("web")["spec"]["egress"] == [{}]


def granted(auditor: Auditor, namespace: Namespace, user: str, *options: str) -> None:
    role = auditor("rbac", *options)
    assert role.code == 0
    kind = "clusterrole" if "kind: ClusterRole" in role.stdout else "role"
    named = role.stdout
    for name in ("npcheck-audit", "npcheck-fix"):
        named = named.replace(f"name: {name}", f"name: {user}")
    applied(namespace, named)
    bind = ["create", f"{kind}binding", user, f"--{kind}={user}", f"--user={user}"]
    assert namespace.kubectl(*bind).code == 0


@pytest.mark.parametrize("scope", ["cluster", "namespace"])
def test_the_role_as_printed_is_enough(auditor: Auditor, namespace: Namespace, scope: str) -> None:
    applied(namespace, silent("web", namespace.name))
    user = f"fixer-of-{namespace.name}"
    where = ("-n", namespace.name) if scope == "namespace" else ()
    granted(auditor, namespace, user, "--write", *where)
    done = auditor("fix", "--live", "-n", namespace.name, "--apply", "--as", user)
    assert (done.code, done.stderr) == (1, "")
    assert namespace.stored("web")["spec"]["egress"] == [{}]
    undone = auditor("fix", "--live", "--undo", backup(auditor), "--as", user)
    assert undone.code == 0, undone
    assert "egress" not in namespace.stored("web")["spec"]


def test_a_user_who_may_only_read(auditor: Auditor, namespace: Namespace) -> None:
    applied(namespace, silent("web", namespace.name))
    user = f"only-reads-{namespace.name}"
    granted(auditor, namespace, user)
    before = namespace.stored("web")
    done = auditor("fix", "--live", "-n", namespace.name, "--apply", "--as", user)
    assert done.code == 4
    assert f"not reached {namespace.name}/web" in done.stdout
    assert "nothing was written" in done.stdout
    assert f'User "{user}" cannot patch resource "networkpolicies"' in done.stderr
    assert namespace.stored("web") == before
    assert no_backup(auditor)


@pytest.fixture
def frozen(server: ControlPlane, namespace: Namespace) -> Iterator[Callable[[str], None]]:
    """Refuses every change of one policy of the namespace."""
    kind = "ValidatingAdmissionPolicy"

    def freeze(name: str) -> None:
        policy = {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": kind,
            "metadata": {"name": "probed"},
            "spec": {
                "failurePolicy": "Fail",
                "matchConstraints": {
                    "resourceRules": [
                        {
                            "apiGroups": ["networking.k8s.io"],
                            "apiVersions": ["v1"],
                            "operations": ["UPDATE"],
                            "resources": ["networkpolicies"],
                        }
                    ]
                },
                "validations": [
                    {
                        "expression": f"object.metadata.name != '{name}'",
                        "message": "the security team freezes this",
                    }
                ],
            },
        }
        bound = binding(kind, "v1", namespace.name, validationActions=["Deny"])
        admitted(server, policy, bound)
        until = time.monotonic() + WITHIN
        label = ["label", "networkpolicy", name, "--dry-run=server", "--overwrite", "x=y"]
        while namespace.kubectl(*label).code == 0:
            assert time.monotonic() < until, "the policy takes no effect"
            time.sleep(0.5)

    yield freeze
    for name in (f"{kind}Binding", kind):
        server.kubectl("delete", name.lower(), "probed")


def test_an_admission_policy_that_refuses(
    auditor: Auditor, namespace: Namespace, frozen: Callable[[str], None]
) -> None:
    for name in ("web", "zoo"):
        applied(namespace, silent(name, namespace.name))
    frozen("web")
    done = auditor("fix", "--live", "-n", namespace.name, "--apply")
    assert done.code == 4
    assert f"refused {namespace.name}/web: egress-implicit: the API server does not take" in (
        done.stdout
    )
    assert "the security team freezes this" in done.stdout
    assert f"written {namespace.name}/zoo" in done.stdout
    assert "egress" not in namespace.stored("web")["spec"]
    assert namespace.stored("zoo")["spec"]["egress"] == [{}]
    held = yaml.safe_load((auditor.directory / backup(auditor)).read_text(encoding="utf-8"))
    assert [item["metadata"]["name"] for item in held["items"]] == ["zoo"]
