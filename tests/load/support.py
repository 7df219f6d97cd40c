"""From files' texts to what was loaded, for tests of a few lines a case."""

from __future__ import annotations

from pathlib import Path

from kubectl_npcheck.load import Loaded, Request, load
from kubectl_npcheck.policy.model import NetworkPolicy


def netpol(name: str, namespace: str = "", spec: str = "podSelector: {}") -> str:
    meta = f"name: {name}" + (f", namespace: {namespace}" if namespace else "")
    return (
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{{meta}}}\n"
        f"spec: {{{spec}}}\n"
    )


DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
    "spec: {template: {metadata: {labels: {app: web}}}}\n"
)
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n"
DENY = "podSelector: {}, policyTypes: [Ingress, Egress]"


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text.encode())


def loaded(files: dict[str, str], *paths: str, **options: object) -> Loaded:
    write(files)
    return load(Request(paths=paths, **options))  # type: ignore[arg-type]


def units(found: Loaded) -> dict[str, list[str]]:
    """Unit → `namespace/name` of its policies, those of the context in brackets."""
    return {
        unit.name: [shown(p) for group in unit.groups.values() for p in group.policies]
        for unit in found.inventory.units
        if any(group.policies for group in unit.groups.values())
    }


def shown(policy: NetworkPolicy) -> str:
    text = f"{policy.namespace or ''}/{policy.name}"
    return f"({text})" if policy.origin.context else text


def reasons(found: Loaded) -> list[tuple[str | None, str | None, str]]:
    return [(s.file, s.name, s.reason) for s in found.skipped]


def only_policy(found: Loaded) -> NetworkPolicy:
    [policy] = [p for group in found.inventory.groups for p in group.policies]
    return policy
