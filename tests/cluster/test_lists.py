"""Paged lists: all of it, in order, or an error."""

from __future__ import annotations

from typing import Any

import pytest

from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.failures import ServerError
from kubectl_npcheck.cluster.lists import read_list
from kubectl_npcheck.cluster.resources import POLICIES
from tests.cluster.api import POLICIES as PATH
from tests.cluster.api import Api, Fault

NAMES = [f"p{number:02}" for number in range(25)]


def filled(api: Api) -> None:
    for name in NAMES:
        api.add_policy("shop", name, {"podSelector": {}})


def names(client: Client, chunk: int, namespace: str | None = None) -> list[str]:
    found: list[dict[str, Any]] = []
    count = read_list(client, POLICIES, namespace, chunk, found.append, found.clear)
    assert all(item["kind"] == "NetworkPolicy" for item in found)
    assert all(item["apiVersion"] == "networking.k8s.io/v1" for item in found)
    assert count == len(found)
    return [item["metadata"]["name"] for item in found]


@pytest.mark.parametrize(("chunk", "pages"), [(10, 3), (25, 1), (500, 1), (0, 1)])
def test_every_object_comes_once_in_the_servers_order(
    api: Api, client: Client, chunk: int, pages: int
) -> None:
    filled(api)
    assert names(client, chunk) == NAMES
    assert len(api.asked(PATH)) == pages


def test_a_namespace_has_a_path_of_its_own(api: Api, client: Client) -> None:
    filled(api)
    api.add_policy("other", "x", {})
    assert names(client, 10, "other") == ["x"]


def test_an_expired_token_begins_the_list_anew_as_one_answer(api: Api, client: Client) -> None:
    filled(api)
    page = [Fault("status", 410, text="The provided continue parameter is too old")]
    api.faults[PATH] = []
    original = api.answer

    def answer(request: Any) -> Any:
        if request.query.get("continue") == "10" and page:
            api.faults[PATH].append(page.pop())
        return original(request)

    api.answer = answer  # type: ignore[method-assign]
    assert names(client, 10) == NAMES
    assert "limit" not in api.asked(PATH)[-1].query


def test_a_list_that_breaks_off_is_an_error(api: Api, client: Client) -> None:
    filled(api)
    original = api.answer

    def answer(request: Any) -> Any:
        if request.query.get("continue") == "10":
            return 403, {"kind": "Status", "message": "no longer"}
        return original(request)

    api.answer = answer  # type: ignore[method-assign]
    with pytest.raises(ServerError, match="no longer"):
        names(client, 10)


def test_an_answer_that_is_no_list(api: Api, client: Client) -> None:
    api.answers[PATH] = {"kind": "Status"}
    with pytest.raises(ServerError, match="the answer is not a list"):
        names(client, 10)


def test_an_empty_list_may_be_null(api: Api, client: Client) -> None:
    api.answers[PATH] = {"kind": "NetworkPolicyList", "items": None}
    assert names(client, 10) == []
