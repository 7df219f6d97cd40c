"""Policies that others decide in part: refused with both sides, or split in two."""

from __future__ import annotations

import json

import pytest
import yaml

from kubectl_npcheck.fixing import Options
from tests.fixing.support import changed, everything, fixed, netpol, refused

SPLIT = Options(split=True)
TIERS = "podSelector: {matchExpressions: [{key: tier, operator: In, values: [web, db]}]}"
WIDE = netpol(f"{TIERS}, policyTypes: [Ingress], ingress: [{{}}]", "wide")
LOCKED = netpol("podSelector: {matchLabels: {tier: db}}, policyTypes: [Egress]", "locked")
ALL = netpol("podSelector: {}, policyTypes: [Ingress]", "all")


def test_refused_with_a_witness_of_each_side_and_what_would_resolve_it() -> None:
    done = fixed({"a.yaml": WIDE, "b.yaml": LOCKED})
    assert changed(done) == []
    assert done.refused[0].witnesses == ({"tier": "web"}, {"tier": "db"})
    assert "pods tier=db: shop/locked (b.yaml:1) states it" in everything(done)
    assert done.refused[0].remedy.startswith("--split writes a second policy")


def test_the_policy_that_is_named_is_one_that_restricts() -> None:
    """Another one allows everything: to open its pods undoes nothing."""
    opened = netpol(
        "podSelector: {matchLabels: {tier: a}}, policyTypes: [Egress], egress: [{}]", "o"
    )
    done = fixed({"a.yaml": ALL, "b.yaml": opened, "c.yaml": LOCKED})
    assert "pods tier=db: shop/locked (c.yaml:1) states it" in everything(done)
    done = fixed({"a.yaml": ALL, "b.yaml": opened})
    assert "pods tier=a: shop/o (b.yaml:1) allows everything there" in everything(done)
    assert "--strategy allow-all" in done.refused[0].remedy


def test_split_writes_a_second_policy_for_exactly_the_undecided_pods() -> None:
    done = fixed({"a.yaml": WIDE, "b.yaml": LOCKED}, options=SPLIT)
    own, beside = yaml.safe_load_all(done.files[0].new)
    assert own["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert "egress" not in own["spec"]
    assert beside["metadata"] == {"name": "wide-egress", "namespace": "shop"}
    assert beside["spec"]["policyTypes"] == ["Egress"]
    assert beside["spec"]["egress"] == [{}]
    assert beside["spec"]["podSelector"]["matchExpressions"][-1] == {
        "key": "tier", "operator": "In", "values": ["web"],
    }  # fmt: skip
    assert done.changes[0].added == "wide-egress"
    assert done.report.findings == []


def test_split_of_a_policy_for_all_pods() -> None:
    done = fixed({"a.yaml": ALL, "b.yaml": LOCKED}, options=SPLIT)
    _, beside = yaml.safe_load_all(done.files[0].new)
    assert beside["spec"]["podSelector"] == {
        "matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["db"]}]
    }


def test_in_a_list_it_is_an_item() -> None:
    items = [yaml.safe_load(text) for text in (ALL, LOCKED)]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=2) + "\n"
    done = fixed({"a.json": text}, options=SPLIT)
    names = [item["metadata"]["name"] for item in json.loads(done.files[0].new)["items"]]
    assert names == ["all", "all-egress", "locked"]


TWO_KEYS = netpol("podSelector: {matchLabels: {tier: db, zone: a}}, policyTypes: [Egress]", "two")


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        (TWO_KEYS, "no single selector"),
        (
            LOCKED + "---\n" + netpol("podSelector: {}, policyTypes: [Ingress]", "all-egress"),
            "name",
        ),
    ],
)
def test_split_refuses_what_it_cannot_say(beside: str, said: str) -> None:
    done = fixed({"a.yaml": ALL, "b.yaml": beside}, "a.yaml", options=SPLIT)
    assert changed(done) == []
    assert said in everything(done)


def test_split_opens_nothing_without_knowing_the_repository() -> None:
    files = {"a.yaml": ALL + "---\n" + LOCKED}
    assert changed(fixed(files, options=SPLIT, alone=True)) == []
    told = SPLIT._replace(allow_widening=True)
    assert changed(fixed(files, options=told, alone=True)) == ["all"]


def test_split_refuses_a_policy_of_several_units() -> None:
    files = {
        "base/a.yaml": ALL.replace(", namespace: shop", ""),
        "base/b.yaml": LOCKED.replace(", namespace: shop", ""),
        "base/kustomization.yaml": "resources: [a.yaml, b.yaml]\n",
        "one/kustomization.yaml": "namespace: one\nresources: [../base]\n",
        "two/kustomization.yaml": "namespace: two\nresources: [../base]\n",
    }
    done = fixed(files, options=SPLIT)
    assert changed(done) == []
    assert "the policy belongs to 2 units" in everything(done)


def test_the_part_of_two_deciders() -> None:
    other = netpol("podSelector: {matchLabels: {tier: cache}}, policyTypes: [Egress]", "cache")
    done = fixed({"a.yaml": ALL, "b.yaml": LOCKED + "---\n" + other}, options=SPLIT)
    assert refused(done) == []
    _, beside = yaml.safe_load_all(done.files[0].new)
    (term,) = beside["spec"]["podSelector"]["matchExpressions"]
    assert sorted(term["values"]) == ["cache", "db"]
