"""What a rule says: a subject, a field path, a message."""

from __future__ import annotations

from typing import Protocol

from kubectl_npcheck.findings import Fix, Severity
from kubectl_npcheck.origin import Origin, Path
from kubectl_npcheck.record import Record


class Subject(Protocol):
    """The object that a problem is about: anything of `policy.model` with a name and an origin."""

    @property
    def origin(self) -> Origin:
        """Where it comes from."""
        ...

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def namespace(self) -> str | None:
        """Its namespace in the unit, None where nothing gives one."""
        ...


class Problem(Record):
    """One statement of a rule.

    path:     field path in the subject; a path that does not exist stands for its nearest parent
    message:  one line, starts lower-case, names the values concerned
    evidence: further lines: the witness, both readings, the object that decides the matter
    severity: where it differs from the rule's own
    """

    subject: Subject
    path: Path
    message: str
    evidence: tuple[str, ...] = ()
    severity: Severity | None = None
    fix: Fix | None = None
