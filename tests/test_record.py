"""Records: named tuples with defaults, methods and documentation."""

from __future__ import annotations

import pickle

import pytest

from kubectl_npcheck.record import Record


class Point(Record):
    """A place."""

    x: int
    y: int = 2
    tags: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return self.x + self.y


def test_a_field_cannot_be_set() -> None:
    with pytest.raises(AttributeError):
        Point(1).x = 3  # type: ignore[misc]


def test_nothing_else_can_be_set() -> None:
    with pytest.raises(AttributeError):
        Point(1).z = 3  # type: ignore[attr-defined]


def test_a_field_without_a_default_is_required() -> None:
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]


def test_it_is_a_tuple() -> None:
    assert Point(1) == (1, 2, ())
    assert Point(1, tags=("a",)) == Point(1, 2, ("a",))
    assert hash(Point(1)) == hash((1, 2, ()))


def test_a_field_can_be_replaced() -> None:
    assert Point(1)._replace(y=5) == (1, 5, ())


def test_it_shows_its_fields() -> None:
    assert repr(Point(1)) == "Point(x=1, y=2, tags=())"


def test_methods_and_documentation_stay() -> None:
    assert Point(1).total == 3
    assert Point.__doc__ == "A place."
    assert Point.__module__ == __name__


def test_it_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Point(1))) == Point(1)
