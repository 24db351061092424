"""Work that runs beside other work, in a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

RUNNING: list[threading.Thread] = []
"""The threads that were started and that nobody has waited for through `settled`."""


def later(work: Callable[[], T]) -> Callable[[], T]:
    """Does `work` in a thread; the function returned waits for it, and returns or raises as it did.

    Most of guard's time is git's: what does not need each other's answers runs side by side.
    """
    results: list[T] = []
    problems: list[BaseException] = []

    def attempt() -> None:
        try:
            results.append(work())
        except BaseException as problem:
            problems.append(problem)

    thread = threading.Thread(target=attempt, daemon=True)
    RUNNING.append(thread)
    thread.start()

    def result() -> T:
        thread.join()
        if problems:
            raise problems[0]
        return results[0]

    return result


def settled() -> None:
    """Waits until no work is left, also what nobody asks the result of.

    A process that forks, or waits for signals, must be alone: another thread may hold a lock, and
    takes a signal that it does not block.
    """
    while RUNNING:
        RUNNING.pop().join()
