"""`kubectl npcheck fix --live` against a real API server: repaired, undone, and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.e2e.auditing import OUTAGE, Auditor, account, apply_outage, listed, outage, pod
from tests.e2e.live_repair import applied, auditor, backup, policies, specs
from tests.e2e.manifests import silent
from tests.e2e.server import ControlPlane, Namespace

__all__ = ["auditor", "outage"]

ROOT = Path(__file__).resolve().parents[2]


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
