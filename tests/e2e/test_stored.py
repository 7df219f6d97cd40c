"""What the API server stores, against what npcheck reads from the manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.model import Authored
from kubectl_npcheck.policy.parse import parse_policy
from tests.e2e.meaning import meaning
from tests.e2e.server import Namespace

BENCH = Path(__file__).parents[1] / "data" / "bench100"

I = "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]"  # noqa: E741
E = "egress: [{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 5432}]}]"

# The manifest's spec: what is stored as policyTypes, and which of the two lists are stored.
SHAPES = {
    f"{{podSelector: {{}}, {I}}}": ("Ingress", "ingress"),
    f"{{podSelector: {{}}, policyTypes: [Ingress], {I}}}": ("Ingress", "ingress"),
    f"{{podSelector: {{}}, policyTypes: [Ingress, Egress], {I}}}": ("Ingress Egress", "ingress"),
    f"{{podSelector: {{}}, {I}, egress: []}}": ("Ingress", "ingress"),
    f"{{podSelector: {{}}, policyTypes: [Ingress], {I}, egress: []}}": ("Ingress", "ingress"),
    f"{{podSelector: {{}}, policyTypes: [Ingress, Egress], {I}, egress: []}}": (
        "Ingress Egress",
        "ingress",
    ),
    f"{{podSelector: {{}}, {E}}}": ("Ingress Egress", "egress"),
    f"{{podSelector: {{}}, policyTypes: [Ingress], {I}, {E}}}": ("Ingress", "ingress egress"),
    "{podSelector: {}, policyTypes: [Egress]}": ("Egress", ""),
    f"{{podSelector: {{}}, policyTypes: [], {I}}}": ("Ingress", "ingress"),
    f"{{podSelector: {{}}, {I}, egress: null}}": ("Ingress", "ingress"),
    f"{{podSelector: {{}}, policyTypes: [Ingress, Egress], {I}, egress: null}}": (
        "Ingress Egress",
        "ingress",
    ),
    "{podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: 80}]}]}": (
        "Ingress",
        "ingress",
    ),
    "{podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{}]}]}": ("Ingress", "ingress"),
    "{podSelector: {}, policyTypes: [Ingress], ingress: [{}]}": ("Ingress", "ingress"),
    "{podSelector: {}, policyTypes: [Ingress], ingress: [{from: []}]}": ("Ingress", "ingress"),
    "{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [], ports: []}]}": (
        "Ingress",
        "ingress",
    ),
    "{podSelector: {}, policyTypes: [Ingress], ingress: [{from: null}]}": ("Ingress", "ingress"),
    "{podSelector: {}, ingress: [null]}": ("Ingress", "ingress"),
    "{podSelector: {}}": ("Ingress", ""),
    "{}": ("Ingress", ""),
    f"{{podSelector: {{}}, {I}, {E}}}": ("Ingress Egress", "ingress egress"),
    "{podSelector: {}, ingress: [], egress: []}": ("Ingress", ""),
    f"{{podSelector: {{}}, policyTypes: [Egress, Ingress], {I}}}": ("Egress Ingress", "ingress"),
    f"{{podSelector: {{}}, policyTypes: [Ingress, Ingress], {I}}}": ("Ingress Ingress", "ingress"),
    f"{{podSelector: {{}}, policyTypes: null, {E}}}": ("Ingress Egress", "egress"),
    "{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {}}]}]}": (
        "Ingress",
        "ingress",
    ),
    f"{{podSelector: null, {I}}}": ("Ingress", "ingress"),
    "{podSelector: {matchLabels: {}, matchExpressions: []}, policyTypes: [Egress], egress: [{}]}": (
        "Egress",
        "egress",
    ),
    "{podSelector: {}, policyTypes: [Ingress], ingress: null}": ("Ingress", ""),
    "{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}": (
        "Ingress Egress",
        "egress",
    ),
    "{podSelector: {}, ingress: [{ports: [null]}]}": ("Ingress", "ingress"),
    "{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 90, protocol: null}]}]}": (
        "Ingress",
        "ingress",
    ),
}


def manifest(spec: object) -> dict[str, Any]:
    """A policy `np` with this spec."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "np"},
        "spec": spec,
    }


@pytest.mark.parametrize("spec", SHAPES)
def test_a_shape_is_stored_as_it_is_read(namespace: Namespace, spec: str) -> None:
    sent = manifest(yaml.safe_load(spec))
    created = namespace.create(sent)
    assert created.status == 201
    stored = namespace.stored("np")
    types, lists = SHAPES[spec]
    assert stored["spec"] == created.body["spec"]
    assert stored["spec"]["policyTypes"] == types.split()
    assert [key for key in ("ingress", "egress") if key in stored["spec"]] == lists.split()
    authored = parse_policy(sent, Origin(None))
    live = parse_policy(stored, Origin(None), live=True)
    assert meaning(authored) == meaning(live)
    assert live.defects == ()


def test_what_was_authored_is_unknown_of_a_live_object(namespace: Namespace) -> None:
    namespace.create(manifest({"podSelector": {}, "egress": []}))
    live = parse_policy(namespace.stored("np"), Origin(None), live=True)
    assert (live.types_authored, live.egress_authored) == (Authored.UNKNOWN, Authored.UNKNOWN)


@pytest.mark.parametrize("path", sorted(BENCH.rglob("*.yaml")), ids=lambda path: path.stem)
def test_a_real_policy_is_stored_as_it_is_read(namespace: Namespace, path: Path) -> None:
    seen = 0
    for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
        if not document or document.get("kind") != "NetworkPolicy":
            continue
        document["metadata"].pop("namespace", None)
        policy = parse_policy(document, Origin(str(path)))
        answer = namespace.create(document, "fieldValidation=Strict")
        seen += 1
        # A placeholder such as `${PREFIX}` is no defect to npcheck: it has a value when it is sent.
        assert (policy.accepted and not policy.unresolved) == (answer.status == 201), answer
        if answer.status == 201:
            assert meaning(policy) == meaning(parse_policy(answer.body, Origin(None), live=True))
    assert seen
