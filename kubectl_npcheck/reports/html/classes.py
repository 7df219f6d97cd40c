"""One pod class as the page names it."""

from __future__ import annotations

from typing import NamedTuple

from kubectl_npcheck.findings import ClassState


class PodClass(NamedTuple):
    """The pods that the same policies select, and what they may do."""

    pods: str
    selected_by: str
    state: ClassState
    ingress: str
    egress: str
