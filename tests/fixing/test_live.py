"""Repairs of a cluster, over random ones: no order cuts anybody off, and undo restores exactly."""

from __future__ import annotations

import copy
import itertools
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kubectl_npcheck.cluster import backup
from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.context import Flags, resolve
from kubectl_npcheck.cluster.facts import Version
from kubectl_npcheck.fixing.live import LiveOptions, plan_live
from kubectl_npcheck.fixing.live_apply import Applying
from kubectl_npcheck.fixing.live_result import LivePlan
from kubectl_npcheck.fixing.live_undo import Undoing
from kubectl_npcheck.fixing.options import LIVE_DEFAULT_RULES, Options
from kubectl_npcheck.load.cluster import ClusterRequest
from kubectl_npcheck.settings import Settings
from tests.cluster.api import POLICIES, Api, Plain, Request, kubeconfig, serving

HTTPS = {"ports": [{"protocol": "TCP", "port": 443}]}
SHAPES: dict[str, Plain] = {
    "silent": {"policyTypes": ["Ingress"]},
    "denies": {"policyTypes": ["Ingress", "Egress"]},
    "opens": {"policyTypes": ["Egress"], "egress": [{}]},
    "restricts": {"policyTypes": ["Egress"], "egress": [HTTPS]},
    "dead": {"policyTypes": ["Ingress"], "egress": [HTTPS]},
}
WROTE: dict[str, list[str]] = {"stuck": ["podSelector"], "stuck-dead": ["podSelector", "egress"]}
KINDS = [*SHAPES, "silent", "silent", "owned", *WROTE]
Made = tuple[dict[str, tuple[str, ...]], str]
LABELS = [
    {key: value for key, value in (("a", a), ("b", b)) if value}
    for a, b in itertools.product(["", "x", "y", "z"], repeat=2)
]
VALUES = st.sampled_from([("x",), ("y",), ("x", "y")])
selectors = st.dictionaries(st.sampled_from(["a", "b"]), VALUES, max_size=2)
worlds = st.lists(st.tuples(selectors, st.sampled_from(KINDS)), min_size=1, max_size=6)
MIXED: list[Made] = [
    ({"a": ("x", "y")}, "silent"),
    ({"a": ("x",)}, "denies"),
    ({"a": ("y",)}, "silent"),
]
"""The first is decided for all its pods only once the last states that its own may send anything:
written before it, it would cut them off."""

STICKY = (*LIVE_DEFAULT_RULES, "sticky-default")
OPTIONS = {
    "default": Options(rules=LIVE_DEFAULT_RULES),
    "notes": Options(rules=LIVE_DEFAULT_RULES, notes=True),
    "sticky": Options(rules=STICKY, notes=True),
    "deny": Options("deny-all", True, LIVE_DEFAULT_RULES, notes=True),
    "dns": Options("dns", True, STICKY),
}


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with serving(Api()) as running:
        yield running


class Run:
    """A cluster of its own for one example."""

    def __init__(self, api: Api, world: list[Made], directory: str) -> None:
        api.objects.clear()
        api.requests.clear()
        api.admission = lambda policy: policy
        api.add_namespace("shop")
        for number, (labels, kind) in enumerate(world):
            add(api, f"p{number}", labels, kind)
        self.api = api
        self.directory = directory
        context = resolve(Flags(kubeconfig=str(kubeconfig(Path(directory), api.url))))
        self.client = Client(context, timeout=5, environment={}, pause=lambda _: None)

    def plan(self, options: Options) -> LivePlan:
        request = ClusterRequest(namespace="shop", timeout=5)
        version = Version("v1.34.4", 34)
        return plan_live(self.client, version, request, Settings(), options, LiveOptions())

    def apply(self, plan: LivePlan) -> list[str]:
        applying = Applying(self.client, plan)
        applying.run(self.directory, "npcheck")
        return [change.outcome for change in applying.result().changes]

    def undo(self) -> list[str]:
        (path,) = Path(self.directory).glob("npcheck-backup-*")
        undoing = Undoing(self.client, backup.read(str(path)))
        undoing.run()
        return [item.outcome for item in undoing.result()]

    def state(self) -> dict[str, Any]:
        """Spec and annotations of each policy."""
        return copy.deepcopy(
            {
                item["metadata"]["name"]: (item["spec"], item["metadata"].get("annotations"))
                for item in self.api.objects[POLICIES]
            }
        )


def add(api: Api, name: str, labels: dict[str, tuple[str, ...]], kind: str) -> None:
    shape = SHAPES[{"owned": "silent", "stuck": "denies", "stuck-dead": "dead"}.get(kind, kind)]
    meta: Plain = {"annotations": {"note": name}}
    if kind == "owned":
        meta["labels"] = {"argocd.argoproj.io/instance": "shop"}
    if kind in WROTE:
        fields: Plain = {"f:spec": {f"f:{field}": {} for field in WROTE[kind]}}
        entry = {"manager": "kubectl", "operation": "Apply", "time": "2026-11-02T09:14:00Z"}
        meta["managedFields"] = [{**entry, "fieldsV1": fields}]
    terms = [
        {"key": key, "operator": "In", "values": list(values)} for key, values in labels.items()
    ]
    selector = {"matchExpressions": terms} if terms else {}
    api.add_policy("shop", name, {"podSelector": selector, **copy.deepcopy(shape)}, **meta)


@pytest.fixture(scope="module")
def place() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as name:
        yield name


def fresh(place: str) -> str:
    return tempfile.mkdtemp(dir=place)


def selects(spec: Plain, labels: dict[str, str]) -> bool:
    terms = spec["podSelector"].get("matchExpressions", [])
    return all(labels.get(term["key"]) in term["values"] for term in terms)


def allowed(specs: Mapping[str, Plain], labels: dict[str, str], silence_denies: bool) -> object:
    """What pods with these labels may send, told without npcheck; "all" for anything."""
    mine = [spec for spec in specs.values() if selects(spec, labels)]
    isolating = [spec for spec in mine if silence_denies or "Egress" in spec["policyTypes"]]
    rules = [repr(rule) for spec in isolating for rule in spec.get("egress", [])]
    return "all" if not isolating or "{}" in rules else frozenset(rules)


def written_one_by_one(plan: LivePlan, before: Mapping[str, Any]) -> Iterator[dict[str, Plain]]:
    """The specs before the first write, and after each."""
    specs = {name: spec for name, (spec, _) in before.items()}
    yield dict(specs)
    for item in plan.writes:
        specs[item.name] = item.after["spec"]
        yield dict(specs)


@example(world=MIXED, notes=False)
@settings(max_examples=40)
@given(world=worlds, notes=st.booleans())
def test_no_part_of_the_writes_changes_what_pods_may_send(
    api: Api, place: str, world: list[Made], notes: bool
) -> None:
    run = Run(api, world, fresh(place))
    plan = run.plan(OPTIONS["notes" if notes else "default"])
    before = run.state()
    stages = list(written_one_by_one(plan, before))
    for labels in LABELS:
        seen = {allowed(specs, labels, False) for specs in stages}
        assert len(seen) == 1, (labels, [item.name for item in plan.writes])


@settings(max_examples=40)
@given(world=worlds, name=st.sampled_from(sorted(OPTIONS)))
def test_what_is_written_states_it_under_both_readings(
    api: Api, place: str, world: list[Made], name: str
) -> None:
    run = Run(api, world, fresh(place))
    plan = run.plan(OPTIONS[name])
    *_, after = written_one_by_one(plan, run.state())
    silent = [spec for spec in after.values() if "Egress" not in spec["policyTypes"]]
    for item in plan.writes:
        assert "Egress" in item.after["spec"]["policyTypes"]
    for labels in LABELS:
        if not any(selects(spec, labels) for spec in silent):
            assert allowed(after, labels, True) == allowed(after, labels, False)


@settings(max_examples=40)
@given(world=worlds, name=st.sampled_from(sorted(OPTIONS)))
def test_what_is_applied_is_what_was_planned_and_nothing_is_left(
    api: Api, place: str, world: list[Made], name: str
) -> None:
    run = Run(api, world, fresh(place))
    plan = run.plan(OPTIONS[name])
    before = run.state()
    assert set(run.apply(plan)) <= {"written"}
    for item in plan.writes:
        assert run.state()[item.name][0] == item.after["spec"]
    untouched = before.keys() - {item.name for item in plan.writes}
    assert {name: run.state()[name] for name in untouched} == {n: before[n] for n in untouched}
    again = run.plan(OPTIONS[name])
    assert [item.name for item in again.writes] == []


@example(world=MIXED, notes=False)
@settings(max_examples=40)
@given(world=worlds, notes=st.booleans())
def test_no_part_of_an_undo_changes_what_pods_may_send(
    api: Api, place: str, world: list[Made], notes: bool
) -> None:
    run = Run(api, world, fresh(place))
    plan = run.plan(OPTIONS["notes" if notes else "default"])
    if not plan.writes:
        return
    run.apply(plan)
    stages = [run.state()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "fault_of", lambda _: stages.append(run.state()))
        run.undo()
    stages.append(run.state())
    for labels in LABELS:
        seen = {allowed({n: spec for n, (spec, _) in s.items()}, labels, False) for s in stages}
        assert len(seen) == 1, labels


@settings(max_examples=40)
@given(world=worlds, name=st.sampled_from(sorted(OPTIONS)), until=st.integers(0, 6))
def test_undo_restores_exactly_however_far_it_came(
    api: Api, place: str, world: list[Made], name: str, until: int
) -> None:
    run = Run(api, world, fresh(place))
    plan = run.plan(OPTIONS[name])
    before = run.state()
    if not plan.writes:
        return
    writes = itertools.count()

    def conflict(request: Request) -> None:
        if request.method == "PATCH" and "dryRun" not in request.query and next(writes) == until:
            api.touch("shop", request.path.rpartition("/")[2])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "fault_of", conflict)
        outcomes = run.apply(plan)
    assert outcomes[:until] == ["written"] * min(until, len(outcomes))
    assert "written" not in outcomes[until:]
    assert set(run.undo()) <= {"restored", "as before"}
    assert run.state() == before
    assert set(run.undo()) <= {"as before"}
