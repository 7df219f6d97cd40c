"""Merge patches, and what became of a write whose answer was lost."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.failures import UnreachableError
from kubectl_npcheck.cluster.write import Outcome, Write, dry_run, merge_patch, write
from tests.cluster.api import NETWORKING, Api, Fault, Request, merged

Plain = dict[str, Any]
WEB = f"{NETWORKING}/namespaces/shop/networkpolicies/web"
SPEC: Plain = {"podSelector": {}, "policyTypes": ["Ingress"]}
PATCH: Plain = {"spec": {"policyTypes": ["Ingress", "Egress"], "egress": [{}]}}

KEYS = st.sampled_from(["a", "b", "c"])
VALUES = st.recursive(
    st.integers(0, 3) | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
MAPS = st.dictionaries(KEYS, VALUES, max_size=3)


@given(MAPS, MAPS)
def test_a_patch_makes_the_new_of_the_old(old: Plain, new: Plain) -> None:
    assert merged(old, merge_patch(old, new)) == new


@given(MAPS)
def test_nothing_to_change_is_no_patch(old: Plain) -> None:
    assert merge_patch(old, copy.deepcopy(old)) == {}


def test_a_patch_says_what_changes_only() -> None:
    old = {"spec": {"podSelector": {"matchLabels": {"name": "a"}}, "ingress": [{}]}}
    new = {"spec": {"podSelector": {"matchLabels": {"app": "a"}}, "ingress": [{}]}}
    labels = {"name": None, "app": "a"}
    assert merge_patch(old, new) == {"spec": {"podSelector": {"matchLabels": labels}}}


@pytest.fixture
def item(api: Api) -> Write:
    api.add_policy("shop", "web", SPEC)
    before = copy.deepcopy(api.policy("shop", "web"))
    return Write(before, PATCH, {**before, "spec": {**SPEC, **PATCH["spec"]}})


def written(api: Api) -> bool:
    return "egress" in api.policy("shop", "web")["spec"]


def test_a_dry_run_stores_nothing(api: Api, client: Client, item: Write) -> None:
    assert dry_run(client, item.before, PATCH)["spec"]["egress"] == [{}]
    assert not written(api)
    (request,) = api.asked(WEB)
    assert request.query == {
        "dryRun": "All",
        "fieldManager": "kubectl-npcheck",
        "fieldValidation": "Strict",
    }
    assert request.header("Content-Type") == ["application/merge-patch+json"]


def test_a_write_is_guarded(api: Api, client: Client, item: Write) -> None:
    api.touch("shop", "web", ingress=[{}])
    done = write(client, item)
    assert done.outcome is Outcome.NOT_WRITTEN
    assert "somebody else changed it" in done.detail
    assert not written(api)


def test_a_write(api: Api, client: Client, item: Write) -> None:
    done = write(client, item)
    assert (done.outcome, done.detail) == (Outcome.WRITTEN, "")
    assert written(api)


@pytest.mark.parametrize("fault", [Fault("reset"), Fault("lost"), Fault("cut")])
@pytest.mark.parametrize("status", [0, 500, 502, 503, 504])
def test_a_lost_answer_is_settled(
    api: Api, client: Client, item: Write, fault: Fault, status: int
) -> None:
    api.faults[WEB] = [Fault("status", status) if status else fault]
    done = write(client, item)
    assert (done.outcome, done.detail) == (Outcome.WRITTEN, "")
    assert written(api)
    assert len([r for r in api.asked(WEB) if r.method == "PATCH"]) <= 2


def test_busy_servers_are_asked_again(api: Api, client: Client, item: Write) -> None:
    api.faults[WEB] = [Fault("status", 429)] * 2
    assert write(client, item).outcome is Outcome.WRITTEN


def test_a_lost_answer_and_somebody_else(api: Api, client: Client, item: Write) -> None:
    faults = iter([Fault("reset")])

    def fault_of(request: Request) -> Fault | None:
        found = next(faults, None)
        if found is not None:
            api.touch("shop", "web", ingress=[{}])
        return found

    api.fault_of = fault_of  # type: ignore[method-assign]
    done = write(client, item)
    assert done.outcome is Outcome.UNKNOWN
    assert "it holds something else" in done.detail


def test_a_request_that_arrives_late_is_not_taken_for_somebody_else(
    api: Api, client: Client, item: Write
) -> None:
    """The first one is carried out after the look and before the second, which then conflicts."""
    patches: list[Request] = []

    def fault_of(request: Request) -> Fault | None:
        if request.method != "PATCH":
            return None
        patches.append(request)
        if len(patches) == 1:
            return Fault("reset")
        api.answer(patches[0])
        return None

    api.fault_of = fault_of  # type: ignore[method-assign]
    done = write(client, item)
    assert (done.outcome, done.detail) == (Outcome.WRITTEN, "")
    assert len(patches) == 2


def test_a_server_that_goes_away_after_a_lost_answer(
    api: Api, client: Client, item: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = iter(
        [UnreachableError("broke off", True), UnreachableError("refused the connection", False)]
    )

    def send(*_: object, **__: object) -> Plain:
        raise next(errors)

    monkeypatch.setattr("kubectl_npcheck.cluster.write._send", send)
    assert write(client, item).outcome is Outcome.UNKNOWN


def test_a_write_that_is_refused(api: Api, client: Client, item: Write) -> None:
    api.admission = lambda _: "no"
    done = write(client, item)
    assert (done.outcome, done.detail) == (Outcome.NOT_WRITTEN, "no")


def test_admission_that_changed_its_mind(api: Api, client: Client, item: Write) -> None:
    def other(policy: Plain) -> Plain:
        policy["spec"]["egress"] = []
        return policy

    api.admission = other
    done = write(client, item)
    assert done.outcome is Outcome.WRITTEN
    assert "something else than in the dry run" in done.detail


def test_a_server_that_is_not_there_writes_nothing(api: Api, client: Client, item: Write) -> None:
    client.context.cluster["server"] = "http://127.0.0.1:1"
    done = write(client, item)
    assert done.outcome is Outcome.NOT_WRITTEN
    assert "refused" in done.detail
