"""What a repair changes and what it leaves: plain values, for `fix`, its reports and the command.

Knows nothing of policies and files beyond their names and texts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from kubectl_npcheck.findings import ClassState, Operation, Report


class TextEdit(NamedTuple):
    """A piece of the old text that is replaced; 1-based, columns in code points, end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class Change(NamedTuple):
    """What is written into one object.

    rules:    the rules whose findings it repairs
    strategy: how its egress is stated; "" where only other findings are repaired
    summary:  one clause
    states:   its pod classes and what they may do, before and after the whole repair; computed
              when a format asks for it
    effects:  which pods may do more or less than before, one line each
    added:    the name of the policy that is written beside it, "" if none is
    """

    file: str | None
    line: int
    namespace: str | None
    name: str
    rules: tuple[str, ...]
    strategy: str
    summary: str
    operations: tuple[Operation, ...]
    edits: tuple[TextEdit, ...]
    states: Callable[[], tuple[list[ClassState], list[ClassState]]]
    effects: tuple[str, ...] = ()
    added: str = ""


class Refusal(NamedTuple):
    """What is not repaired, and why.

    evidence:  lines that name the policies and files concerned
    witnesses: label sets of pods for which the repair would be wrong, or in doubt
    remedy:    what the user can do about it
    """

    file: str | None
    line: int
    namespace: str | None
    name: str
    rules: tuple[str, ...]
    reason: str
    evidence: tuple[str, ...] = ()
    witnesses: tuple[dict[str, str], ...] = ()
    remedy: str = ""


class LiveChange(NamedTuple):
    """A change of an object in a cluster.

    before, after: the spec, and the annotations that change, as the API server holds them
    pods:          the pods concerned now; known: whether all of them could be listed
    notes:         what has to be known or done besides, one line each
    verified:      a dry run on the server has shown what would be stored
    outcome:       "planned", "written", "not written", "not known" or "not reached"
    detail:        why it is so, "" where that says all
    """

    change: Change
    before: dict[str, Any]
    after: dict[str, Any]
    pods: tuple[str, ...] = ()
    known: bool = True
    notes: tuple[str, ...] = ()
    verified: bool = True
    outcome: str = "planned"
    detail: str = ""


class LiveRepair(NamedTuple):
    """The outcome of a live run; changes are in the order in which they are written.

    report:  what the selected rules still find once the changes are written
    trouble: what the cluster refused or broke off, one line each; where there is any, the run fails
    backup:  the file that holds the originals, "" where nothing was to be written
    stands:  the proof holds only for the pods that there are now
    """

    changes: tuple[LiveChange, ...]
    refused: tuple[Refusal, ...]
    report: Report
    trouble: tuple[str, ...] = ()
    backup: str = ""
    stands: str = ""


class Undone(NamedTuple):
    """What became of one object of a backup.

    outcome: "restored", "as before" (as the backup has it), "refused", "not written",
             "not known" or "not reached"
    """

    namespace: str
    name: str
    outcome: str
    detail: str = ""


class Rewritten(NamedTuple):
    """One file with a changed text. real is "" for standard input.

    edits:    start, end (offsets in the old text) and what stands there now, sorted
    encoding: codec of the bytes; bom: a byte order mark precedes them
    """

    file: str
    real: str
    old: str
    new: str
    old_bytes: bytes
    new_bytes: bytes
    edits: tuple[tuple[int, int, str], ...]
    encoding: str = "utf-8"
    bom: bool = False


class Repair(NamedTuple):
    """The outcome of a run, before anything is written.

    report:      what the selected rules still find once the changes are written
    directories: where the documents that were looked at lie: a killed run may have left something
    """

    changes: tuple[Change, ...]
    refused: tuple[Refusal, ...]
    files: tuple[Rewritten, ...]
    report: Report
    directories: tuple[str, ...] = ()
