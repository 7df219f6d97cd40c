"""The two readings of a policy that does not state its egress (semantics, section 2)."""

from __future__ import annotations

from enum import Enum


class Reading(Enum):
    """Who reads a policy that does not state its egress: Kubernetes as published, or deny."""

    OPEN = "open"
    DENY = "deny"

    @property
    def label(self) -> str:
        """`open` or `deny`."""
        return self.value
