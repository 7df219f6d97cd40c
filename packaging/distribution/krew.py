"""The manifest for Krew: the template `krew/npcheck.yaml.in`, filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from distribution.project import ROOT, Project

TEMPLATE = ROOT / "krew" / "npcheck.yaml.in"


def manifest(template: str, project: Project, sums: Mapping[str, str]) -> str:
    """The text of the manifest. sums: platform → SHA-256 of its archive."""
    values = {
        "VERSION": project.version,
        "HOMEPAGE": project.homepage,
        "DOWNLOADS": project.downloads,
        **{f"SHA256 {platform}": value for platform, value in sums.items()},
    }
    text = re.sub(r"^#.*\n", "", template, flags=re.MULTILINE)
    return re.sub(r"@([A-Z0-9][^@\n]*)@", lambda found: values[found[1]], text)
