"""Packs a directory of site-packages into one executable file, by shiv.

Knows shiv and zip; must not know what is packed. shiv's own start reads an index, decodes JSON and
imports a dozen modules before the program begins; ours (`packaging/start`) leaves to shiv what it
does once, the unpacking.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from distribution.platforms import Platform
from distribution.project import Project

START = Path(__file__).resolve().parents[1] / "start"
PYTHON = "/usr/bin/env -S python3 -I"
"""Isolated: neither PYTHON* variables nor the user's site-packages can put modules in the way."""

FIRST = (1980, 1, 1, 0, 0, 0)


def pack(site_packages: Path, target: Path, project: Project, platform: Platform) -> None:
    """Write the executable file; the same bytes for the same directory."""
    with tempfile.TemporaryDirectory(prefix="npcheck-dist-") as scratch:
        made = Path(scratch, "npcheck")
        _shiv(site_packages, made)
        with zipfile.ZipFile(made) as archive:
            entries = {name: archive.read(name) for name in archive.namelist()}
    build = json.loads(entries["environment.json"])["build_id"]
    name = f"npcheck_{project.version}_{platform.name}_{build[:16]}"
    main = (START / "__main__.py").read_text("utf-8")
    entries["__main__.py"] = main.replace("@NAME@", name).encode()
    entries["_npcheck_unpack.py"] = (START / "_npcheck_unpack.py").read_bytes()
    _write(target, entries)


def _shiv(site_packages: Path, target: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    subprocess.run(
        [
            *(sys.executable, "-W", "ignore", "-m", "shiv", "--reproducible"),
            *("--entry-point", "kubectl_npcheck.cli:main", "--python", PYTHON),
            *("--site-packages", str(site_packages), "--output-file", str(target)),
        ],
        check=True,
        env=environment,
    )


def _write(target: Path, entries: dict[str, bytes]) -> None:
    """Write the archive anew: sorted, with one time and one mode, whatever the machine."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.part")
    with beside.open("wb") as stream:
        stream.write(f"#!{PYTHON}\n".encode())
        with zipfile.ZipFile(stream, "w") as archive:
            for name in sorted(entries):
                info = zipfile.ZipInfo(name, FIRST)
                info.create_system = 3  # Unix, whose modes follow
                info.external_attr = 0o100644 << 16
                packed = name.startswith("site-packages/")  # the rest is read without zlib
                info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
                archive.writestr(info, entries[name], compresslevel=9 if packed else None)
    beside.chmod(0o755)
    beside.replace(target)  # one that is there is whole
