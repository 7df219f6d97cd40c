"""Fetches the pinned wheels, each checked against its pinned hash, and keeps them.

Knows pip and `zipapp.txt`; must not know what becomes of a wheel.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from distribution.platforms import Platform

PINS = Path(__file__).resolve().parents[1] / "zipapp.txt"

COMPILED = {"pyyaml": range(10, 16), "markupsafe": range(10, 15)}
"""What is faster with compiled code, and for which CPython 3.x there are wheels of it."""

OLDEST = 10


class Wheels(NamedTuple):
    """The wheels of one zipapp. compiled: one for each minor version; pure: what runs anywhere."""

    pure: tuple[Path, ...]
    compiled: tuple[Path, ...]


def fetched(platform: Platform, cache: Path) -> Wheels:
    """All wheels for a platform."""
    pins = requirements(PINS.read_text("utf-8"))
    pure = {name: text for name, text in pins.items() if name not in COMPILED}
    return Wheels(
        pure=_fetch(pure, OLDEST, ("any",), cache),
        compiled=tuple(
            wheel
            for minor in sorted({minor for minors in COMPILED.values() for minor in minors})
            for wheel in _fetch(
                {name: pins[name] for name, minors in COMPILED.items() if minor in minors},
                minor,
                platform.tags or ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64"),
                cache,
            )
        ),
    )


def requirements(text: str) -> dict[str, str]:
    """Distribution → its pin with the hashes, from a requirements file with hashes."""
    blocks = re.split(r"^(?=[A-Za-z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.M), flags=re.M)
    return {block.partition("==")[0].lower(): block for block in blocks if block.strip()}


def _fetch(
    pins: Mapping[str, str], minor: int, tags: Iterable[str], cache: Path
) -> tuple[Path, ...]:
    wanted = "".join(pins[name] for name in sorted(pins))
    key = hashlib.sha256(f"{minor} {tags} {wanted}".encode()).hexdigest()[:16]
    directory = cache / key
    if not (directory / "whole").exists():
        directory.mkdir(parents=True, exist_ok=True)
        pinned = directory / "requirements.txt"
        pinned.write_text(wanted, "utf-8")
        implementation = "py" if tags == ("any",) else "cp"
        abi = "none" if tags == ("any",) else f"cp3{minor}"
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
                *("--disable-pip-version-check", "--require-hashes", "--only-binary=:all:"),
                *(f"--implementation={implementation}", f"--abi={abi}"),
                *(f"--python-version=3.{minor}", f"--dest={directory}", f"--requirement={pinned}"),
                *(f"--platform={tag}" for tag in tags),
            ],
            check=True,
        )
        (directory / "whole").touch()
    return tuple(sorted(directory.glob("*.whl")))
