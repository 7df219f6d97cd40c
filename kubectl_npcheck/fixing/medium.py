"""What holds the objects of a run: files, or a cluster. The planner asks it what can be written.

Knows origins and operations; must not know texts, requests or what an operation means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kubectl_npcheck.findings import Operation
from kubectl_npcheck.fixing.split import Part
from kubectl_npcheck.origin import Origin
from kubectl_npcheck.repairs import TextEdit


class Medium(Protocol):
    """Where objects are written to."""

    def require(self, origin: Origin) -> None:
        """Raises Refusing where the object must not be written at all."""

    def check(
        self, origin: Origin, operations: Sequence[Operation], added: Part | None = None
    ) -> None:
        """Raises Refusing where these operations, or the policy beside it, cannot be written."""

    def placed(
        self, origin: Origin, operations: Sequence[Operation], added: Part | None = None
    ) -> tuple[TextEdit, ...]:
        """The edits of the object's text, with their places; () where there is no text."""
