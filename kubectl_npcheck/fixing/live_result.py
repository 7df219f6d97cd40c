"""The plan for a cluster, ready to be carried out in part or as a whole, and to be reported.

Knows what was read and what the server would store; decides nothing and sends nothing.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator

from kubectl_npcheck.check import check
from kubectl_npcheck.check.baseline import leave_out
from kubectl_npcheck.check.baseline_file import Baseline
from kubectl_npcheck.cluster.backup import Place
from kubectl_npcheck.cluster.write import Write, version_of
from kubectl_npcheck.findings import Report
from kubectl_npcheck.fixing.objects import Plain
from kubectl_npcheck.fixing.plan import Step
from kubectl_npcheck.fixing.prove import Pair
from kubectl_npcheck.fixing.remarks import remarks
from kubectl_npcheck.fixing.trial import Trial
from kubectl_npcheck.fixing.world import with_policies
from kubectl_npcheck.load.cluster import Live
from kubectl_npcheck.load.live import Kept, live_policy
from kubectl_npcheck.policy.inventory import Inventory
from kubectl_npcheck.policy.model import NetworkPolicy
from kubectl_npcheck.repairs import Change, LiveChange, LiveRepair
from kubectl_npcheck.rules.concerned import concerned
from kubectl_npcheck.rules.wording import workload_text
from kubectl_npcheck.settings import Settings


class LivePlan:
    """What is to be written, in order, and what it comes to.

    writes:   one for each of the repair's changes
    versions: by namespace and name, the resourceVersions of all policies that were read
    """

    def __init__(
        self,
        repair: LiveRepair,
        writes: list[Write],
        place: Place,
        versions: dict[str, dict[str, str]],
        state: State,
    ) -> None:
        self.repair = repair
        self.writes = writes
        self.place = place
        self.versions = versions
        self._state = state

    def remaining(self, written: Collection[int]) -> Report:
        """What the rules find if only the changes of these numbers are written."""
        return self._state.report({n: self.writes[n].after for n in written})


class State:
    """What a report of the cluster needs, for any part of the plan that was carried out."""

    def __init__(
        self,
        live: Live,
        settings: Settings,
        input: dict[str, object],
        steps: list[Step],
        baseline: Baseline | None,
    ) -> None:
        self._live = live
        self._settings = settings
        self._input = input
        self._steps = steps
        self._baseline = baseline

    def inventory(self, stored: dict[int, Plain]) -> Inventory:
        """The cluster once these are stored, by the number of their step."""
        by_origin = {id(self._steps[n].target.origin): obj for n, obj in stored.items()}
        return replaced(self._live.loaded.inventory, by_origin)

    def report(self, stored: dict[int, Plain]) -> Report:
        """What the selected rules find then."""
        loaded = self._live.loaded._replace(inventory=self.inventory(stored))
        report = check(loaded, self._settings, self._input)
        if self._baseline is not None:
            leave_out(report, self._baseline, os.getcwd())
        return report


def replaced(inventory: Inventory, objects: dict[int, Plain]) -> Inventory:
    """The inventory with some policies read anew; objects by the `id` of the policy's origin."""

    def become(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
        made = objects.get(id(policy.origin))
        yield policy if made is None else live_policy(made, policy.origin)

    return with_policies(inventory, become)


def versions_of(kept: Kept) -> dict[str, dict[str, str]]:
    """By namespace and name, the resourceVersions of all policies that were read."""
    found: dict[str, dict[str, str]] = {}
    for _, obj in kept.values():
        meta = obj["metadata"]
        found.setdefault(str(meta.get("namespace")), {})[str(meta.get("name"))] = version_of(obj)
    return found


def live_change(change: Change, trial: Trial, pair: Pair, managed: bool) -> LiveChange:
    """A change with what only a cluster tells: the pods concerned now, and what is to be known.

    managed: what others keep as it is was asked for too
    """
    policy = pair.old
    pods = concerned(pair.group, policy)
    running = [pod for pod in pods if pod.kind == "Pod"]
    patched = trial.patch.get("metadata", {}).get("annotations") or {}
    notes = remarks(policy, trial.before, trial.after, managed)
    return LiveChange(
        change,
        _written(trial.before, patched),
        _written(trial.after, patched),
        tuple(workload_text(pod) for pod in running or pods),
        not pair.group.custom_resources,
        (*notes, *trial.notes),
        not trial.forbidden,
    )


def _written(obj: Plain, patched: Collection[str]) -> Plain:
    """What of an object a change is about."""
    held = obj["metadata"].get("annotations") or {}
    shown = {key: held[key] for key in sorted(patched) if key in held}
    metadata = {"metadata": {"annotations": shown}} if shown else {}
    return {**metadata, "spec": obj["spec"]}
