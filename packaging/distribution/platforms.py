"""The platforms that have archives of their own, as Go and as Python name them."""

from __future__ import annotations

import platform
import sys
from typing import NamedTuple


class Platform(NamedTuple):
    """A system and an architecture.

    name: as in file names and for Krew (`linux-amd64`)
    tags: of the wheels that run there, best first (PEP 600); none: the pure parser only
    """

    name: str
    tags: tuple[str, ...]


PORTABLE = Platform("any", ())
"""For everything else; no compiled code."""

PLATFORMS = (
    Platform("linux-amd64", ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64")),
    Platform("linux-arm64", ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64")),
    Platform("darwin-amd64", ("macosx_10_15_x86_64", "macosx_10_13_x86_64", "macosx_10_9_x86_64")),
    Platform("darwin-arm64", ("macosx_11_0_arm64",)),
)


def this_machine() -> Platform:
    """The platform of the running interpreter, PORTABLE where it is none of ours."""
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine().lower())
    name = f"{sys.platform}-{architecture or platform.machine().lower()}"
    return next((known for known in PLATFORMS if known.name == name), PORTABLE)
