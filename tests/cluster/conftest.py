"""A running API server on loopback, and a client of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.context import Flags, resolve
from tests.cluster.api import Api, kubeconfig, serving


@pytest.fixture
def api() -> Iterator[Api]:
    with serving(Api()) as running:
        yield running


class Pauses(list[float]):
    """The pauses that a client would have made."""


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def client(api: Api, pauses: Pauses, tmp_path: Path) -> Iterator[Client]:
    context = resolve(Flags(kubeconfig=str(kubeconfig(tmp_path, api.url))))
    made = Client(context, timeout=5, environment={}, pause=pauses.append)
    yield made
    made.close()
