"""Work in threads: order, and what happens to exceptions."""

from __future__ import annotations

import threading
import time

import pytest

from kubectl_npcheck.cluster.parallel import each


def test_results_are_in_the_order_of_the_items() -> None:
    def slow_first(number: int) -> int:
        time.sleep(0.02 if number == 0 else 0)
        return number * 2

    assert each(slow_first, range(5), 3) == [0, 2, 4, 6, 8]
    assert each(slow_first, [], 3) == []


def test_no_more_than_the_workers_at_once() -> None:
    running = []
    most = []

    def work(number: int) -> None:
        running.append(number)
        most.append(len(running))
        time.sleep(0.002)
        running.remove(number)

    each(work, range(20), 3)
    assert max(most) == 3


def test_the_first_exception_of_the_order_is_raised() -> None:
    later = threading.Event()

    def work(number: int) -> None:
        if number == 0:
            later.wait(5)
            raise ValueError("first")
        later.set()
        raise ValueError("second")

    with pytest.raises(ValueError, match="first"):
        each(work, range(2), 2)
