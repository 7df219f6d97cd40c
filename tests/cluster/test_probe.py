"""The probe: what an answer to the dry run says, and that it is nothing but a dry run."""

from __future__ import annotations

from typing import Any

import pytest

from kubectl_npcheck.cluster import probe
from kubectl_npcheck.cluster.client import Client
from kubectl_npcheck.cluster.probe import CHANGED, DENY, NOT_PROBED, OPEN, REFUSED
from tests.cluster.api import NETWORKING, Api, failure

SHOP = f"{NETWORKING}/namespaces/shop/networkpolicies"


def stored(types: list[str], egress: Any = None) -> tuple[int, dict[str, Any]]:
    spec: dict[str, Any] = {"policyTypes": types}
    if egress is not None:
        spec["egress"] = egress
    return 201, {"kind": "NetworkPolicy", "spec": spec}


WEBHOOK = 'admission webhook "see.example.com" denied the request: egress must be stated'


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (stored(["Ingress"]), OPEN),
        (stored(["Ingress"], [{}]), OPEN),  # dead: policyTypes does not list Egress
        (stored(["Ingress", "Egress"]), DENY),
        (stored(["Ingress", "Egress"], [{}]), OPEN),
        (stored(["Ingress", "Egress"], [{"ports": [{"port": 53}]}]), CHANGED),
        (
            failure(403, "Forbidden", 'User "x" cannot create resource "networkpolicies"'),
            NOT_PROBED,
        ),
        (failure(403, "Forbidden", WEBHOOK), REFUSED),
        (failure(400, "BadRequest", 'admission webhook "x" does not support dry run'), REFUSED),
        (failure(422, "Invalid", "ValidatingAdmissionPolicy 'np' denied request: no"), REFUSED),
        (failure(403, "Forbidden", "unable to create: it is being terminated"), NOT_PROBED),
        (failure(404, "NotFound", 'namespaces "shop" not found'), NOT_PROBED),
        ((201, {"kind": "Status"}), NOT_PROBED),
    ],
)
def test_outcomes(api: Api, client: Client, answer: Any, outcome: str) -> None:
    api.created[SHOP] = answer
    assert probe.probe(client, "shop").outcome == outcome


def test_a_refusal_keeps_the_text(api: Api, client: Client) -> None:
    api.created[SHOP] = failure(403, "Forbidden", WEBHOOK)
    assert probe.probe(client, "shop").detail == WEBHOOK


def test_nothing_is_written(api: Api, client: Client) -> None:
    probe.probe(client, "shop")
    (request,) = api.requests
    assert request.query["dryRun"] == "All"
    assert "policyTypes" not in request.body["spec"]
    assert "egress" not in request.body["spec"]


def test_each_namespace_has_an_answer_of_its_own(api: Api, client: Client) -> None:
    api.created[SHOP] = stored(["Ingress", "Egress"])
    found = probe.probe_all(client, ["edge", "shop"])
    assert [answer.outcome for answer in found.values()] == [OPEN, DENY]


def test_more_namespaces_than_the_limit_are_not_probed(
    api: Api, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "LIMIT", 2)
    found = probe.probe_all(client, ["a", "b", "c"])
    assert [answer.outcome for answer in found.values()] == [OPEN, OPEN, NOT_PROBED]
    assert len(api.requests) == 2
