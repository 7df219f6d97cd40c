"""What a run looked at: a finding that it no longer has may be gone, or only not looked for.

Each reason is one clause, true of this run as well as of an earlier one.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from kubectl_npcheck.check.identity import Identity, absolute
from kubectl_npcheck.findings import ReadError, Report, Skipped

STDIN = "<stdin>"
NOT_JUDGED = ("template", "kustomize-patch", "limit")
NO_PERMISSION = "no-permission"


class Scope(Protocol):
    """What a run looked at."""

    def unseen(self, identity: Identity) -> str:
        """Why the run could not have found this again; "" if it looked."""


class FileScope:
    """What a run over files looked at.

    named:  the files that it read, as shown; None where a report is all that is known
    off:    the rules that are switched off
    before: what the run that it is compared with had to skip: that makes no difference; and
            failed_before, what it could not read
    """

    def __init__(
        self,
        input: Mapping[str, Any],
        errors: Sequence[ReadError],
        skipped: Sequence[Skipped],
        directory: str,
        named: Collection[str] | None = None,
        off: Collection[str] = (),
        before: Sequence[Skipped] = (),
        failed_before: Sequence[ReadError] = (),
    ) -> None:
        self._directory = directory
        skips = set(map(_key, before))
        failures = {self._place(error.file) for error in failed_before}
        self._off = off
        self._roots = [self._place(path) for path in input["paths"] if path != "-"]
        self._stdin = "-" in input["paths"]
        self._rendered = {
            (key, item)
            for key, value in input.items()
            if key != "paths" and type(value) is list
            for item in value
        }
        self._unjudged = {
            place: "could not be read"
            for place in [self._place(error.file) for error in errors]
            if place not in failures
        }
        for item in skipped:
            if item.file is not None and item.reason in NOT_JUDGED and _key(item) not in skips:
                said = f"holds a {item.reason.replace('-', ' ')}"
                self._unjudged.setdefault(self._place(item.file), said)
        self._named = None if named is None else {self._place(file) for file in named}

    def renders(self, other: FileScope) -> bool:
        """Whether it rendered all that another run rendered."""
        return other._rendered <= self._rendered

    def unseen(self, identity: Identity) -> str:
        """Why the run could not have found this again."""
        file = identity.file
        if identity.rule in self._off:
            return f"rule {identity.rule} is switched off"
        if file is None:
            return "" if self._rendered else "nothing was rendered"
        if file == STDIN and not self._stdin:
            return "standard input was not read"
        if file != STDIN and not self._covers(file):
            return f"{self._shown(file)} was not read"
        return self._doubt(file)

    def _covers(self, file: str) -> bool:
        """Whether the file was read, or would have been if it were still there."""
        if self._named is not None and file in self._named:
            return True
        below = any(_holds(root, file) for root in self._roots)
        return below and (self._named is None or not os.path.lexists(file))

    def _doubt(self, file: str) -> str:
        """What could not be judged: the file, or another one that leaves the rules in doubt."""
        for place, said in self._unjudged.items():
            if _holds(place, file):
                return f"{self._shown(place)} {said}"
        return next((f"{self._shown(p)} {said}" for p, said in self._unjudged.items()), "")

    def _place(self, file: str) -> str:
        return absolute(file, self._directory)

    def _shown(self, file: str) -> str:
        if not file.startswith(os.path.join(self._directory, "")):
            return file
        return os.path.relpath(file, self._directory).replace(os.sep, "/")


def _holds(root: str, file: str) -> bool:
    return file == root or file.startswith(os.path.join(root, ""))


def _key(item: Skipped) -> tuple[str | None, str | None, str, str]:
    return item.file, item.name, item.reason, item.message


class ClusterScope:
    """What an audit looked at, of one cluster or of several.

    An identity that names no cluster is meant for each one.

    before:   what the run that it is compared with could not see: that makes no difference
    selector: that of the run that it is compared with
    """

    def __init__(
        self,
        input: Mapping[str, Any],
        errors: Sequence[ReadError],
        skipped: Sequence[Skipped],
        off: Collection[str] = (),
        before: Sequence[Skipped] = (),
        selector: str | None = None,
    ) -> None:
        known = set(map(_key, before))
        self._off = off
        self._selector = selector
        self._inputs = {cluster_name(item): item for item in input.get("clusters", [input])}
        name = next(iter(self._inputs), "")
        self._failed = {error.cluster or name for error in errors}
        self._hidden = {
            item.cluster or name
            for item in skipped
            if item.reason == NO_PERMISSION and _key(item) not in known
        }

    def unseen(self, identity: Identity) -> str:
        """Why the run could not have found this again."""
        if identity.rule in self._off:
            return f"rule {identity.rule} is switched off"
        if identity.file is not None:
            return "no file was read"
        names = list(self._inputs) if identity.cluster is None else [identity.cluster]
        reasons = (self._unseen_in(name, identity.namespace) for name in names)
        return next((reason for reason in reasons if reason), "")

    def _unseen_in(self, cluster: str, namespace: str | None) -> str:
        input = self._inputs.get(cluster)
        if input is None:
            return f"context {cluster} was not audited"
        if "error" in input:
            return f"context {cluster} could not be audited"
        audited = input["namespace"]
        if audited is not None and namespace != audited:
            if namespace is None:
                return f"only namespace {audited} was audited"
            return f"namespace {namespace} was not audited"
        if input["selector"] is not None and input["selector"] != self._selector:
            return f"only {input['selector']} was reported on"
        if cluster in self._failed:
            return f"context {cluster} could not be read completely"
        if cluster in self._hidden:
            return f"not all of context {cluster} may be read"
        return ""


def cluster_name(input: Mapping[str, Any]) -> str:
    """What a report calls a cluster: its context, or its own name where none was used."""
    return str(input["context"] or input["cluster"])


def scope_of(
    report: Report, directory: str, named: Collection[str] | None, off: Collection[str]
) -> Scope:
    """What the run of a report looked at; the parameters are those of `FileScope`."""
    if "paths" in report.input:
        return FileScope(report.input, report.errors, report.skipped, directory, named, off)
    return ClusterScope(report.input, report.errors, report.skipped, off)
