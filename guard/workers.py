"""Processes that share the work of one run: how many there may be, and that they end with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from guard.errors import UNDECIDED, GuardError
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def started(start: Callable[[], T]) -> T:
    """What `start` returns; the processes it starts begin without an ear for ^C.

    A terminal sends ^C to every process of a run. The one that began it is to say so and to end the
    others: where each ended by itself, it would now and then hear of their end first.
    """
    import signal

    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        return start()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        return start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def dependent() -> None:
    """Runs first in a process that was `started`: it ends when the one that began it has ended.

    Else it would wait for work for ever where that one was killed.
    """
    import signal
    from multiprocessing import parent_process
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    began = parent_process()
    if began is None:
        return

    def end_with_it() -> None:
        began.join()
        os._exit(UNDECIDED)

    Thread(target=end_with_it, daemon=True).start()


def ended() -> None:
    """Ends all that were `started` and are still at work: nobody waits for it any more."""
    if "multiprocessing" in sys.modules:
        from multiprocessing import active_children

        for process in active_children():
            process.kill()


def lost() -> GuardError:
    """What to say where one was ended by another: nothing it was asked about is decided."""
    return GuardError(
        "a process that judges files was killed",
        "if memory ran out: dmesg says so; otherwise try again",
    )
