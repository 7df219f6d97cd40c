"""Makes what a release consists of: `python packaging/make_dist.py --output dist`.

With `--zipapp FILE` only the zipapp for this machine. Run by `packaging/dist.sh`, with the tools
that it installs.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from distribution import archives, contents, krew, package, project, sbom, zipapp
from distribution.archives import File
from distribution.platforms import PLATFORMS, PORTABLE, Platform, this_machine
from distribution.project import ROOT, Project
from distribution.wheels import Wheels, fetched


class Making:
    """A scratch directory, and what all zipapps have in common: the wheel of npcheck."""

    def __init__(self, facts: Project, cache: Path, scratch: Path) -> None:
        self.facts = facts
        self.cache = cache
        self.scratch = scratch
        self.sources = package.copied(scratch)
        self.wheel = package.wheel(facts, self.sources, scratch / "wheel")

    def wheels(self, platform: Platform) -> Wheels:
        """What the zipapp for a platform is made of, besides npcheck."""
        return fetched(platform, self.cache)

    def site_packages(self, platform: Platform) -> Path:
        """What is in the zipapp for a platform."""
        directory = self.scratch / platform.name
        if not directory.exists():
            contents.lay_out(self.wheels(platform), self.wheel, platform, directory)
        return directory

    def zipapp(self, platform: Platform, target: Path) -> None:
        """The zipapp for a platform."""
        zipapp.pack(self.site_packages(platform), target, self.facts, platform)


def everything(making: Making, output: Path) -> None:
    """Fill a directory with a release: first beside it, so that it is whole or not there."""
    facts = making.facts
    beside = [
        File("LICENSE", (ROOT / "LICENSE").read_bytes()),
        File("npcheck.1", (ROOT / "docs" / "npcheck.1").read_bytes()),
    ]
    sums = {}
    for platform in (*PLATFORMS, PORTABLE):
        made = making.scratch / "zipapps" / platform.name
        making.zipapp(platform, made)
        if platform == this_machine():
            shutil.copy(made, output / "npcheck")
        archive = output / f"npcheck-{facts.version}-{platform.name}.tar.gz"
        program = File("npcheck", made.read_bytes(), True)
        archive.write_bytes(archives.packed([*beside, program], facts.released))
        sums[platform.name] = archives.sha256(archive)
    shutil.copy(making.wheel, output)
    package.sdist(facts, making.sources, output)
    template = krew.TEMPLATE.read_text("utf-8")
    (output / "npcheck.yaml").write_text(krew.manifest(template, facts, sums), "utf-8")
    wheels = [wheel for platform in PLATFORMS for part in making.wheels(platform) for wheel in part]
    text = sbom.bill(facts, making.site_packages(PORTABLE), wheels)
    (output / f"npcheck-{facts.version}.cdx.json").write_text(text, "utf-8")
    (output / "SHA256SUMS").write_text(archives.sums(output.iterdir()), "utf-8")


def replaced(output: Path, made: Path) -> None:
    """Put what was made into the place of what was there; other files in it are removed."""
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(made, output)


def listed(paths: Iterable[Path]) -> str:
    """The files and their sizes."""
    return "\n".join(f"{path.stat().st_size / 1e6:7.2f} MB  {path.name}" for path in sorted(paths))


def main() -> None:
    """Make it, print what was made."""
    parser = argparse.ArgumentParser(prog="make_dist.py")
    parser.add_argument("--output", type=Path, help="the directory for a whole release")
    parser.add_argument("--zipapp", type=Path, help="the file for this machine's zipapp alone")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache" / "wheels")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="npcheck-dist-") as name:
        making = Making(project.read(), options.cache, Path(name))
        if options.zipapp:
            making.zipapp(this_machine(), options.zipapp)
        if options.output:
            made = Path(name, "made")
            made.mkdir()
            everything(making, made)
            replaced(options.output, made)
            print(listed(options.output.iterdir()))


if __name__ == "__main__":
    main()
