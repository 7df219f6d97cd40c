"""Repairs the policies of a cluster: the plan, proved here and shown by a dry run on the server.

The same planner as for files, on objects instead of texts. Writes nothing; `live_apply` does.
"""

from __future__ import annotations

import itertools
import os
from typing import NamedTuple

from kubectl_npcheck.check import judge
from kubectl_npcheck.check.baseline import unknown
from kubectl_npcheck.check.baseline_file import read_baseline
from kubectl_npcheck.check.ran import cluster_name
from kubectl_npcheck.cluster.backup import Place
from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.facts import Version, cluster_uid, identity
from kubectl_npcheck.cluster.parallel import each
from kubectl_npcheck.cluster.read import Progress
from kubectl_npcheck.cluster.write import Write
from kubectl_npcheck.fixing.account import changes_of
from kubectl_npcheck.fixing.intent import Settled
from kubectl_npcheck.fixing.live_plan import LivePlanner, Planned
from kubectl_npcheck.fixing.live_result import LivePlan, State, live_change, replaced, versions_of
from kubectl_npcheck.fixing.objects import Objects
from kubectl_npcheck.fixing.options import Options
from kubectl_npcheck.fixing.plan import Step
from kubectl_npcheck.fixing.prove import paired, prove_meaning
from kubectl_npcheck.fixing.targets import narrowed_to, switched_off, targets
from kubectl_npcheck.fixing.trial import Trial, try_out
from kubectl_npcheck.load.cluster import ClusterRequest, described, read_cluster
from kubectl_npcheck.load.live import Kept
from kubectl_npcheck.repairs import LiveRepair
from kubectl_npcheck.settings import Settings

WORKERS = 8


class LiveOptions(NamedTuple):
    """What only a repair of a cluster is asked.

    managed:      write also what GitOps, Helm or an operator keeps as it is
    current_pods: the pods that there are now stand for all
    """

    managed: bool = False
    current_pods: bool = False


def plan_live(
    client: Client,
    version: Version,
    request: ClusterRequest,
    settings: Settings,
    options: Options,
    wanted: LiveOptions,
) -> LivePlan:
    """Read the cluster, decide, prove, and try each change out on the server. Writes nothing.

    ClusterError where the cluster cannot be read, or breaks off.
    """
    baseline = None if settings.baseline is None else read_baseline(settings.baseline)
    kept: Kept = {}
    live = read_cluster(client, version, request, kept)
    narrowed = narrowed_to(settings, options.rules)
    verdicts = judge(live.loaded, narrowed, everywhere=False).kept
    about = described(live.cluster, settings.egress_default, request.selector_text)
    if baseline is not None:
        verdicts = unknown(verdicts, baseline, os.getcwd(), cluster_name(about))
    found = targets(verdicts, options)
    settled = Settled(
        options,
        denied=settings.egress_default == "deny",
        off=switched_off(settings),
        hidden=live.hidden,
        live=True,
    )
    objects = Objects(kept, wanted.managed)
    planner = LivePlanner(live.loaded.inventory, found, settled, objects, wanted.current_pods)
    planned, trials = _tried_out(client, planner, objects, request.progress)
    _prove(planned, objects, options)
    steps = planned.steps
    state = State(live, narrowed, about, steps, baseline)
    after = state.inventory(dict(enumerate(trial.after for trial in trials)))
    pairs = paired(live.loaded.inventory, after, steps)
    changes = changes_of(steps, pairs, objects)
    repair = LiveRepair(
        tuple(
            live_change(change, trial, pairs[id(step.target.origin)][0], objects.managed)
            for change, step, trial in zip(changes, steps, trials, strict=True)
        ),
        tuple(planned.refused),
        state.report(dict(enumerate(trial.after for trial in trials))),
        tuple(planner.trouble + _unverified(trials)),
        stands=planned.stands,
    )
    writes = [Write(trial.before, trial.patch, trial.after) for trial in trials]
    return LivePlan(repair, writes, place_here(client), versions_of(kept), state)


def place_here(client: Client) -> Place:
    """The cluster as a backup names it."""
    context = client.context
    return Place(
        context.cluster_name,
        context.server,
        context.name,
        identity(client) or "",
        cluster_uid(client) or "",
    )


def _tried_out(
    client: Client, planner: LivePlanner, objects: Objects, progress: Progress | None
) -> tuple[Planned, list[Trial]]:
    """A plan of which the server takes every change. What it refuses is left out, and the others
    are planned anew: one may rest on another."""
    known: dict[tuple[int, str], Trial] = {}
    counter = itertools.count(1)
    while True:
        planned = planner.plan()
        pending = [step for step in planned.steps if _key(step) not in known]

        def ask(step: Step) -> Trial:
            origin, operations = step.target.origin, step.intent.operations
            intended = objects.intended(origin, operations)
            trial = try_out(client, origin, objects.object(origin), intended)
            if progress is not None:
                progress("dry runs", next(counter))
            return trial

        for step, trial in zip(pending, each(ask, pending, WORKERS), strict=True):
            known[_key(step)] = trial
        trials = [known[_key(step)] for step in planned.steps]
        failed = False
        for step, trial in zip(planned.steps, trials, strict=True):
            if trial.refused is not None:
                failed = True
                planner.give_up(step.target, trial.refused)
        if not failed:
            return planned, trials


def _key(step: Step) -> tuple[int, str]:
    return id(step.target.origin), repr(step.intent.operations)


def _prove(planned: Planned, objects: Objects, options: Options) -> None:
    """The obligations, on the intended objects read again; what is stored means the same."""
    made = {
        id(step.target.origin): objects.intended(step.target.origin, step.intent.operations)
        for step in planned.steps
    }
    after = planned.seen(replaced(planned.start, made))
    pairs = paired(planned.seen(planned.start), after, planned.steps)
    prove_meaning(planned.steps, pairs, options.allow_widening)


def _unverified(trials: list[Trial]) -> list[str]:
    """What may not be written for want of permission, one line a namespace."""
    said: dict[str, list[str]] = {}
    for trial in trials:
        if trial.forbidden:
            said.setdefault(str(trial.before["metadata"].get("namespace")), []).append(
                trial.forbidden
            )
    return [
        f"namespace {namespace}: this account may not write {len(lines)} of the policies: "
        f"{lines[0]}; `npcheck rbac --write` prints the role for it"
        for namespace, lines in said.items()
    ]
