"""`kubectl npcheck audit` against a real API server: findings, permissions, errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.e2e import proxy
from tests.e2e.auditing import Auditor, account, apply_outage, listed, outage, pod
from tests.e2e.manifests import default_deny, silent
from tests.e2e.server import ControlPlane, Namespace, Result

__all__ = ["outage"]


@pytest.fixture
def auditor(server: ControlPlane, tmp_path: Path) -> Auditor:
    return Auditor(server, tmp_path)


def applied(namespace: Namespace, text: str, *options: str) -> None:
    done = namespace.kubectl("apply", *options, "-f", "-", stdin=text)
    assert done.code == 0, done


def with_pods(namespace: Namespace, *pods: dict[str, object]) -> None:
    applied(namespace, listed(account(namespace.name), *pods))


# the outage


def test_the_outage_is_found_repaired_and_gone(
    server: ControlPlane, auditor: Auditor, outage: Path
) -> None:
    found = auditor("audit", "-A")
    assert found.code == 1
    for policy, workload in (
        ("edge/api-gateway-ingress", "api-gateway"),
        ("notifications/notification-service-ingress", "notification-service"),
    ):
        assert f"error egress-implicit {policy}: egress is not stated\n" in found.stdout
        assert f"    concerns Deployment {workload}\n" in found.stdout
    assert found.stdout.count(" error ") + found.stdout.count("\nerror ") == 2
    assert "by kubectl-client-side-apply (Update)\n" in found.stdout
    assert auditor("fix", str(outage)).code == 1
    apply_outage(server, outage)
    again = auditor("audit", "-A", "--fail-on", "error")
    assert again.code == 0, again.stdout
    assert "egress-implicit" not in again.stdout


def test_pods_that_run_are_named(auditor: Auditor, namespace: Namespace) -> None:
    applied(namespace, silent("web", namespace.name))
    with_pods(
        namespace,
        pod(namespace.name, "web-1", app="web"),
        pod(namespace.name, "db-1", app="db"),
    )
    found = auditor("audit", "-n", namespace.name)
    assert "    concerns Pod web-1\n" in found.stdout


def test_a_default_deny_of_the_namespace_decides(auditor: Auditor, namespace: Namespace) -> None:
    applied(namespace, silent("web", namespace.name))
    assert "error egress-implicit web" in auditor.rules("-n", namespace.name)
    applied(namespace, default_deny(namespace.name))
    assert "note egress-implicit web" in auditor.rules("-n", namespace.name)


def test_a_hand_edit_is_named(auditor: Auditor, namespace: Namespace) -> None:
    applied(namespace, silent("web", namespace.name), "--server-side", "--field-manager=argocd")
    patch = ["patch", "networkpolicy", "web", "--field-manager=kubectl-edit", "--type=merge"]
    edited = namespace.kubectl(*patch, "-p", '{"spec": {"ingress": [{}]}}')
    assert edited.code == 0, edited
    (finding,) = [
        item
        for item in auditor.report("-n", namespace.name)["findings"]
        if item["rule"] == "egress-implicit"
    ]
    assert finding["changed"]["manager"] == "kubectl-edit"
    assert finding["changed"]["operation"] == "Update"


# the sticky default, made for real

EGRESS = "  egress:\n    - to:\n        - podSelector: {}\n"
WITHOUT = silent().replace("  policyTypes:\n    - Ingress\n", "").replace("  namespace: shop\n", "")
WITH = WITHOUT + EGRESS
REPAIRED = WITHOUT + "  policyTypes: [Ingress, Egress]\n  egress:\n    - {}\n"
HOW: dict[str, tuple[str, ...]] = {"client-side": (), "server-side": ("--server-side",)}


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("text", [WITHOUT, WITH], ids=["denied", "dead"])
def test_the_sticky_default(auditor: Auditor, namespace: Namespace, how: str, text: str) -> None:
    before = WITH if text == WITHOUT else WITHOUT
    applied(namespace, before, *HOW[how])
    assert not any("sticky-default" in rule for rule in auditor.rules("-n", namespace.name))
    applied(namespace, text, *HOW[how])
    assert "error sticky-default web" in auditor.rules("-n", namespace.name)
    applied(namespace, REPAIRED, *HOW[how])
    assert not any("sticky-default" in rule for rule in auditor.rules("-n", namespace.name))


def test_a_repair_by_hand_is_not_blamed(auditor: Auditor, namespace: Namespace) -> None:
    applied(namespace, WITH)
    applied(namespace, WITHOUT)
    assert "error sticky-default web" in auditor.rules("-n", namespace.name)
    patch = ["patch", "networkpolicy", "web", "--field-manager=fixer", "--type=merge"]
    spec = {"policyTypes": ["Ingress", "Egress"], "egress": [{}]}
    assert namespace.kubectl(*patch, "-p", json.dumps({"spec": spec})).code == 0
    assert not any("sticky-default" in rule for rule in auditor.rules("-n", namespace.name))


# permissions


def granted(auditor: Auditor, namespace: Namespace, user: str, *options: str) -> None:
    """Give a user the role that `rbac` prints, for the namespace or for the cluster."""
    role = auditor("rbac", *options)
    assert role.code == 0
    named = role.stdout.replace("name: npcheck-audit", f"name: {user}")
    applied(namespace, named)
    kind = "clusterrole" if "kind: ClusterRole" in named else "role"
    bind = ["create", f"{kind}binding", user, f"--{kind}={user}", f"--user={user}"]
    done = namespace.kubectl(*bind)
    assert done.code == 0, done


def test_the_cluster_role_as_printed_is_enough(auditor: Auditor, namespace: Namespace) -> None:
    applied(namespace, silent("web", namespace.name))
    user = f"reader-of-{namespace.name}"
    granted(auditor, namespace, user)
    found = auditor.report("-A", "--as", user)
    assert found["skipped"] == []
    assert found["errors"] == []
    assert found["input"]["identity"] == user
    assert found["input"]["reading"]["outcome"] == "not probed"
    assert namespace.name in {entry["namespace"] for entry in found["policies"]}


def test_the_role_as_printed_is_enough_for_its_namespace(
    auditor: Auditor, namespace: Namespace
) -> None:
    applied(namespace, silent("web", namespace.name))
    user = f"one-of-{namespace.name}"
    granted(auditor, namespace, user, "-n", namespace.name, "--probe")
    found = auditor.report("-n", namespace.name, "--as", user)
    assert found["input"]["reading"]["outcome"] == "open"
    assert [item["message"].partition(":")[0] for item in found["skipped"]] == ["namespaces"]
    assert [entry["name"] for entry in found["policies"]] == ["web"]
    missing = auditor("audit", "-n", "default", "--as", user)
    assert missing.code == 4
    assert missing.stdout == ""


def test_no_permission_at_all(auditor: Auditor, server: ControlPlane) -> None:
    config = server.directory / "restricted.kubeconfig"
    for scope in (["-A"], ["-n", "default"]):
        done = auditor("audit", *scope, kubeconfig=config)
        assert (done.code, done.stdout) == (4, "")
        assert 'User "restricted" cannot list resource "networkpolicies"' in done.stderr
        assert done.stderr.count("\n") == 1


def test_without_pods_the_report_says_so(auditor: Auditor, namespace: Namespace) -> None:
    applied(namespace, silent("web", namespace.name))
    user = f"blind-in-{namespace.name}"
    rule = ["--verb=list", "--resource=networkpolicies.networking.k8s.io"]
    assert namespace.kubectl("create", "role", user, *rule).code == 0
    bind = ["create", "rolebinding", user, f"--role={user}", f"--user={user}"]
    assert namespace.kubectl(*bind).code == 0
    found = auditor.report("-n", namespace.name, "--as", user)
    assert [entry["name"] for entry in found["policies"]] == ["web"]
    said = " ".join(item["message"].partition(":")[0] for item in found["skipped"])
    hidden = set(said.replace(",", "").split())
    assert {"pods", "services", "namespaces", "deployments"} <= hidden


# connections


def changed(server: ControlPlane, directory: Path, **fields: object) -> Path:
    """The admin's kubeconfig with other fields of its cluster."""
    config = yaml.safe_load(server.kubeconfig.read_text(encoding="utf-8"))
    cluster = config["clusters"][0]["cluster"]
    for name, value in fields.items():
        if value is None:
            cluster.pop(name.replace("_", "-"))
        else:
            cluster[name.replace("_", "-")] = value
    path = directory / "changed.kubeconfig"
    path.write_text(json.dumps(config), encoding="utf-8")
    return path


def failed(done: Result, said: str) -> None:
    assert (done.code, done.stdout) == (4, ""), done
    assert done.stderr.startswith("error: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_certificate_that_is_not_trusted(
    auditor: Auditor, server: ControlPlane, tmp_path: Path
) -> None:
    config = changed(server, tmp_path, certificate_authority_data=None)
    failed(auditor("audit", kubeconfig=config), "its certificate is not trusted")


def test_a_certificate_of_another_name(
    auditor: Auditor, server: ControlPlane, tmp_path: Path
) -> None:
    config = changed(server, tmp_path, tls_server_name="elsewhere.example")
    failed(auditor("audit", kubeconfig=config), "its certificate is not trusted")
    config = changed(server, tmp_path, tls_server_name="kubernetes.default.svc")
    assert auditor("version", "--server", kubeconfig=config).code == 0


def test_verification_may_be_switched_off(
    auditor: Auditor, server: ControlPlane, tmp_path: Path
) -> None:
    config = changed(
        server, tmp_path, certificate_authority_data=None, insecure_skip_tls_verify=True
    )
    assert auditor("version", "--server", kubeconfig=config).code == 0


def test_a_token_that_is_not_valid(auditor: Auditor, server: ControlPlane, tmp_path: Path) -> None:
    config = yaml.safe_load((server.directory / "restricted.kubeconfig").read_text("utf-8"))
    config["users"][0]["user"]["token"] = "expired"
    path = tmp_path / "expired.kubeconfig"
    path.write_text(json.dumps(config), encoding="utf-8")
    failed(auditor("audit", kubeconfig=path), "does not accept the credentials")


def test_through_a_proxy(auditor: Auditor, server: ControlPlane, tmp_path: Path) -> None:
    with proxy.running() as between:
        config = changed(server, tmp_path, proxy_url=between.url)
        assert auditor("version", "--server", kubeconfig=config).code == 0
        assert between.used
