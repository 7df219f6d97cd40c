"""Restores the objects of a backup, exactly, and leaves alone what somebody changed since.

An object that holds what npcheck meant to write is restored; one that is as it was before had not
been written; any other is somebody else's now. Knows backups and objects; must not know rules.
"""

from __future__ import annotations

from typing import Any

from kubectl_npcheck.cluster.backup import Backup, Kept, Place
from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.failures import ServerError
from kubectl_npcheck.cluster.write import (
    Outcome,
    Write,
    annotations_of,
    dry_run,
    merge_patch,
    read_policy,
    same_fields,
    write,
)
from kubectl_npcheck.errors import UsageError
from kubectl_npcheck.load.live import live_policy
from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.last_change import last_change
from kubectl_npcheck.policy.selectors import meet
from kubectl_npcheck.repairs import Undone

Plain = dict[str, Any]

RESTORED = "restored"
AS_BEFORE = "as before"
REFUSED = "refused"
NOT_REACHED = "not reached"


def check_place(backup: Backup, here: Place, path: str) -> None:
    """Raises UsageError for a backup of another cluster."""
    there = backup.place
    if there.uid and here.uid:
        same = there.uid == here.uid
    else:
        same = there.server == here.server or there.cluster == here.cluster
    if not same:
        raise UsageError(
            f"{path} is of another cluster: {there.cluster} ({there.server}), not "
            f"{here.cluster} ({here.server})"
        )


class Undoing:
    """The restoring of one backup. where: what it is of, and of when."""

    def __init__(self, client: Client, backup: Backup) -> None:
        self._client = client
        place = backup.place
        self.where = f"cluster {place.cluster} ({place.server}), as it was {backup.created}"
        self._objects = backup.objects
        self._outcomes: list[tuple[str, str]] = [(NOT_REACHED, "")] * len(backup.objects)
        self._writes: dict[int, Write] = {}
        self._changed: dict[int, Plain] = {}
        self.trouble = ""

    def run(self) -> None:
        """Look at all objects first, then restore them in the reverse order of their writing.

        ClusterError where the cluster cannot be read; what happens to a write is in `result`.
        """
        for number, kept in enumerate(self._objects):
            self._look(number, kept)
        self._spare_neighbours()
        for number in list(self._writes):
            self._try_out(number)
        for number in sorted(self._writes, reverse=True):
            item = self._writes[number]
            self._outcomes[number] = (Outcome.UNKNOWN.value, "interrupted while it was written")
            done = write(self._client, item)
            good = done.outcome is Outcome.WRITTEN and not done.detail
            outcome = RESTORED if good else done.outcome.value
            self._outcomes[number] = (outcome, done.detail)
            if not good:
                self.trouble = f"{item.namespace}/{item.name}: {outcome}: {done.detail}"
                return

    def result(self) -> list[Undone]:
        """One entry for each object of the backup, in its order."""
        return [
            Undone(kept.namespace, kept.name, *outcome)
            for kept, outcome in zip(self._objects, self._outcomes, strict=True)
        ]

    def _look(self, number: int, kept: Kept) -> None:
        try:
            current = read_policy(self._client, kept.namespace, kept.name)
        except ServerError as error:
            if error.status != 404:
                raise
            self._refuse(number, "it was deleted since")
            return
        if current["metadata"].get("uid") != kept.uid:
            self._refuse(number, "it was deleted and created anew since")
        elif _holds(current, kept.original["spec"], _annotations_before(kept)):
            self._outcomes[number] = (AS_BEFORE, "")
        elif _holds(current, kept.spec, kept.annotations):
            target = _restored(current, kept)
            self._writes[number] = Write(current, merge_patch(current, target), target)
        else:
            self._refuse(number, f"somebody changed it since{_by(current)}")
            self._changed[number] = current

    def _refuse(self, number: int, why: str) -> None:
        self._outcomes[number] = (REFUSED, why)

    def _spare_neighbours(self) -> None:
        """Leave alone what shares pods with a policy that stays and restricts their egress.

        npcheck may have written the one because of the other: restored alone, the pods of both
        would be left with what the other allows.
        """
        for current in self._changed.values():
            stays = live_policy(current, Origin(None))
            if not stays.lists_egress:
                continue
            for number in list(self._writes):
                mine = live_policy(self._writes[number].before, Origin(None))
                if mine.namespace == stays.namespace and meet(
                    mine.pod_selector, stays.pod_selector
                ):
                    del self._writes[number]
                    self._refuse(
                        number,
                        f"it shares pods with {stays.name}, which somebody changed since: "
                        "restored alone, it could leave them without egress",
                    )

    def _try_out(self, number: int) -> None:
        """A dry run, so that nothing is half restored because the server takes only a part."""
        item = self._writes[number]
        try:
            stored = dry_run(self._client, item.before, item.patch)
        except ServerError as error:
            if error.status >= 500 or error.status in (401, 429):
                raise
            why = f"the API server does not take it: {error.message}"
        else:
            if same_fields(stored, item.after, item.patch):
                return
            why = "admission would store something else than what was there before"
        del self._writes[number]
        self._refuse(number, why)
        self.trouble = self.trouble or f"{item.namespace}/{item.name}: {why}"


def _holds(obj: Plain, spec: Plain, annotations: dict[str, str | None]) -> bool:
    held = annotations_of(obj)
    return obj.get("spec") == spec and all(
        held.get(key) == value for key, value in annotations.items()
    )


def _annotations_before(kept: Kept) -> dict[str, str | None]:
    before = annotations_of(kept.original)
    return {key: before.get(key) for key in kept.annotations}


def _restored(current: Plain, kept: Kept) -> Plain:
    """The object as it is now, with the former spec and annotations."""
    held = dict(annotations_of(current))
    for key, value in _annotations_before(kept).items():
        if value is None:
            held.pop(key, None)
        else:
            held[key] = value
    meta = {key: value for key, value in current["metadata"].items() if key != "annotations"}
    if held:
        meta["annotations"] = held
    return {**current, "metadata": meta, "spec": kept.original["spec"]}


def _by(current: Plain) -> str:
    change = last_change(current)
    return f" (last changed {change.time} by {change.manager})" if change is not None else ""
