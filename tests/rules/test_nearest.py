"""What counts as a near miss of a label, one line a case."""

from __future__ import annotations

import pytest

from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.model import Workload
from kubectl_npcheck.policy.selectors import Selector, Term
from kubectl_npcheck.rules.nearest import likeness, nearest
from kubectl_npcheck.rules.pod_index import PodIndex

UNLIKE = [
    ("auth-service", "user-service"),
    ("web-1", "web-2"),
    ("east", "west"),
    ("api", "apple"),
    ("db", "web"),
    ("web", "web"),
    ("", "web"),
    ("dev", "prod"),
    ("db", "dbs"),
    ("api", "app"),
    ("api", "ap1"),
    ("web", "web1"),
    ("eu-west", "us-west"),
]

LIKE = [
    ("frontend", "fronted"),
    ("frontend", "frontedn"),
    ("kafka", "kafak"),
    ("redis", "rediss"),
    ("api", "apis"),
    ("grafana", "graphana"),
    ("web", "shop-web"),
    ("web", "web-frontend"),
    ("postgres", "postgresql"),
]


def index(*labels: dict[str, str]) -> PodIndex:
    origin = Origin("x.yaml")
    return PodIndex(
        [Workload(origin, "Pod", str(i), "shop", found) for i, found in enumerate(labels)]
    )


def asking(**labels: str) -> Selector:
    return Selector(tuple(Term(k, "In", (v,), ("matchLabels", k)) for k, v in labels.items()))


@pytest.mark.parametrize(("a", "b"), UNLIKE)
def test_unlike(a: str, b: str) -> None:
    assert likeness(a, b) == likeness(b, a) == 0


@pytest.mark.parametrize(("a", "b"), LIKE)
def test_like(a: str, b: str) -> None:
    assert likeness(a, b) == likeness(b, a) > 0


def test_a_label_that_many_carry_tells_nothing() -> None:
    pods = index(*({"app": f"other{n}", "tier": "backend"} for n in range(5)))
    assert nearest(asking(app="payments", tier="backend"), pods) is None


def test_the_sum_over_the_requirements_counts() -> None:
    pods = index({"app": "webs"}, {"name": "web", "tier": "x"}, {"app": "shop-web", "tier": "y"})
    found = nearest(asking(app="web", tier="x"), pods)
    assert found is not None
    assert found[1] == {"name": "web", "tier": "x"}


def test_one_telling_label_is_enough() -> None:
    pods = index(
        {"app": "webs", "tier": "b"}, *({"app": f"other{n}", "tier": "b"} for n in range(5))
    )
    found = nearest(asking(app="web", tier="b"), pods)
    assert found is not None
    assert found[1] == {"app": "webs", "tier": "b"}


def test_the_label_as_asked_for_outweighs_the_value_elsewhere() -> None:
    pods = index({"name": "web"}, {"app": "web", "tier": "y"})
    found = nearest(asking(app="web", tier="x"), pods)
    assert found is not None
    assert found[1] == {"app": "web"}


def test_of_equals_the_first_is_taken() -> None:
    pods = index({"app": "webs", "n": "1"}, {"app": "webs", "n": "2"})
    found = nearest(asking(app="web"), pods)
    assert found is not None
    assert found[0].labels["n"] == "1"


def test_several_values_of_one_requirement_count_once() -> None:
    selector = Selector((Term("app", "In", ("web", "webx"), ()),))
    pods = index({"app": "webs"}, {"name": "webx"})
    found = nearest(selector, pods)
    assert found is not None
    assert found[1] == {"name": "webx"}


def test_excluding_requirements_are_no_likeness() -> None:
    pods = index({"app": "web"})
    assert nearest(Selector((Term("app", "NotIn", ("web",), ()),)), pods) is None
