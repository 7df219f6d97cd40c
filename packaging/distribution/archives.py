"""Reproducible tar.gz archives, and the sums of files."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class File(NamedTuple):
    """A file in an archive."""

    name: str
    content: bytes
    executable: bool = False


def packed(files: Iterable[File], time: int) -> bytes:
    """A tar.gz of files in order, with one time (seconds since 1970) and no owners."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for file in sorted(files):
            info = tarfile.TarInfo(file.name)
            info.size = len(file.content)
            info.mode = 0o755 if file.executable else 0o644
            info.mtime = time
            tar.addfile(info, io.BytesIO(file.content))
    return gzip.compress(raw.getvalue(), 9, mtime=0)


def packed_again(archive: bytes, time: int) -> bytes:
    """A tar.gz that somebody else made, as `packed` makes them."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        files = [
            File(member.name, stream.read(), bool(member.mode & 0o100))
            for member in tar.getmembers()
            if (stream := tar.extractfile(member)) is not None
        ]
    return packed(files, time)


def sha256(path: Path) -> str:
    """The sum of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sums(paths: Iterable[Path]) -> str:
    """What `sha256sum` prints for files, by their names."""
    return "".join(f"{sha256(path)}  {path.name}\n" for path in sorted(paths))
