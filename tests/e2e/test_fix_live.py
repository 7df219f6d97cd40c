"""`kubectl npcheck fix --live` against a real API server: repaired, undone, and never half told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster.api import NETWORKING, Fault, Plain, Request, kubeconfig, serving
from tests.e2e.admission import WITHIN, admitted, binding
from tests.e2e.auditing import OUTAGE, Auditor, account, apply_outage, listed, outage, pod
from tests.e2e.binaries import program
from tests.e2e.front import Front
from tests.e2e.manifests import silent
from tests.e2e.server import ControlPlane, Namespace, Result

__all__ = ["outage"]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def auditor(server: ControlPlane, tmp_path: Path) -> Auditor:
    return Auditor(server, tmp_path)


def applied(namespace: Namespace, text: str, *options: str) -> None:
    done = namespace.kubectl("apply", *options, "-f", "-", stdin=text)
    assert done.code == 0, done


def backup(auditor: Auditor) -> str:
    """The only backup that was written."""
    (found,) = auditor.directory.glob("npcheck-backup-*.yaml")
    return found.name


def no_backup(auditor: Auditor) -> bool:
    return not list(auditor.directory.glob("npcheck-backup-*"))


def policies(server: ControlPlane, *namespaces: str) -> dict[str, Plain]:
    """Spec and annotations of all policies, by namespace and name."""
    found = {}
    for name in namespaces:
        answer = server.request("GET", f"{NETWORKING}/namespaces/{name}/networkpolicies")
        for item in answer.body["items"]:
            meta = item["metadata"]
            found[f"{name}/{meta['name']}"] = {
                "spec": item["spec"],
                "annotations": meta.get("annotations"),
            }
    return found


def specs(server: ControlPlane, *namespaces: str) -> dict[str, Plain]:
    return {name: item["spec"] for name, item in policies(server, *namespaces).items()}


# the outage


def test_the_outage_is_repaired_and_undone(
    server: ControlPlane, auditor: Auditor, outage: Path
) -> None:
    before = policies(server, *OUTAGE)
    plan = auditor("fix", "--live", "-A")
    assert plan.code == 1, plan
    assert "would fix edge/api-gateway-ingress" in plan.stdout
    assert "concerns Deployment api-gateway" in plan.stdout
    assert policies(server, *OUTAGE) == before
    done = auditor("fix", "--live", "-A", "--apply")
    assert done.code == 1, done
    assert "written notifications/notification-service-ingress" in done.stdout
    assert auditor("audit", "-A", "--fail-on", "error").code == 0
    assert auditor("fix", "--live", "-A").code == 0
    assert (auditor.directory / backup(auditor)).stat().st_mode & 0o777 == 0o600
    undone = auditor("fix", "--live", "--undo", backup(auditor))
    assert undone.code == 0, undone
    assert policies(server, *OUTAGE) == before


def test_kubectl_takes_the_backup_without_npcheck(
    server: ControlPlane, auditor: Auditor, outage: Path
) -> None:
    before = specs(server, *OUTAGE)
    assert auditor("fix", "--live", "-A", "--apply").code == 1
    assert specs(server, *OUTAGE) != before
    path = auditor.directory / backup(auditor)
    done = server.kubectl("replace", "-f", str(path))
    assert (done.code, done.stderr) == (0, "")
    assert specs(server, *OUTAGE) == before


def test_the_next_apply_of_the_old_manifest_leaves_dead_rules(
    server: ControlPlane, auditor: Auditor, outage: Path
) -> None:
    """What the plan warns of is what happens."""
    plan = auditor("fix", "--live", "-n", "edge", "--apply")
    assert "its next apply takes Egress off the list again and leaves the egress rules dead" in (
        plan.stdout
    )
    apply_outage(server, outage)
    spec = policies(server, "edge")["edge/api-gateway-ingress"]["spec"]
    assert (spec["policyTypes"], spec["egress"]) == (["Ingress"], [{}])


def test_the_next_server_side_apply_conflicts(auditor: Auditor, namespace: Namespace) -> None:
    text = silent("web", namespace.name)
    applied(namespace, text, "--server-side")
    done = auditor("fix", "--live", "-n", namespace.name, "--apply")
    assert "its next apply conflicts with kubectl-npcheck over policyTypes" in done.stdout
    again = namespace.kubectl("apply", "--server-side", "-f", "-", stdin=text)
    assert again.code != 0
    assert "kubectl-npcheck" in again.stderr


SPECS = sorted((ROOT / "tests" / "data" / "bench100" / "bad").glob("*.yaml"))


@pytest.mark.parametrize("strategy", ["preserve", "deny-all", "dns"])
def test_real_policies_come_back_exactly(
    server: ControlPlane, auditor: Auditor, namespace: Namespace, strategy: str
) -> None:
    chosen = SPECS[:8] if strategy == "preserve" else SPECS  # unrelated selectors multiply classes
    for number, path in enumerate(chosen):
        for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            if document and document.get("kind") == "NetworkPolicy":
                meta = {"name": f"p{number}", "annotations": {"note": "yes: 1e3 #"}}
                policy = {**document, "metadata": meta}
                assert namespace.create(policy).status in (201, 409, 422)
    before = policies(server, namespace.name)
    options = () if strategy == "preserve" else ("--strategy", strategy)
    done = auditor("fix", "--live", "-n", namespace.name, "--apply", *options)
    assert done.code == 1, done
    after = policies(server, namespace.name)
    assert sum(before[name] != after[name] for name in before) >= 5, done.stdout
    undone = auditor("fix", "--live", "--undo", backup(auditor))
    assert undone.code == 0, undone
    assert policies(server, namespace.name) == before


# ownership

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


# permissions and admission


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


# stored policyTypes that are left from an earlier manifest

HOW = {"client-side": (), "server-side": ("--server-side",)}
WITHOUT = silent("web", "{}").replace("  policyTypes:\n    - Ingress\n", "")
WITH = WITHOUT + "  egress:\n    - ports:\n        - port: 443\n"


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("stuck", ["denied", "dead"])
def test_what_got_stuck_means_what_its_manifest_means(
    auditor: Auditor, namespace: Namespace, how: str, stuck: str
) -> None:
    first, then = (WITH, WITHOUT) if stuck == "denied" else (WITHOUT, WITH)
    for text in (first, then):
        applied(namespace, text.replace("{}\nspec", f"{namespace.name}\nspec"), *HOW[how])
    before = namespace.stored("web")["spec"]
    assert auditor("fix", "--live", "-n", namespace.name, "--apply").code == 0
    assert namespace.stored("web")["spec"] == before, "never silently"
    rule = ("--rule", "sticky-default")
    done = auditor("fix", "--live", "-n", namespace.name, "--apply", *rule)
    assert done.code == 1, done
    spec = namespace.stored("web")["spec"]
    assert spec["policyTypes"] == ["Ingress", "Egress"]
    assert spec["egress"] == ([{}] if stuck == "denied" else before["egress"])
    assert auditor("fix", "--live", "-n", namespace.name, *rule).code == 0
    assert auditor("audit", "-n", namespace.name, "--fail-on", "error").code == 0
    assert auditor("fix", "--live", "--undo", backup(auditor)).code == 0
    assert namespace.stored("web")["spec"] == before


# the pods of today


def test_the_pods_of_today_decide_a_mixed_policy(auditor: Auditor, namespace: Namespace) -> None:
    everyone = silent("all", namespace.name).replace(
        "  podSelector:\n    matchLabels:\n      app: all\n", "  podSelector: {}\n"
    )
    deny = silent("db", namespace.name).replace("    - Ingress\n", "    - Ingress\n    - Egress\n")
    for text in (everyone, deny):
        applied(namespace, text)
    applied(namespace, listed(account(namespace.name), pod(namespace.name, "db-1", app="db")))
    refused = auditor("fix", "--live", "-n", namespace.name)
    assert f"refused {namespace.name}/all" in refused.stdout
    done = auditor("fix", "--live", "-n", namespace.name, "--for-current-pods", "--apply")
    assert "proved for the pods of today only" in done.stdout
    spec = namespace.stored("all")["spec"]
    assert (spec["policyTypes"], "egress" in spec) == (["Ingress", "Egress"], False)


# what breaks in the middle


class Breaking:
    """Three policies behind a proxy that meddles with the writes, and the command."""

    names = ("one", "three", "two")
    """In the order in which they are written."""

    def __init__(self, front: Front, auditor: Auditor, namespace: Namespace) -> None:
        self.front = front
        self.auditor = auditor
        self.namespace = namespace
        self.config = kubeconfig(auditor.directory, front.url, namespace.name)
        for name in self.names:
            applied(namespace, silent(name, namespace.name))
        self.before = policies(namespace.server, namespace.name)
        self.meddle: Callable[[Request], Fault | None] = lambda request: None
        front.fault_of = self._fault_of  # type: ignore[method-assign]

    def _fault_of(self, request: Request) -> Fault | None:
        return self.meddle(request)

    def fix(self, *arguments: str) -> Result:
        command = ("fix", "--live", "--request-timeout", "5s", *arguments)
        return self.auditor(*command, kubeconfig=self.config)

    def outcomes(self, *arguments: str) -> tuple[int, dict[str, str]]:
        done = self.fix("--apply", "-o", "json", *arguments)
        found = json.loads(done.stdout)
        return done.code, {c["name"]: c["live"]["outcome"] for c in found["changes"]}

    def undo(self) -> None:
        """Everything is as before."""
        done = self.auditor("fix", "--live", "--undo", backup(self.auditor))
        assert done.code == 0, done
        assert policies(self.namespace.server, self.namespace.name) == self.before

    def writes(self, name: str) -> Callable[[Request], bool]:
        """Whether a request writes the policy, and is no dry run."""
        path = f"{NETWORKING}/namespaces/{self.namespace.name}/networkpolicies/{name}"
        return lambda request: (
            request.method == "PATCH" and request.path == path and "dryRun" not in request.query
        )

    def egress(self) -> set[str]:
        """The policies that list Egress now."""
        found = policies(self.namespace.server, self.namespace.name)
        return {
            name.partition("/")[2]
            for name, item in found.items()
            if "Egress" in item["spec"]["policyTypes"]
        }


@pytest.fixture
def breaking(server: ControlPlane, namespace: Namespace, auditor: Auditor) -> Iterator[Breaking]:
    with serving(Front(server)) as front:
        assert isinstance(front, Front)
        yield Breaking(front, auditor, namespace)


def test_without_a_fault_the_proxy_changes_nothing(breaking: Breaking) -> None:
    assert breaking.outcomes() == (1, dict.fromkeys(breaking.names, "written"))
    breaking.undo()


def test_a_conflict_in_the_middle(breaking: Breaking) -> None:
    is_second = breaking.writes("three")

    def touch(request: Request) -> None:
        if is_second(request):
            done = breaking.namespace.kubectl("label", "networkpolicy", "three", "touched=yes")
            assert done.code == 0, done

    breaking.meddle = touch
    code, outcomes = breaking.outcomes()
    assert code == 4
    assert outcomes == {"one": "written", "three": "not written", "two": "not reached"}
    assert breaking.egress() == {"one"}
    breaking.undo()


@pytest.mark.parametrize("fault", [Fault("lost"), Fault("reset"), Fault("status", 504)])
def test_a_lost_answer_is_looked_after(breaking: Breaking, fault: Fault) -> None:
    breaking.meddle = once(breaking.writes("three"), fault)
    assert breaking.outcomes() == (1, dict.fromkeys(breaking.names, "written"))
    breaking.undo()


@pytest.mark.parametrize("fault", [Fault("lost"), Fault("reset")])
def test_a_connection_that_stays_lost(breaking: Breaking, fault: Fault) -> None:
    is_second = breaking.writes("three")
    gone: list[Request] = []

    def cut(request: Request) -> Fault | None:
        if gone:
            return Fault("reset")
        if is_second(request):
            gone.append(request)
            return fault
        return None

    breaking.meddle = cut
    code, outcomes = breaking.outcomes()
    assert code == 4
    assert outcomes == {"one": "written", "three": "not known", "two": "not reached"}
    assert breaking.egress() == {"one"} | ({"three"} if fault.kind == "lost" else set())
    breaking.undo()


def test_a_server_that_hangs(breaking: Breaking) -> None:
    breaking.meddle = once(breaking.writes("one"), Fault("hang"))
    done = breaking.fix("--apply", "--request-timeout", "500ms")
    assert done.code == 1, done
    assert "3 written" in done.stdout
    breaking.undo()


def once(wanted: Callable[[Request], bool], fault: Fault) -> Callable[[Request], Fault | None]:
    left = [fault]
    return lambda request: left.pop() if left and wanted(request) else None


@pytest.mark.parametrize("name", ["one", "three"])
def test_a_run_that_is_killed_can_be_undone(breaking: Breaking, name: str) -> None:
    """Between the backup and the first write, and in the middle of the writes."""
    is_it = breaking.writes(name)
    seen: list[Request] = []

    def stop(request: Request) -> Fault | None:
        if is_it(request):
            seen.append(request)
            return Fault("hang")
        return None

    breaking.meddle = stop
    program = breaking.auditor.directory / "plugins" / "kubectl-npcheck"
    running = subprocess.Popen(
        [program, "fix", "--live", "--apply"],
        cwd=breaking.auditor.directory,
        env={**os.environ, "KUBECONFIG": str(breaking.config)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + WITHIN
    while not seen:
        assert running.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert breaking.egress() == (set() if name == "one" else {"one"})
    breaking.undo()


def test_an_interrupted_run_says_how_far_it_came(breaking: Breaking) -> None:
    is_it = breaking.writes("three")
    seen: list[Request] = []

    def stop(request: Request) -> Fault | None:
        if is_it(request):
            seen.append(request)
            return Fault("hang")
        return None

    breaking.meddle = stop
    program = breaking.auditor.directory / "plugins" / "kubectl-npcheck"
    running = subprocess.Popen(
        [program, "fix", "--live", "--apply"],
        cwd=breaking.auditor.directory,
        env={**os.environ, "KUBECONFIG": str(breaking.config)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + WITHIN
    while not seen:
        assert time.monotonic() < until
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=WITHIN)
    assert running.returncode == 130
    where = breaking.namespace.name
    assert f"written {where}/one" in out
    assert f"not known {where}/three" in out
    assert f"not reached {where}/two" in out
    assert err.endswith("error: interrupted\n")
    breaking.undo()


def test_undo_leaves_alone_what_was_changed_since(breaking: Breaking) -> None:
    assert breaking.outcomes()[0] == 1
    mine: Any = {"spec": {"egress": [{"ports": [{"port": 443, "protocol": "TCP"}]}]}}
    patch = ["patch", "networkpolicy", "two", "--type=merge", "-p", json.dumps(mine)]
    assert breaking.namespace.kubectl(*patch).code == 0
    done = breaking.auditor("fix", "--live", "--undo", backup(breaking.auditor))
    assert done.code == 1
    where = breaking.namespace.name
    assert f"refused {where}/two: somebody changed it since" in done.stdout
    assert "by kubectl-patch" in done.stdout
    assert breaking.namespace.stored("two")["spec"]["egress"] == mine["spec"]["egress"]
    assert breaking.egress() == {"two"}
