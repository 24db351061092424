"""Work that runs beside other work, in a thread; and no process is forked meanwhile.

A forked process has one thread, and the locks that the others held stay locked in it: what another
thread was importing, it would wait for whenever it imports the same. Whatever forks (a build's
child, the processes that judge files) goes through `os.fork`, and that waits here first. Programs
that are only started do not: Python never runs in between.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

MEANT_FOR_ALL = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1,
                 signal.SIGUSR2)  # fmt: skip
"""What others send to guard, and a build's child is handed."""

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
        # Whoever has waited for it sees it as ended before the system does: until then a signal
        # to guard could be given to this thread, and that would end guard.
        signal.pthread_sigmask(signal.SIG_BLOCK, MEANT_FOR_ALL)

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    RUNNING.append(thread)

    def result() -> T:
        thread.join()
        if problems:
            raise problems[0]
        return results[0]

    return result


def settled() -> None:
    """Waits until no work is left, also what nobody asks the result of.

    A process that forks, or waits for signals, must be alone: another thread may hold a lock, and
    takes a signal that it does not block. Work in a thread must not fork.
    """
    if threading.current_thread() is not threading.main_thread():  # it would wait for itself
        return
    while RUNNING:
        thread = RUNNING[-1]
        thread.join()
        RUNNING.remove(thread)


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(before=settled)
