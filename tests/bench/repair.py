"""What `fix` does to a tree of real files: the totals of `make bench CORPUS=DIR`.

Works on a copy in a git repository of its own, and looks at it with PyYAML and git only.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

EXTENSIONS = {".yaml", ".yml", ".json"}
SPEC_KEYS = ("egress", "policyTypes")


class Totals(NamedTuple):
    """What was counted; the last four should be 0."""

    files: int
    policies: int
    changed: int
    changed_files: int
    refused: int
    remaining_errors: int
    other_changes: int
    deleted_lines: int
    changed_again: int
    touched_in_vain: int


def npcheck(directory: Path, *arguments: str) -> dict[str, Any]:
    """The JSON that a run of the command prints."""
    done = subprocess.run(
        [sys.executable, "-m", "kubectl_npcheck", *arguments, "-o", "json"],
        cwd=directory,
        capture_output=True,
        check=False,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def git(directory: Path, *arguments: str) -> str:
    """What git prints."""
    identity = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")
    done = subprocess.run(
        ["git", *identity, "-c", "core.autocrlf=false", *arguments],
        cwd=directory,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode("utf-8", "surrogateescape")


def totals(corpus: Path, scratch: Path) -> Totals:
    """Repair a copy of the tree and compare."""
    copy = scratch / "corpus-fixed"
    shutil.copytree(corpus, copy, ignore=shutil.ignore_patterns(".git"))
    git(copy, "init", "-q")
    git(copy, "add", "-A", "-f")
    git(copy, "commit", "-q", "-m", "before")
    done = npcheck(copy, "fix")
    listed = {change["file"] for change in done["changes"]}
    refused = {(item["file"], item["line"]) for item in done["refused"]}
    errors = [
        finding
        for finding in npcheck(copy, "lint")["findings"]
        if finding["rule"] == "egress-implicit" and finding["severity"] == "error"
    ]
    left = _not_refused(errors, done)
    touched = set(git(copy, "diff", "--name-only", "-z").split("\0")) - {""}
    changed = {(c["file"], c["namespace"], c["name"]) for c in done["changes"]}
    again = npcheck(copy, "fix")
    return Totals(
        done["summary"]["files"],
        done["summary"]["policies"],
        len(done["changes"]),
        len(listed),
        len(refused),
        left,
        sum(_other_changes(corpus / file, copy / file, file, changed) for file in touched),
        _deleted_lines(copy),
        len(again["changes"]),
        len(touched ^ listed),
    )


def _not_refused(errors: list[dict[str, Any]], done: dict[str, Any]) -> int:
    """The errors that are left without being listed as refused."""
    named = {(item["file"], item["namespace"], item["name"]) for item in done["refused"]}
    return sum((e["file"], e["namespace"], e["name"]) not in named for e in errors)


def _other_changes(
    before: Path, after: Path, file: str, changed: set[tuple[str, str | None, str]]
) -> int:
    """In how many documents something differs that `fix` did not list, or may not touch."""
    old, new = list(_objects(before)), list(_objects(after))
    if len(old) != len(new):
        return 1
    count = 0
    for one, other in zip(old, new, strict=True):
        if one == other:
            continue
        meta = one.get("metadata") or {}
        known = (file, meta.get("namespace"), str(meta.get("name"))) in changed
        for item in (one, other):
            item["spec"] = {k: v for k, v in item["spec"].items() if k not in SPEC_KEYS}
        count += one != other or not known
    return count


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open("rb") as stream:
        for document in yaml.load_all(stream, Loader=loader):
            items = document.get("items", document.get("objects")) if document else None
            yield from items if isinstance(items, list) else [document or {}]


def _deleted_lines(copy: Path) -> int:
    """Lines that the diff takes away, and that neither hold a field of ours nor come back."""
    count = 0
    removed: list[str] = []
    for line in [*git(copy, "diff", "-U0").split("\n"), "@@"]:
        if line.startswith("-") and not line.startswith("--- "):
            removed.append(line[1:])
        elif line.startswith("+") and line[1:] in removed:
            removed.remove(line[1:])  # the same line, which now ends with a line break
        elif line.startswith("@@"):
            count += sum(not any(key in text for key in SPEC_KEYS) for text in removed)
            removed = []
    return count
