"""How the tests of edits write their cases: the spec of a policy, before and after."""

from __future__ import annotations

from kubectl_npcheck.manifests.document import Document, decode, parse, split
from kubectl_npcheck.manifests.edit import Operation, Put, apply, edits

HEAD = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\n"
TYPES = Put(("spec",), "policyTypes", ["Ingress", "Egress"], ("podSelector", "ingress"))
ALLOW = Put(("spec",), "egress", [{}], ("podSelector", "policyTypes", "ingress"))
RULES = Put(
    ("spec",),
    "egress",
    [{"to": [{"podSelector": {"matchLabels": {"app": "db"}}}], "ports": [{"port": 5432}]}],
    ("podSelector", "policyTypes", "ingress"),
)


def document(text: str, number: int = 0) -> Document:
    source = decode(text.encode(), "a.yaml")
    found = parse(source, split(source.text)[number])
    assert found is not None
    return found


def edited(text: str, *operations: Operation, number: int = 0) -> str:
    """The text after the operations; a second time, they change nothing."""
    new = apply(text, edits(document(text, number), operations))
    assert edits(document(new, number), operations) == []
    return new


def edited_spec(spec: str, *operations: Operation) -> str:
    """The same for what follows the head of a policy."""
    return edited(HEAD + spec, *operations).removeprefix(HEAD)
