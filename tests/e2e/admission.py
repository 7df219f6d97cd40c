"""Admission policies of a real API server that change or refuse NetworkPolicies."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.binaries import Binaries
from tests.e2e.server import ControlPlane

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
