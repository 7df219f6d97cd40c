"""The manifest for Krew, and what krew-release-bot is given."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from distribution.krew import TEMPLATE, manifest
from distribution.platforms import PLATFORMS, PORTABLE
from distribution.project import ROOT, Project, read

PROJECT = read()
SUMS = {p.name: f"{number:064x}" for number, p in enumerate((*PLATFORMS, PORTABLE))}


def rendered(project: Project = PROJECT) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(manifest(TEMPLATE.read_text("utf-8"), project, SUMS))
    return loaded


def test_every_platform_has_its_archive_and_sum() -> None:
    platforms = rendered()["spec"]["platforms"]
    assert {p["sha256"]: p["uri"].rpartition("/")[2] for p in platforms} == {
        SUMS[name]: f"npcheck-{PROJECT.version}-{name}.tar.gz" for name in SUMS
    }


@pytest.mark.parametrize("number", range(len(PLATFORMS)))
def test_the_archive_of_a_platform_is_chosen_by_it(number: int) -> None:
    platform = rendered()["spec"]["platforms"][number]
    labels = platform["selector"]["matchLabels"]
    assert f"-{labels['os']}-{labels['arch']}.tar.gz" in platform["uri"]


def test_any_other_linux_takes_the_archive_without_compiled_code() -> None:
    other = rendered()["spec"]["platforms"][-1]
    assert other["selector"]["matchLabels"] == {"os": "linux"}
    [arch] = other["selector"]["matchExpressions"]
    linux = [p.name.partition("-")[2] for p in PLATFORMS if p.name.startswith("linux")]
    assert (arch["key"], arch["operator"], arch["values"]) == ("arch", "NotIn", linux)
    assert other["uri"].endswith("-any.tar.gz")


def test_what_is_installed() -> None:
    for platform in rendered()["spec"]["platforms"]:
        assert [file["from"] for file in platform["files"]] == ["npcheck", "LICENSE"]
        assert platform["bin"] == "npcheck"


def test_nothing_is_left_to_fill_in() -> None:
    assert "@" not in manifest(TEMPLATE.read_text("utf-8"), PROJECT, SUMS)


def test_another_version_has_other_addresses() -> None:
    text = str(rendered(PROJECT._replace(version="9.8.7", downloads="https://else")))
    assert "v9.8.7" in text
    assert "https://else/npcheck-9.8.7-linux-amd64.tar.gz" in text
    assert PROJECT.version not in text


def test_the_short_description_fits_into_a_list() -> None:
    assert len(rendered()["spec"]["shortDescription"]) <= 50


def test_the_bot_is_given_the_same() -> None:
    """Its template as it fills it in: Go's, in which `addURIAndSha` downloads and sums up."""
    sums = iter(SUMS.values())

    def downloaded(found: re.Match[str]) -> str:
        return f'uri: {found[1]}\n    sha256: "{next(sums)}"'

    text = (ROOT / ".krew.yaml").read_text("utf-8")
    text = re.sub(r'\{\{addURIAndSha "([^"]*)" \.TagName \}\}', downloaded, text)
    text = text.replace("{{ .TagName }}", f"v{PROJECT.version}")
    text = text.replace("{{ slice .TagName 1 }}", PROJECT.version)
    assert yaml.safe_load(text) == rendered()
