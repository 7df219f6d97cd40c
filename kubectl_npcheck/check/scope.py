"""What a run looked at: a finding that it no longer has may be gone, or only not looked for.

Each reason is one clause, true of this run as well as of an earlier one. What two runs could not
judge makes no difference between them.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import Protocol

from kubectl_npcheck.check.identity import Identity
from kubectl_npcheck.check.ran import Ran, news

STDIN = "<stdin>"
NOT_JUDGED = ("template", "kustomize-patch", "limit")
NO_PERMISSION = "no-permission"


class Scope(Protocol):
    """What a run looked at."""

    def unseen(self, identity: Identity) -> str:
        """Why the run could not have found this again; "" if it looked."""


def scope_of(
    run: Ran,
    named: Collection[str] | None = None,
    off: Collection[str] = (),
    beside: Ran | None = None,
) -> Scope:
    """What a run looked at.

    named:  the files that it read, as shown; None where a report is all that is known
    off:    the rules that are switched off
    beside: the run that it is compared with
    """
    if run.of_files:
        return FileScope(run, named, off, beside)
    return ClusterScope(run, off, beside)


class FileScope:
    """What a run over files looked at."""

    def __init__(
        self,
        run: Ran,
        named: Collection[str] | None,
        off: Collection[str],
        beside: Ran | None,
    ) -> None:
        self._directory = run.directory
        self._off = off
        paths = run.input["paths"]
        self._roots = [run.place(path) for path in paths if path != "-"]
        self._stdin = "-" in paths
        self._rendered = _rendered(run)
        self._missing = [] if beside is None else sorted(_rendered(beside) - self._rendered)
        self._unjudged = _unjudged(run, beside)
        self._named = None if named is None else {run.place(file) for file in named}

    def unseen(self, identity: Identity) -> str:
        """Why the run could not have found this again."""
        file = identity.file
        if identity.rule in self._off:
            return f"rule {identity.rule} is switched off"
        if identity.cluster is not None:
            return "no cluster was audited"
        if file is None:
            if not self._rendered:
                return "nothing was rendered"
            if self._missing:
                return f"{self._missing[0]} was not rendered"
        elif file == STDIN:
            if not self._stdin:
                return "standard input was not read"
        elif not self._covers(file):
            return f"{self._shown(file)} was not read"
        return self._doubt(file)

    def _covers(self, file: str) -> bool:
        """Whether the file was read, or would have been if it were still there."""
        if self._named is not None and file in self._named:
            return True
        below = any(_holds(root, file) for root in self._roots)
        return below and (self._named is None or not os.path.lexists(file))

    def _doubt(self, file: str | None) -> str:
        """What could not be judged: the file, or another one that leaves the rules in doubt."""
        if not self._unjudged:
            return ""
        own = (place for place in self._unjudged if file is not None and _holds(place, file))
        place = next(own, next(iter(self._unjudged)))
        return f"{self._shown(place)} {self._unjudged[place]}"

    def _shown(self, file: str) -> str:
        if not file.startswith(os.path.join(self._directory, "")):
            return file
        return os.path.relpath(file, self._directory).replace(os.sep, "/")


def _unjudged(run: Ran, beside: Ran | None) -> dict[str, str]:
    """By place, what this run could not judge, and the other one could."""
    failed, known = list(run.errors), set()
    if beside is not None:
        failed += run.unread  # fails no run: alone, it would keep a baseline's entries for ever
        known = {beside.place(error.file) for error in (*beside.errors, *beside.unread)}
    places = [run.place(error.file) for error in failed]
    found = {place: "could not be read" for place in places if place not in known}
    for item in news(run, beside):
        if item.file is not None and item.reason in NOT_JUDGED:
            found.setdefault(run.place(item.file), f"holds a {item.reason.replace('-', ' ')}")
    return found


def _rendered(run: Ran) -> set[str]:
    """The directories and charts that a run rendered: all lists of its input but the paths."""
    return {
        item
        for key, value in run.input.items()
        if key != "paths" and type(value) is list
        for item in value
    }


def _holds(root: str, file: str) -> bool:
    return file == root or file.startswith(os.path.join(root, ""))


class ClusterScope:
    """What an audit looked at, of one cluster or of several.

    An identity that names no cluster is meant for each one.
    """

    def __init__(self, run: Ran, off: Collection[str], beside: Ran | None) -> None:
        self._off = off
        self._inputs = run.clusters
        self._selector = None if beside is None else beside.selector
        alone = next(iter(self._inputs), "")
        self._failed = {error.cluster or alone for error in run.errors}
        self._hidden = {
            item.cluster or alone for item in news(run, beside) if item.reason == NO_PERMISSION
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
