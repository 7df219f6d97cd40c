"""Which findings of two runs are the same: what must not be taken for known stands first."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.check.identity import Identity, Trace, absolute, match
from kubectl_npcheck.findings import Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
WEB = Identity(None, "peer-or", "NetworkPolicy", "shop", "web", "/r/web.yaml", "spec.ingress[0]")


def of(severity: Severity = WARNING, **changes: Any) -> Trace:
    return Trace(WEB._replace(**changes), severity)


@pytest.mark.parametrize("field", ["cluster", "rule", "kind", "namespace", "name", "file"])
def test_what_is_about_something_else_is_new(field: str) -> None:
    found = match([of(WARNING, **{field: "other"})], [of()])
    assert (found.known, found.gone) == (set(), [0])


def test_what_is_worse_is_new_and_its_earlier_form_is_not_gone() -> None:
    found = match([of(ERROR)], [of(NOTE)])
    assert (found.known, found.gone) == (set(), [])


def test_one_earlier_finding_stands_for_one() -> None:
    found = match([of(path="spec.ingress[0]"), of(path="spec.ingress[1]")], [of()])
    assert (found.known, found.gone) == ({0}, [])


def test_nothing_is_known_of_nothing() -> None:
    assert match([of()], []).known == set()
    assert match([], [of()]).gone == [0]


@pytest.mark.parametrize("severity", [WARNING, NOTE])
def test_the_same_or_better_is_known(severity: Severity) -> None:
    assert match([of(severity)], [of(WARNING)]).known == {0}


def test_a_rule_that_is_put_in_above_shifts_the_others() -> None:
    found = [of(path=f"spec.ingress[{n}]") for n in (1, 2)]
    earlier = [of(path=f"spec.ingress[{n}]") for n in (0, 1)]
    assert match(found, earlier).known == {0, 1}


def test_the_same_path_comes_first() -> None:
    found = [of(path="spec.ingress[0]"), of(path="spec.ingress[1]")]
    assert match(found, [of(path="spec.ingress[1]")]).known == {1}


def test_the_worst_take_the_worst() -> None:
    found = match([of(NOTE), of(ERROR)], [of(ERROR), of(NOTE)])
    assert (found.known, found.gone) == ({0, 1}, [])


@pytest.mark.parametrize(
    ("file", "where"),
    [("k8s/a.yaml", "/r/k8s/a.yaml"), ("./k8s//a.yaml", "/r/k8s/a.yaml"), ("/x/../a", "/a")],
)
def test_paths_are_compared_as_what_they_lead_to(file: str, where: str) -> None:
    assert absolute(file, "/r") == where
    assert absolute("<stdin>", "/r") == "<stdin>"


traces = st.lists(
    st.builds(
        of,
        st.sampled_from(Severity),
        name=st.sampled_from("ab"),
        path=st.sampled_from(["spec.ingress[0]", "spec.ingress[1]"]),
    ),
    max_size=6,
)


@given(traces)
def test_a_report_beside_itself_has_nothing_new(found: list[Trace]) -> None:
    assert match(found, found) == (set(range(len(found))), {}, [])


@given(traces, traces)
def test_no_earlier_finding_is_used_twice(found: list[Trace], earlier: list[Trace]) -> None:
    matched = match(found, earlier)
    assert len(matched.known) + len(matched.gone) <= len(earlier)
    for number in matched.known:
        one = found[number]
        assert any(
            one.identity[:-1] == other.identity[:-1] and one.severity <= other.severity
            for other in earlier
        )


@given(traces)
def test_the_order_of_findings_does_not_matter(found: list[Trace]) -> None:
    assert match(found[::-1], found).gone == []
