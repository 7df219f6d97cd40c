"""Guarded writes of one NetworkPolicy: dry run, patch, and what became of a lost answer.

A patch carries the resourceVersion that it was made for: the API server refuses it (409) once
somebody else has written, and so, too, when it arrives a second time. Knows patches and answers;
must not know what a policy means.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple

from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.failures import ServerError, UnreachableError
from kubectl_npcheck.cluster.resources import POLICIES
from kubectl_npcheck.errors import ClusterError

MANAGER = "kubectl-npcheck"
MERGE = "application/merge-patch+json"
TRIES = 2
"""The second one settles a lost answer: only one of the two can be carried out."""

Plain = dict[str, Any]


class Write(NamedTuple):
    """One object, the merge patch for it, and what the API server then holds (by its dry run)."""

    before: Plain
    patch: Plain
    after: Plain

    @property
    def namespace(self) -> str:
        """The object's namespace."""
        return str(self.before["metadata"].get("namespace"))

    @property
    def name(self) -> str:
        """The object's name."""
        return str(self.before["metadata"].get("name"))


class Outcome(Enum):
    """What became of a write."""

    WRITTEN = "written"
    NOT_WRITTEN = "not written"
    UNKNOWN = "not known"


class Written(NamedTuple):
    """How a write ended, why if it failed, and the object as it was seen last."""

    outcome: Outcome
    detail: str = ""
    stored: Plain | None = None


def merge_patch(old: Any, new: Any) -> Any:
    """What makes `new` of `old` (RFC 7386): maps are merged, null removes, all else replaces."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    changed = {key: merge_patch(old.get(key), value) for key, value in new.items() if key in old}
    patch = {key: value for key, value in changed.items() if old[key] != new[key]}
    patch.update((key, value) for key, value in new.items() if key not in old)
    patch.update((key, None) for key in old if key not in new)
    return patch


def same_fields(stored: Plain, wanted: Plain, patch: Plain) -> bool:
    """Whether the object holds the whole wanted spec, and the annotations of the patch."""
    if stored.get("spec") != wanted.get("spec"):
        return False
    held, meant = annotations_of(stored), annotations_of(wanted)
    touched = patch.get("metadata", {}).get("annotations") or {}
    return all(held.get(key) == meant.get(key) for key in touched)


def annotations_of(obj: Plain) -> dict[str, str]:
    """The object's annotations."""
    return obj["metadata"].get("annotations") or {}


def read_policy(client: Client, namespace: str, name: str) -> Plain:
    """The object as it is now. ServerError of status 404 where there is none."""
    return client.get(_path(namespace, name))


def dry_run(client: Client, before: Plain, patch: Plain) -> Plain:
    """What the API server, admission included, would store. ClusterError where it refuses."""
    return _send(client, before, patch, {"dryRun": "All"})


def write(client: Client, item: Write) -> Written:
    """Write one object, and do not end before it is known what became of it, if that can be had."""
    lost: ClusterError | None = None
    for _ in range(TRIES):
        try:
            stored = _send(client, item.before, item.patch, {}, once=True)
        except ServerError as error:
            if error.status == 409 and lost is None:
                return Written(Outcome.NOT_WRITTEN, f"somebody else changed it: {error.message}")
            if error.status < 500 and error.status != 409 and error.status >= 400:
                return Written(Outcome.NOT_WRITTEN, error.message)
            lost = error
        except UnreachableError as error:
            if not error.sent:
                return Written(_unless(lost), str(error))
            lost = error
        else:
            return _checked(item, stored)
        settled = _look(client, item, lost)
        if settled is not None:
            return settled
    return Written(
        Outcome.UNKNOWN,
        f"{lost}; read again, it was as before, but a request on its way may still be carried out",
    )


def _unless(lost: ClusterError | None) -> Outcome:
    """A request that never left writes nothing; one that was lost before may have."""
    return Outcome.NOT_WRITTEN if lost is None else Outcome.UNKNOWN


def _look(client: Client, item: Write, lost: ClusterError) -> Written | None:
    """Read the object after a lost answer. None: it is as it was, so that it can be tried again."""
    try:
        stored = read_policy(client, item.namespace, item.name)
    except ClusterError as error:
        return Written(Outcome.UNKNOWN, f"{lost}; and it could not be read again: {error}")
    if same_fields(stored, item.after, item.patch):
        return Written(Outcome.WRITTEN, "", stored)
    if stored["metadata"].get("resourceVersion") == version_of(item.before):
        return None
    return Written(Outcome.UNKNOWN, f"{lost}; read again, it holds something else", stored)


def _checked(item: Write, stored: Plain) -> Written:
    if same_fields(stored, item.after, item.patch):
        return Written(Outcome.WRITTEN, "", stored)
    said = "the API server stored something else than in the dry run"
    return Written(Outcome.WRITTEN, said, stored)


def _send(
    client: Client, before: Plain, patch: Plain, query: Mapping[str, str], once: bool = False
) -> Plain:
    meta = {**patch.get("metadata", {}), "resourceVersion": version_of(before)}
    path = _path(str(before["metadata"].get("namespace")), str(before["metadata"].get("name")))
    asked = {"fieldManager": MANAGER, "fieldValidation": "Strict", **query}
    return client.patch(path, {**patch, "metadata": meta}, MERGE, asked, once)


def version_of(obj: Plain) -> str:
    """The object's resourceVersion."""
    return str(obj["metadata"].get("resourceVersion"))


def _path(namespace: str, name: str) -> str:
    from urllib.parse import quote

    return f"{POLICIES.path(namespace)}/{quote(name, safe='')}"
