"""How a real API server reads a policy without egress, as the probe measures it: with mutating and
validating admission policies, for one namespace and for all."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.auditing import Auditor
from tests.e2e.binaries import Binaries
from tests.e2e.manifests import silent
from tests.e2e.server import ControlPlane, Namespace

WITHIN = 60.0
"""Seconds in which an admission policy surely takes effect: the server polls for them."""

MATCH = {
    "resourceRules": [
        {
            "apiGroups": ["networking.k8s.io"],
            "apiVersions": ["v1"],
            "operations": ["CREATE", "UPDATE"],
            "resources": ["networkpolicies"],
        }
    ]
}
APPEND = '[JSONPatch{op: "add", path: "/spec/policyTypes/-", value: "Egress"}]'


def gate(version: str) -> tuple[list[str], str]:
    """The flags that switch mutating admission policies on, and their API version."""
    minor = int(version.split(".")[1])
    if minor >= 36:
        return [], "v1"
    api = "v1beta1" if minor >= 34 else "v1alpha1"
    return (
        [
            "--feature-gates=MutatingAdmissionPolicy=true",
            f"--runtime-config=admissionregistration.k8s.io/{api}=true",
        ],
        api,
    )


@pytest.fixture(scope="module")
def mutable(binaries: Binaries) -> Iterator[ControlPlane]:
    """A control plane of its own, since its admission would disturb the other tests."""
    directory = Path(tempfile.mkdtemp(prefix="npcheck-e2e-", dir="/tmp"))
    running = ControlPlane(binaries, directory, gate(binaries.version)[0])
    yield running
    running.stop()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def auditor(mutable: ControlPlane, tmp_path: Path) -> Auditor:
    return Auditor(mutable, tmp_path)


def binding(kind: str, api: str, namespace: str | None, **spec: Any) -> dict[str, Any]:
    """The binding of the policy `probed`, for one namespace or for all."""
    where: dict[str, Any] = {}
    if namespace is not None:
        labels = {"kubernetes.io/metadata.name": namespace}
        where = {"matchResources": {"namespaceSelector": {"matchLabels": labels}}}
    return {
        "apiVersion": f"admissionregistration.k8s.io/{api}",
        "kind": f"{kind}Binding",
        "metadata": {"name": "probed"},
        "spec": {"policyName": "probed", **where, **spec},
    }


def admitted(server: ControlPlane, *objects: dict[str, Any]) -> None:
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
    done = server.kubectl("apply", "-f", "-", stdin=text)
    assert done.code == 0, done


@pytest.fixture
def appending(mutable: ControlPlane) -> Iterator[Callable[[str | None], None]]:
    """Appends Egress to the policyTypes of each policy of a namespace, or of all."""
    api = gate(mutable.binaries.version)[1]
    policy = {
        "apiVersion": f"admissionregistration.k8s.io/{api}",
        "kind": "MutatingAdmissionPolicy",
        "metadata": {"name": "probed"},
        "spec": {
            "failurePolicy": "Fail",
            "reinvocationPolicy": "Never",
            "matchConstraints": MATCH,
            "matchConditions": [
                {"name": "no-egress", "expression": "!('Egress' in object.spec.policyTypes)"}
            ],
            "mutations": [{"patchType": "JSONPatch", "jsonPatch": {"expression": APPEND}}],
        },
    }
    kind = "MutatingAdmissionPolicy"
    yield lambda where: admitted(mutable, policy, binding(kind, api, where))
    for name in (f"{kind}Binding", kind):
        mutable.kubectl("delete", name.lower(), "probed")


@pytest.fixture
def refusing(mutable: ControlPlane) -> Iterator[Callable[[str], None]]:
    """Refuses policies with ingress rules and without egress rules in one namespace."""
    policy = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": "probed"},
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": MATCH,
            "validations": [
                {
                    "expression": "!has(object.spec.ingress) || has(object.spec.egress)",
                    "message": "egress has to be stated here",
                }
            ],
        },
    }
    kind = "ValidatingAdmissionPolicy"
    yield lambda where: admitted(
        mutable, policy, binding(kind, "v1", where, validationActions=["Deny"])
    )
    for name in (f"{kind}Binding", kind):
        mutable.kubectl("delete", name.lower(), "probed")


@pytest.fixture
def places(mutable: ControlPlane, request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Three namespaces with a policy each."""
    names = [f"{letter}-{abs(hash(request.node.name)) % 10_000_000}" for letter in "abc"]
    made = [Namespace(mutable, name) for name in names]
    for namespace in made:
        done = namespace.kubectl("apply", "-f", "-", stdin=silent("web", namespace.name))
        assert done.code == 0, done
    yield names
    for namespace in made:
        namespace.remove()


def reading(auditor: Auditor, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The report, as soon as its reading is the wanted one."""
    until = time.monotonic() + WITHIN
    while True:
        report = auditor.report("-A")
        if wanted(report["input"]["reading"]):
            return report
        assert time.monotonic() < until, report["input"]["reading"]
        time.sleep(0.5)


def test_as_published_it_is_open(auditor: Auditor, places: list[str]) -> None:
    found = auditor.report("-A")["input"]["reading"]
    assert found == {"outcome": "open", "detail": "", "except": []}
    assert "egress that is not stated: open" in auditor("version", "--server").stdout


def test_egress_is_appended_everywhere(
    auditor: Auditor, places: list[str], appending: Callable[[str | None], None]
) -> None:
    appending(None)
    report = reading(auditor, lambda found: found["outcome"] == "deny")
    assert report["input"]["reading"]["except"] == []
    checked = auditor("audit", "-A", "--check-version")
    assert checked.code == 1
    assert "egress that is not stated: denied (measured by a dry run)" in checked.stdout
    assert f"error egress-implicit {places[0]}/web" in checked.stdout


def test_egress_is_appended_in_one_namespace(
    auditor: Auditor, places: list[str], appending: Callable[[str | None], None]
) -> None:
    appending(places[1])
    report = reading(auditor, lambda found: bool(found["except"]))
    assert report["input"]["reading"]["outcome"] == "open"
    (differing,) = report["input"]["reading"]["except"]
    assert (differing["namespace"], differing["outcome"]) == (places[1], "deny")


def test_admission_refuses_in_one_namespace(
    auditor: Auditor, places: list[str], refusing: Callable[[str], None]
) -> None:
    refusing(places[2])
    report = reading(auditor, lambda found: bool(found["except"]))
    (differing,) = report["input"]["reading"]["except"]
    assert (differing["namespace"], differing["outcome"]) == (places[2], "refused by admission")
    assert "egress has to be stated here" in differing["detail"]


def test_the_probe_stores_nothing(
    mutable: ControlPlane, auditor: Auditor, places: list[str]
) -> None:
    before = mutable.kubectl("get", "networkpolicies", "-A", "-o", "name").stdout
    auditor.report("-A")
    assert mutable.kubectl("get", "networkpolicies", "-A", "-o", "name").stdout == before
