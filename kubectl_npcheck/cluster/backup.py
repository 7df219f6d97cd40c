"""The backup of a live repair: the objects as they were, and what was to be written to each.

It is whole on the disk before the first write, so that a run that is killed at any moment can be
undone. The objects stand in it as `kubectl replace -f` takes them. Knows files and YAML; must not
know what a policy means.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from kubectl_npcheck import __version__
from kubectl_npcheck.cluster.write import Plain, Write, annotations_of, version_of
from kubectl_npcheck.errors import InputError, NpcheckError

SCHEMA = "npcheck.backup/v1"
PREFIX = "npcheck-backup-"
END = "# the end; sha256 of all above: "
DROPPED = ("managedFields", "resourceVersion")
"""Metadata that a `kubectl replace` of the object must not carry."""

WIDE = 1 << 20
_PLAIN = r"[A-Za-z][A-Za-z0-9_./-]*"
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


class Place(NamedTuple):
    """The cluster that a backup belongs to. uid: of its namespace kube-system, "" if not known."""

    cluster: str
    server: str
    context: str
    identity: str
    uid: str


class Kept(NamedTuple):
    """One object of a backup: as it was, and what npcheck meant to make of it.

    original: without managedFields and resourceVersion
    spec:     what was to be stored
    annotations: those that were to change; None where one was to be removed
    version:  the resourceVersion that it was changed from
    """

    namespace: str
    name: str
    uid: str
    version: str
    original: Plain
    spec: Plain
    annotations: dict[str, str | None]


class Backup(NamedTuple):
    """A backup that was read. objects are in the order in which they were written."""

    created: str
    place: Place
    objects: tuple[Kept, ...]


class BackupError(NpcheckError):
    """A backup that could not be written. Nothing has been written to the cluster."""

    exit_code = 3


def render(place: Place, writes: Sequence[Write], created: str, file: str, program: str) -> str:
    """The text of a backup. program: how the user calls npcheck."""
    value = {
        "npcheck": {
            "schema": SCHEMA,
            "version": __version__,
            "created": created,
            **place._asdict(),
            "objects": [_written(item) for item in writes],
        },
        "apiVersion": "v1",
        "kind": "List",
        "items": [_original(item.before) for item in writes],
    }
    head = (
        f"# Backup by {program} fix --live --apply, {created}: "
        "the NetworkPolicies as they were before.\n"
        f"# cluster {place.cluster} ({place.server}), context {place.context or '-'}, "
        f"as {place.identity or 'not known'}\n"
        "#\n"
        f"# To restore them:  {program} fix --live --undo {file}\n"
        "# which leaves alone what somebody else has changed since. Without npcheck:\n"
        f"#                   kubectl replace -f {file}\n"
    )
    text = _visible(head) + _dump(value)
    return f"{text}{END}{_digest(text)}\n"


def save(directory: str, place: Place, writes: Sequence[Write], program: str) -> str:
    """Write the backup to a new file of the directory, and to the disk; the file's name."""
    now = time.gmtime()
    stamp = time.strftime("%Y%m%dT%H%M%SZ", now)
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", now)
    number = 1
    while True:
        name = f"{PREFIX}{stamp}{f'-{number}' if number > 1 else ''}.yaml"
        try:
            _create(os.path.join(directory, name), render(place, writes, created, name, program))
        except FileExistsError:
            number += 1
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise BackupError(
                f"cannot write the backup {name}: {reason}; nothing was written to the cluster"
            ) from error
        else:
            return name


def _create(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise
    with contextlib.suppress(OSError):  # some systems cannot flush a directory
        held = os.open(os.path.dirname(path) or ".", os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)


def read(path: str) -> Backup:
    """A backup from a file. InputError, one line, for whatever is not a whole one."""
    try:
        with open(path, encoding="utf-8", newline="") as stream:
            text = stream.read()
    except OSError as error:
        raise InputError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not a backup of npcheck: not UTF-8") from error
    return parse(text, path)


def parse(text: str, path: str) -> Backup:
    """The backup in a text; errors name `path`."""
    if not text.startswith("# Backup by ") or SCHEMA not in text:
        raise InputError(f"{path}: not a backup of npcheck")
    body, found, last = text.rpartition(END)
    if not found or len(last.strip()) != 64 or not text.endswith("\n"):
        raise InputError(f"{path}: the backup is cut off: its last line is missing")
    if last.strip() != _digest(body):
        raise InputError(f"{path}: the backup was changed since npcheck wrote it")
    from kubectl_npcheck.pyyaml import SafeLoader, yaml

    try:
        return _backup(yaml.load(body, Loader=SafeLoader))
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(f"{path}: not a backup that this version of npcheck can read") from error


def _backup(value: Plain) -> Backup:
    about = value["npcheck"]
    if about["schema"] != SCHEMA:
        raise ValueError(about["schema"])
    place = Place(*(str(about[field]) for field in Place._fields))
    objects = [
        Kept(
            str(item["namespace"]),
            str(item["name"]),
            str(item["uid"]),
            str(item["resourceVersion"]),
            original,
            dict(item["written"]["spec"]),
            dict(item["written"]["annotations"]),
        )
        for item, original in zip(about["objects"], value["items"], strict=True)
    ]
    for kept in objects:
        meta = kept.original["metadata"]
        if (meta["namespace"], meta["name"]) != (kept.namespace, kept.name):
            raise ValueError(kept.name)
    return Backup(str(about["created"]), place, tuple(objects))


def _written(item: Write) -> Plain:
    touched = item.patch.get("metadata", {}).get("annotations") or {}
    meant = annotations_of(item.after)
    return {
        "namespace": item.namespace,
        "name": item.name,
        "uid": str(item.before["metadata"].get("uid", "")),
        "resourceVersion": version_of(item.before),
        "written": {
            "spec": item.after["spec"],
            "annotations": {key: meant.get(key) for key in touched},
        },
    }


def _original(obj: Plain) -> Plain:
    meta = {key: value for key, value in obj["metadata"].items() if key not in DROPPED}
    head = {"apiVersion": obj["apiVersion"], "kind": obj["kind"], "metadata": meta}
    rest = {key: value for key, value in obj.items() if key not in head and key != "status"}
    return {**head, **rest}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _visible(text: str) -> str:
    """Comments of one line each, whatever a kubeconfig's names hold."""
    return "".join(c if c == "\n" or c.isprintable() else "?" for c in text)


def _dump(value: Plain) -> str:
    """YAML that every reader takes for the same: all strings but plain words are quoted."""
    from kubectl_npcheck.pyyaml import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    def quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        bare = re.fullmatch(_PLAIN, text) and text.lower() not in _WORDS
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if bare else '"')

    Dumper.add_representer(str, quoted)
    text: str = yaml.dump(
        value,
        Dumper=Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=WIDE,
    )
    return text
