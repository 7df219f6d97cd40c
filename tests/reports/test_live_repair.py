"""The account of a live repair: states under both readings, pods, what was and was not written."""

from __future__ import annotations

from typing import Any

import pytest

from kubectl_npcheck.findings import ClassState, Counts, DirectionState, Report
from kubectl_npcheck.repairs import Change, LiveChange, LiveRepair, Refusal, Undone
from kubectl_npcheck.reports.appearance import Appearance
from kubectl_npcheck.reports.live_repair import render, render_undo, structure

INPUT: dict[str, Any] = {
    "cluster": "kind",
    "server": "https://127.0.0.1:6443",
    "context": "kind",
    "identity": "jane",
    "serverVersion": "v1.34.4",
    "namespace": "shop",
    "selector": None,
    "reading": {"outcome": "open", "detail": "", "except": []},
    "plugin": None,
    "egressDefault": "either",
}
SPEC: dict[str, Any] = {"podSelector": {}, "policyTypes": ["Ingress"]}
STATED: dict[str, Any] = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "egress": [{}]}


def state(name: str, opened: str, denied: str) -> ClassState:
    labels = {"app": name} if name else {}
    ingress = DirectionState("open", "open")
    return ClassState("cluster kind", ("web",), labels, ingress, DirectionState(opened, denied))


def change(
    before: list[ClassState] | None = None, after: list[ClassState] | None = None, **more: Any
) -> LiveChange:
    states = (
        [state("web", "open", "denied")] if before is None else before,
        [state("web", "open", "open")] if after is None else after,
    )
    rules, summary = ("egress-implicit",), "egress stays open"
    item = Change(None, 0, "shop", "web", rules, "preserve", summary, (), (), lambda: states)
    return LiveChange(item, {"spec": SPEC}, {"spec": STATED}, **more)


def account(*changes: LiveChange, **more: Any) -> LiveRepair:
    report = Report(INPUT, Counts(0, 0, 1, 0), [], [], [], list)
    return LiveRepair(changes, more.pop("refused", ()), report, **more)


def text(*changes: LiveChange, **more: Any) -> str:
    return render(account(*changes, **more), "npcheck fix")


def test_a_diff_of_the_spec_and_nothing_else() -> None:
    shown = text(change())
    assert "    +  - Egress\n    +  egress:\n    +  - {}\n" in shown
    assert "---" not in shown


def test_states_under_both_readings() -> None:
    assert "pods app=web: egress stays open (open reading), denied → open (deny reading)\n" in (
        text(change())
    )
    same = change([state("", "open", "open")], [state("", "denied", "denied")])
    assert "pods without labels: egress open → denied (both readings)\n" in text(same)


def test_many_kinds_of_pods_are_counted() -> None:
    many = [state(f"a{number}", "open", "open") for number in range(9)]
    assert "and 3 more kinds of pods: -o json\n" in text(change(many, many))


@pytest.mark.parametrize(
    ("pods", "known", "said"),
    [
        ((), True, "concerns no pod now\n"),
        ((), False, "which pods are concerned now is not known\n"),
        (("Pod a",), True, "concerns Pod a\n"),
        (("Pod a",), False, "concerns Pod a; not all could be listed\n"),
        (tuple(f"Pod {n}" for n in range(8)), True, "Pod 4, Pod 5 and 2 more\n"),
    ],
)
def test_pods(pods: tuple[str, ...], known: bool, said: str) -> None:
    assert said in text(change(pods=pods, known=known))


def test_what_was_not_written_is_not_called_fixed() -> None:
    shown = text(
        change(outcome="written"),
        change(outcome="not written", detail="somebody else changed it"),
        change(outcome="not reached"),
        backup="b.yaml",
        trouble=("x",),
    )
    assert "not written shop/web: intended: egress stays open" in shown
    assert "    somebody else changed it\n" in shown
    assert ": 1 written, 1 not written, 1 not reached\n" in shown
    assert "to restore them: npcheck fix --live --undo b.yaml\n" in shown
    assert "would be fixed" not in shown


def test_what_is_not_verified_is_not_to_be_applied() -> None:
    shown = text(change(verified=False))
    assert "not verified" in shown
    assert "--apply" not in shown


def test_refusals_and_nothing_else() -> None:
    refused = Refusal(None, 0, "shop", "web", ("egress-implicit",), "no", ("because",), (), "ask")
    shown = text(refused=(refused,))
    assert "refused shop/web: egress-implicit: no\n    because\n    to do: ask\n" in shown
    assert ": 1 refused\n" in shown


def test_names_cannot_steer_a_terminal() -> None:
    assert "\x1b" not in text(change(notes=("admission changes the label \x1b[31m",)))


def test_a_narrow_terminal() -> None:
    shown = render(account(change()), "npcheck fix", Appearance(width=40))
    assert max(map(len, shown.splitlines())) <= 40


def test_data() -> None:
    plain = structure(account(change(outcome="written"), backup="b.yaml"))
    assert (plain["written"], plain["backup"]) == (True, "b.yaml")
    assert plain["changes"][0]["live"]["after"] == {"spec": STATED}
    assert structure(account(change(), change(outcome="written")))["written"] is False
    assert structure(account())["written"] is False


def test_an_undo_says_what_became_of_each() -> None:
    done = [
        Undone("shop", "web", "restored"),
        Undone("shop", "db", "refused", "it was deleted since"),
    ]
    assert render_undo(done, "b.yaml", "cluster kind") == (
        "cluster kind\n\nrestored shop/web\nrefused shop/db: it was deleted since\n\n"
        "b.yaml: 2 policies: 1 restored, 1 refused\n"
    )
