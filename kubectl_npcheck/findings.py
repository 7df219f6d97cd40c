"""What a run found: plain values that every report format reads. Knows nothing of policies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from kubectl_npcheck.origin import Change, Path
from kubectl_npcheck.record import Record

if TYPE_CHECKING:
    from kubectl_npcheck import repairs


class Severity(IntEnum):
    """How sure and how bad: error = wrong or undecided, warning = very likely a mistake."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """`note`, `warning` or `error`, as in every output format and in settings."""
        return self.name.lower()


class RuleEntry(Record):
    """One rule as users see it; documentation is its module's docstring."""

    id: str
    severity: Severity
    scope: str
    summary: str
    documentation: str


class Location(Record):
    """A region of a file; lines and columns 1-based, columns count code points, end exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Operation(Record):
    """One change of an object's fields, as plain data; the path is relative to the object.

    do: "set" gives the field at the path the value; "insert" puts the value after the list item
    at the path; "remove" takes the field out; "rename" makes the value the key at the path
    """

    do: str
    path: Path
    value: Any = None


class Fix(Record):
    """How to repair a finding: a sentence, whether `npcheck fix` can write it, and what.

    on_request: it is written only if the rule is named (`--rule`), since it changes a meaning
    """

    summary: str
    automatic: bool = False
    operations: tuple[Operation, ...] = ()
    on_request: bool = False


class Finding(Record):
    """One statement of one rule about one place.

    changed: the last change of a live object
    cluster: the context that it was found in, where a run audits several
    trend:   "new" or "unchanged" beside an earlier report (`Trend`), "" without one
    """

    rule: str
    severity: Severity
    message: str
    location: Location | None
    path: str
    namespace: str | None
    name: str
    evidence: tuple[str, ...] = ()
    fix: Fix | None = None
    kind: str = "NetworkPolicy"
    changed: Change | None = None
    cluster: str | None = None
    trend: str = ""


class Gone(Record):
    """A finding of an earlier report that this run no longer has."""

    rule: str
    severity: Severity
    message: str
    file: str | None
    line: int
    namespace: str | None
    name: str
    cluster: str | None = None


class Unseen(Record):
    """How many findings one of two runs did not look for, and why."""

    number: int
    reason: str


class Trend(Record):
    """How a report compares with an earlier one: its file's name, and what has gone since.

    unseen:        findings of the earlier report that this run did not look for
    unseen_before: new findings that the earlier run had not looked for
    """

    since: str
    gone: tuple[Gone, ...]
    unseen: tuple[Unseen, ...] = ()
    unseen_before: tuple[Unseen, ...] = ()


class Skipped(Record):
    """Something that was seen and not judged. reason: template, kustomize-patch, unresolved, …"""

    file: str | None
    line: int
    column: int
    namespace: str | None
    name: str | None
    reason: str
    message: str
    cluster: str | None = None


class ReadError(Record):
    """An input that could not be read or parsed (exit 3)."""

    file: str
    line: int | None
    column: int | None
    message: str
    cluster: str | None = None


class DirectionState(Record):
    """State of a pod class in one direction under both readings: open|restricted|denied|unknown."""

    open: str
    deny: str


class ClassState(Record):
    """The pods of one unit that the same policies select, and what they may do.

    namespace: that of the unit, which may rewrite the one that the document gives
    """

    unit: str
    policies: tuple[str, ...]
    witness: dict[str, str]
    ingress: DirectionState
    egress: DirectionState
    namespace: str | None = None


class PolicyEntry(Record):
    """One NetworkPolicy document of the input, with the facts that tables show.

    has_ingress, has_egress: policyTypes lists the direction, after the API's defaulting
    compliant:     it states its egress, or other policies decide it, in each of its units
    violation:     why it is not compliant, "" if it is
    ingress_state, egress_state: the first of undecided, unknown, open, restricted, denied that
                   some of its pods are in; "none" for a policy that can select no pod
    undecided_pods: workloads whose egress is undecided, or example labels where none are known
    """

    namespace: str | None
    name: str
    file: str | None
    line: int
    ingress_rules: int
    egress_rules: int
    has_ingress: bool
    has_egress: bool
    compliant: bool
    violation: str
    ingress_state: str
    egress_state: str
    undecided_pods: str
    rules: tuple[str, ...]
    states: tuple[ClassState, ...]
    cluster: str | None = None


class Counts(Record):
    """What was read: files in all, files that hold a policy, policies reported on.

    unread: documents that hold no policy and cannot be read: no errors, but pods may be missing
    baselined: findings that a baseline (`--baseline`) knows, and that are left out for that
    stale:     entries of that baseline that match nothing any more
    """

    files: int
    files_with_policies: int
    policies: int
    suppressed: int
    unread: tuple[ReadError, ...] = ()
    baselined: int = 0
    stale: int = 0


class Report:
    """The result of a run. `policies` is computed when a format first asks for it.

    input:   what was checked, as plain data: {"paths": [...], ...}
    fail_on: the severity from which on a finding fails the run
    trend:   how it compares with an earlier report, None without one
    lines:   the lines of a file around a region, as (number, text); [] where there are none
    rules:   every rule that a finding could be of, for formats that describe them
    changes: what `npcheck fix` would write, each change right by itself; computed when it is asked
             for, () where there is nothing to write to
    hidden:  the findings that the manifests themselves suppress
    known:   the findings that a baseline knows, and that are left out for that
    """

    __slots__ = (
        "_entries",
        "_policies",
        "changes",
        "counts",
        "errors",
        "fail_on",
        "findings",
        "hidden",
        "input",
        "known",
        "lines",
        "rules",
        "skipped",
        "trend",
    )

    def __init__(
        self,
        input: dict[str, Any],
        counts: Counts,
        findings: Sequence[Finding],
        skipped: Sequence[Skipped],
        errors: Sequence[ReadError],
        policies: Callable[[], list[PolicyEntry]],
        fail_on: Severity = Severity.WARNING,
        lines: Callable[[Location], list[tuple[int, str]]] = lambda _: [],
        hidden: Callable[[], list[Finding]] = list,
    ) -> None:
        self.input = input
        self.counts = counts
        self.findings = findings
        self.skipped = skipped
        self.errors = errors
        self.fail_on = fail_on
        self.lines = lines
        self.hidden = hidden
        self.known: Sequence[Finding] = ()
        self.trend: Trend | None = None
        self.rules: Callable[[], Sequence[RuleEntry]] = tuple
        self.changes: Callable[[], Sequence[repairs.Change]] = tuple
        self._policies = policies
        self._entries: list[PolicyEntry] | None = None

    @property
    def policies(self) -> list[PolicyEntry]:
        """One entry a policy document, in the order of the input."""
        if self._entries is None:
            self._entries = self._policies()
        return self._entries

    @property
    def of_cluster(self) -> bool:
        """Whether it is of one cluster."""
        return "cluster" in self.input

    @property
    def of_clusters(self) -> bool:
        """Whether it is of several clusters; its input and findings name them."""
        return "clusters" in self.input

    @property
    def live(self) -> bool:
        """Whether it is of what is in clusters, and not of files."""
        return self.of_cluster or self.of_clusters

    @property
    def failing(self) -> bool:
        """True if a finding is at or above `fail_on`."""
        return any(finding.severity >= self.fail_on for finding in self.findings)


def severity_named(label: str) -> Severity | None:
    """The severity that users write as `error`, `warning` or `note`; None for another word."""
    for severity in Severity:
        if severity.label == label:
            return severity
    return None
