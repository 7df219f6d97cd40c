"""The policies that the tests with real programs use."""

from __future__ import annotations

HEAD = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {name}
  namespace: {namespace}
spec:
"""

SELECTED = """\
  podSelector:
    matchLabels:
      app: {name}
"""

INGRESS = """\
  ingress:
    - from:
        - podSelector: {}
      ports:
        - port: 8080
"""

TYPES = """\
  policyTypes:
    - Ingress
"""


def silent(name: str = "web", namespace: str = "shop") -> str:
    """A policy that says nothing of egress."""
    return (HEAD + SELECTED).format(name=name, namespace=namespace) + TYPES + INGRESS


def stated(name: str = "web", namespace: str = "shop") -> str:
    """The same, with all egress allowed: what `fix` makes of it."""
    text = silent(name, namespace).replace("    - Ingress\n", "    - Ingress\n    - Egress\n")
    return text + "  egress:\n    - {}\n"


def default_deny(namespace: str = "shop") -> str:
    """A policy that decides the egress of all pods of a namespace."""
    head = HEAD.format(name="default-deny", namespace=namespace)
    return head + "  podSelector: {}\n  policyTypes:\n    - Ingress\n    - Egress\n"


TEMPLATE = """\
{{- if .Values.networkPolicy.enabled }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "web.fullname" . }}
spec:
  podSelector:
    matchLabels: {{- include "web.selectorLabels" . | nindent 6 }}
  ingress:
    - from:
        - podSelector: {}
{{- end }}
"""
