"""The optional packages of the extra `cluster`, imported where they are used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from kubectl_npcheck.errors import ClusterError

INSTALL = "pip install 'kubectl-npcheck[cluster]'"


def urllib3() -> Any:
    """The HTTP client. ClusterError without it."""
    try:
        return import_module("urllib3")
    except ImportError as error:
        said = f"a cluster needs the extra `cluster`, which is not installed: {INSTALL}"
        raise ClusterError(said) from error


def kubernetes_config() -> Any:
    """`kubernetes.config`, which runs the old auth providers. ClusterError without it."""
    try:
        import_module("kubernetes.config.kube_config")
        return import_module("kubernetes.config")
    except ImportError as error:
        said = f"auth providers need the extra `cluster`, which is not installed: {INSTALL}"
        raise ClusterError(said) from error
