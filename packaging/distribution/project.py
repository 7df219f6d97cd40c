"""What the project says of itself: version, description, addresses.

Knows pyproject.toml; must not know what is built from it.
"""

from __future__ import annotations

import datetime
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]


class Project(NamedTuple):
    """The facts that end up in what is built.

    released: seconds since 1970 of the version's date in the changelog, the time of every file
    """

    name: str
    version: str
    description: str
    homepage: str
    downloads: str
    released: int


def read(root: Path = ROOT) -> Project:
    """The project below a directory."""
    table: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    version = str(table["version"])
    urls = table["urls"]
    return Project(
        name=table["name"],
        version=version,
        description=table["description"],
        homepage=urls["Homepage"],
        downloads=f"{urls['Releases']}/download/v{version}",
        released=released((root / "CHANGELOG.md").read_text("utf-8"), version),
    )


def released(changelog: str, version: str) -> int:
    """The date of `## [VERSION] - YYYY-MM-DD`; 1980, where zip begins, for one without a date."""
    found = re.search(
        rf"^## \[{re.escape(version)}\] - (\d{{4}}-\d\d-\d\d)$", changelog, re.MULTILINE
    )
    day = datetime.date.fromisoformat(found[1] if found else "1980-01-01")
    midnight = datetime.datetime.combine(day, datetime.time(), datetime.timezone.utc)
    return int(midnight.timestamp())
