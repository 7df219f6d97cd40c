"""Archives that do not depend on who made them, and when."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from distribution.archives import File, packed, packed_again, sums

FILES = [File("b/run", b"#!/bin/sh\n", True), File("a", b"text")]


def test_the_order_does_not_matter() -> None:
    assert packed(FILES, 86400) == packed(reversed(FILES), 86400)


def test_names_modes_and_times() -> None:
    with tarfile.open(fileobj=io.BytesIO(packed(FILES, 86400))) as tar:
        members = tar.getmembers()
    assert [(m.name, m.mode, m.mtime, m.uname, m.uid) for m in members] == [
        ("a", 0o644, 86400, "", 0),
        ("b/run", 0o755, 86400, "", 0),
    ]


def test_an_archive_of_somebody_else() -> None:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as tar:
        for file in FILES:
            info = tarfile.TarInfo(file.name)
            info.size, info.uname, info.mtime = len(file.content), "somebody", 1234567890
            info.mode = 0o700 if file.executable else 0o600
            tar.addfile(info, io.BytesIO(file.content))
    assert packed_again(raw.getvalue(), 86400) == packed(FILES, 86400)


def test_sums_are_those_of_sha256sum(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert sums([tmp_path / "a"]) == f"{empty}  a\n"
