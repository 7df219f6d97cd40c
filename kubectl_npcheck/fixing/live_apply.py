"""Carries out a plan for a cluster: the backup, then one guarded write after the other.

Stops at the first write that fails. At every moment, also when it is interrupted, it can say of
each object whether it was written. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kubectl_npcheck.cluster import backup
from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.lists import read_list
from kubectl_npcheck.cluster.resources import POLICIES
from kubectl_npcheck.cluster.write import Outcome, version_of, write
from kubectl_npcheck.fixing.live_result import LivePlan
from kubectl_npcheck.repairs import LiveRepair
from kubectl_npcheck.rules.wording import listed

NOT_REACHED = "not reached"


class Applying:
    """The writes of one plan."""

    def __init__(self, client: Client, plan: LivePlan) -> None:
        self._client = client
        self._plan = plan
        self._backup = ""
        self._outcomes = [(NOT_REACHED, "")] * len(plan.writes)
        self._stopped = ""

    def run(
        self, directory: str, program: str, progress: Callable[[str, int], None] | None = None
    ) -> None:
        """Save the backup in the directory, then write. progress: is told how many are written.

        Raises BackupError before anything is written. What the cluster does is in `result`.
        """
        plan = self._plan
        if not plan.writes or any(not change.verified for change in plan.repair.changes):
            return
        self._stopped = self._moved()
        if self._stopped:
            return
        self._backup = backup.save(directory, plan.place, plan.writes, program)
        for number, item in enumerate(plan.writes):
            self._outcomes[number] = (Outcome.UNKNOWN.value, "interrupted while it was written")
            done = write(self._client, item)
            self._outcomes[number] = (done.outcome.value, done.detail)
            if progress is not None:
                progress("policies", number + 1)
            if done.detail:
                self._stopped = f"{item.namespace}/{item.name}: {done.outcome.value}: {done.detail}"
                return

    def _moved(self) -> str:
        """What has changed since the plan was made, "" if nothing has.

        A plan rests on all policies of a namespace; a write is guarded for its own object only.
        """
        for namespace in sorted({item.namespace for item in self._plan.writes}):
            now: dict[str, str] = {}

            def take(obj: dict[str, Any], now: dict[str, str] = now) -> None:
                now[str(obj["metadata"].get("name"))] = version_of(obj)

            read_list(self._client, POLICIES, namespace, 500, take, now.clear)
            then = self._plan.versions.get(namespace, {})
            names = [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]
            if names:
                return (
                    f"policies of namespace {namespace} have changed while this was planned "
                    f"({listed(names)}), so nothing was written; run the command again"
                )
        return ""

    def result(self) -> LiveRepair:
        """How far it is."""
        repair = self._plan.repair
        changes = tuple(
            change._replace(outcome=outcome, detail=detail)
            for change, (outcome, detail) in zip(repair.changes, self._outcomes, strict=True)
        )
        written = {
            number
            for number, (outcome, _) in enumerate(self._outcomes)
            if outcome == Outcome.WRITTEN.value
        }
        report = repair.report
        if len(written) < len(changes):
            report = self._plan.remaining(written)
        trouble = repair.trouble + ((self._stopped,) if self._stopped else ())
        return repair._replace(changes=changes, report=report, trouble=trouble, backup=self._backup)
