"""Short manifests beside the policies, for the evidence that the inventory rules need."""

from __future__ import annotations


def deployment(
    name: str, labels: str, namespace: str = "shop", pod: str = "", ports: str = "", kind: str = ""
) -> str:
    """A Deployment (or other kind); labels, pod (of its spec) and ports are flow style."""
    meta = f"name: {name}" + (f", namespace: {namespace}" if namespace else "")
    container = f"name: c, image: i, ports: [{ports}]"
    spec = f"containers: [{{{container}}}]" + (f", {pod}" if pod else "")
    return (
        f"apiVersion: apps/v1\nkind: {kind or 'Deployment'}\nmetadata: {{{meta}}}\n"
        f"spec: {{template: {{metadata: {{labels: {{{labels}}}}}, spec: {{{spec}}}}}}}\n"
    )


def service(name: str, selector: str, ports: str, namespace: str = "shop") -> str:
    """A Service; selector and ports are flow style."""
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
        f"spec: {{selector: {{{selector}}}, ports: [{ports}]}}\n"
    )


def namespace(name: str, labels: str = "") -> str:
    """A Namespace; labels are flow style."""
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n"


def custom_resource(namespace: str = "shop") -> str:
    """An object whose operator may make pods."""
    return (
        "apiVersion: databases.example.com/v1\nkind: Postgres\n"
        f"metadata: {{name: db, namespace: {namespace}}}\nspec: {{replicas: 2}}\n"
    )
