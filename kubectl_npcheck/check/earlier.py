"""A former report of npcheck, read again: `--since REPORT.json`.

Knows the JSON of `npcheck.report/v1`; must not know what a report is compared for.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, NamedTuple

from kubectl_npcheck.check.identity import Identity, Trace, absolute
from kubectl_npcheck.check.ran import Ran
from kubectl_npcheck.errors import UsageError
from kubectl_npcheck.findings import Gone, ReadError, Skipped, severity_named

SCHEMA = "npcheck.report/v1"


class Earlier(NamedTuple):
    """What a former report says. traces and findings stand side by side."""

    file: str
    ran: Ran
    traces: list[Trace]
    findings: list[Gone]


def read_json(path: str, what: str) -> Any:
    """What a JSON file holds. UsageError, that begins with the option, where there is none."""
    import json

    try:
        with open(path, encoding="utf-8-sig") as stream:
            return json.load(stream)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{what} {path}: cannot be read: {reason}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{what} {path}: not UTF-8") from error
    except json.JSONDecodeError as error:
        said = error.msg[:1].lower() + error.msg[1:]
        place = f"{path}:{error.lineno}:{error.colno}"
        raise UsageError(f"{what} {place}: not valid JSON: {said}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{what} {path}: not valid JSON") from error


def read_report(path: str, directory: str) -> Earlier:
    """A report that `-o json` or `--report FILE.json` wrote. UsageError for anything else.

    directory: where its relative files are looked for, unless more of them are beside the report:
               a report does not say where it was made
    """
    found = read_json(path, "--since")
    schema = found.get("schema") if type(found) is dict else None
    if type(schema) is not str or not schema.startswith("npcheck.report/"):
        raise UsageError(f"--since {path}: not a JSON report of npcheck (--report FILE.json)")
    if schema != SCHEMA:
        raise UsageError(f"--since {path}: is {schema}; this npcheck reads {SCHEMA}")
    if "changes" in found:
        raise UsageError(f"--since {path}: a report of fix, not of lint or audit")
    try:
        beside = os.path.dirname(os.path.abspath(path))
        files = {item["file"] for item in found["findings"] if item["file"] is not None}
        start = max((directory, beside), key=lambda place: _present(files, place))
        return _earlier(os.path.basename(path), found, start)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise UsageError(f"--since {path}: not a whole report of npcheck") from error


def _present(files: Iterable[str], directory: str) -> int:
    return sum(1 for file in files if os.path.lexists(os.path.join(directory, file)))


def _earlier(name: str, found: dict[str, Any], directory: str) -> Earlier:
    run = Ran(
        _input(found["input"]),
        [_error(item) for item in found["errors"]],
        [_skipped(item) for item in found["skipped"]],
        directory,
        [_error(item) for item in found.get("notRead", ())],
    )
    traces: list[Trace] = []
    findings: list[Gone] = []
    for item in found["findings"]:
        severity = severity_named(item["severity"])
        if severity is None:
            raise ValueError(item["severity"])
        file, cluster = _text(item["file"]), _text(item.get("cluster"))
        namespace, object_name = _text(item["namespace"]), str(item["name"])
        kind = item.get("kind", "NetworkPolicy")
        where = absolute(file, directory) if file is not None else None
        path = str(item["path"])
        identity = Identity(
            cluster, str(item["rule"]), str(kind), namespace, object_name, where, path
        )
        traces.append(Trace(identity, severity))
        findings.append(
            Gone(
                identity.rule,
                severity,
                str(item["message"]),
                file,
                int(item["line"] or 0),
                namespace,
                object_name,
                cluster,
            )
        )
    return Earlier(name, run, traces, findings)


def _input(found: dict[str, Any]) -> dict[str, Any]:
    """What was checked; TypeError or KeyError where that does not say what comparing needs."""
    if "paths" in found:
        for value in [item for item in found.values() if type(item) is list]:
            for item in value:
                _text(item, required=True)
        return dict(found, paths=list(found["paths"]))
    for cluster in found.get("clusters", [found]):
        _text(cluster["context"], required=True)
        if "clusters" in found and "error" in cluster:
            continue
        for key in ("cluster", "server"):
            _text(cluster[key], required=True)
        for key in ("namespace", "selector"):
            _text(cluster[key])
    return dict(found)


def _skipped(item: dict[str, Any]) -> Skipped:
    return Skipped(
        _text(item["file"]),
        0,
        0,
        _text(item["namespace"]),
        _text(item["name"]),
        str(item["reason"]),
        str(item["message"]),
        _text(item.get("cluster")),
    )


def _error(item: dict[str, Any]) -> ReadError:
    return ReadError(
        str(item["file"]), None, None, str(item["message"]), _text(item.get("cluster"))
    )


def _text(value: object, required: bool = False) -> str | None:
    if type(value) is str or (value is None and not required):
        return value
    raise TypeError(value)
