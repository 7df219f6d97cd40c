"""The file of a baseline: what an entry says, and how it is read and written.

An entry is what a finding is about, how bad it was, and how often it is there; no lines, no
messages, no times, so that the file changes when findings do. Files are relative to its directory.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, NamedTuple

from kubectl_npcheck.check.earlier import read_json
from kubectl_npcheck.check.identity import Identity, Trace, absolute
from kubectl_npcheck.errors import UsageError
from kubectl_npcheck.findings import severity_named

SCHEMA = "npcheck.baseline/v1"
DEFAULT_FILE = ".npcheck-baseline.json"
MOST = 1_000_000
"""How often a finding may be in a baseline; nothing real comes near."""

TEXTS = ("cluster", "file", "namespace", "name", "kind", "rule", "path")
"""The fields of an entry that are texts, in the order in which entries are sorted."""

OPTIONAL = ("cluster", "file", "namespace")
KEYS = {*TEXTS, "severity", "count"}


class Baseline(NamedTuple):
    """The entries of a file, one for each time that a finding was there."""

    file: str
    traces: list[Trace]

    @property
    def directory(self) -> str:
        """The directory that its entries' files are relative to."""
        return os.path.dirname(os.path.abspath(self.file))


def read_baseline(path: str) -> Baseline:
    """The baseline in a file. UsageError where there is none, or where it cannot be used."""
    if not os.path.exists(path):
        raise UsageError(f"baseline {path}: does not exist; --write-baseline makes it")
    found = read_json(path, "baseline")
    schema = found.get("schema") if type(found) is dict else None
    if schema != SCHEMA:
        raise UsageError(f"baseline {path}: not a baseline of npcheck ({SCHEMA})")
    baseline = Baseline(path, [])
    items = found.get("findings")
    if type(items) is not list:
        raise UsageError(f"baseline {path}: findings is not a list")
    for number, item in enumerate(items):
        try:
            baseline.traces.extend(_traces(item, baseline.directory))
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"baseline {path}: findings[{number}] is no entry") from error
    return baseline


def _traces(item: dict[str, Any], directory: str) -> list[Trace]:
    severity, count = severity_named(item["severity"]), item.get("count", 1)
    if severity is None or type(count) is not int or not 0 < count <= MOST or set(item) - KEYS:
        raise ValueError(item)
    texts = {key: item.get(key) for key in TEXTS}
    optional = {key for key in OPTIONAL if texts[key] is None}
    if any(type(value) is not str for key, value in texts.items() if key not in optional):
        raise TypeError(item)
    file = texts["file"]
    identity = Identity(
        texts["cluster"],
        item["rule"],
        item["kind"],
        texts["namespace"],
        item["name"],
        None if file is None else absolute(file, directory),
        item["path"],
    )
    return [Trace(identity, severity)] * count


def baseline_text(traces: Iterable[Trace], root: str) -> str:
    """The file's content: one line an entry, sorted, so that a repair is one line less in a diff.

    root: the directory of the file
    """
    import json

    counts: dict[tuple[str, ...], int] = {}
    items: dict[tuple[str, ...], dict[str, Any]] = {}
    for one in traces:
        item = _item(one, root)
        key = tuple([f"{item.get(name) or ''}" for name in (*TEXTS, "severity")])
        items[key] = item
        counts[key] = counts.get(key, 0) + 1
    lines = []
    for key in sorted(items):
        item = items[key]
        if counts[key] > 1:
            item["count"] = counts[key]
        lines.append(f"    {json.dumps(item, ensure_ascii=False)}")
    body = "[\n" + ",\n".join(lines) + "\n  ]" if lines else "[]"
    return f'{{\n  "schema": "{SCHEMA}",\n  "findings": {body}\n}}\n'


def _item(one: Trace, root: str) -> dict[str, Any]:
    identity = one.identity
    file = identity.file
    if file is not None and not file.startswith("<"):
        file = os.path.relpath(file, root).replace(os.sep, "/")
    item = {
        "cluster": identity.cluster,
        "file": file,
        "namespace": identity.namespace,
        "name": identity.name,
        "kind": identity.kind,
        "rule": identity.rule,
        "path": identity.path,
        "severity": one.severity.label,
    }
    return {key: value for key, value in item.items() if value is not None}
