"""Paths as other programs compare them: two ways to write one path give one text."""

from __future__ import annotations


def plain_path(file: str) -> str:
    """The path without `.` and empty parts; `..` stays, since it may follow a symlink.

    >>> plain_path("./k8s//a.yaml")
    'k8s/a.yaml'
    """
    parts = [part for part in file.split("/") if part not in ("", ".")]
    return ("/" if file.startswith("/") else "") + "/".join(parts)
