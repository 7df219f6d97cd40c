"""The same work for many items, some at a time, in threads that hold up nobody's exit.

`concurrent.futures` waits for its threads when the process ends; an interrupted run would wait for
the slowest answer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(work: Callable[[Item], Result], items: Sequence[Item], workers: int) -> list[Result]:
    """The results in the order of the items. The first exception is raised when all has ended."""
    results: dict[int, Result] = {}
    failures: dict[int, BaseException] = {}
    pending = iter(range(len(items)))
    lock = threading.Lock()

    def run() -> None:
        while True:
            with lock:
                number = next(pending, None)
            if number is None:
                return
            try:
                results[number] = work(items[number])
            except BaseException as error:
                failures[number] = error

    threads = [threading.Thread(target=run, daemon=True) for _ in range(min(workers, len(items)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[min(failures)]
    return [results[number] for number in range(len(items))]
