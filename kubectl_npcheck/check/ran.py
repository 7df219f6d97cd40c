"""What a run says of itself, whether it is this one or one whose report is read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kubectl_npcheck.check.identity import absolute
from kubectl_npcheck.findings import ReadError, Report, Skipped


class Ran(NamedTuple):
    """What a run looked at, with the fields of a `Report`.

    directory: where it was started
    unread:    documents without a policy that it could not read
    """

    input: Mapping[str, Any]
    errors: Sequence[ReadError]
    skipped: Sequence[Skipped]
    directory: str
    unread: Sequence[ReadError] = ()

    @property
    def of_files(self) -> bool:
        """Whether it looked at manifests, and not at clusters."""
        return "paths" in self.input

    @property
    def several(self) -> bool:
        """Whether its findings name their cluster."""
        return "clusters" in self.input

    @property
    def clusters(self) -> dict[str, Mapping[str, Any]]:
        """The inputs of its clusters, by their names; {} for files."""
        if self.of_files:
            return {}
        return {cluster_name(item): item for item in self.input.get("clusters", [self.input])}

    @property
    def selector(self) -> str | None:
        """The `-l` of an audit; it is the same for all clusters of a run."""
        found = (item.get("selector") for item in self.clusters.values())
        return next((str(selector) for selector in found if selector is not None), None)

    def place(self, file: str) -> str:
        """A file of the run as an `Identity` names it."""
        return absolute(file, self.directory)


def ran(report: Report, directory: str) -> Ran:
    """What the run of a report looked at."""
    return Ran(report.input, report.errors, report.skipped, directory, report.counts.unread)


def cluster_name(input: Mapping[str, Any]) -> str:
    """What a report calls a cluster: its context, or its own name where none was used."""
    return str(input["context"] or input["cluster"])


def news(run: Ran, beside: Ran | None) -> list[Skipped]:
    """What a run had to skip, and the one that it is compared with had not: that can differ."""
    known = set() if beside is None else {_key(beside, item) for item in beside.skipped}
    return [item for item in run.skipped if _key(run, item) not in known]


def _key(run: Ran, item: Skipped) -> tuple[str | None, str | None, str, str]:
    file = None if item.file is None else run.place(item.file)
    return file, item.name, item.reason, item.message
