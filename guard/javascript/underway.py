"""Reads a few texts with QuickJS in a thread, while the rest of a run goes on beside it.

QuickJS lets go of Python's lock for as long as it works.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread, stack_size

from guard.javascript import quick
from guard.javascript.answers import Answer, Question

STACK = 1 << 23
"""Bytes of stack for the thread: QuickJS takes up to one million, and not every system has them."""

SWITCH = 0.0002
"""Seconds after which a thread has to let another go on."""


class Underway:
    """An engine that knows what it was told to read before it is asked."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[Sequence[Question]] = SimpleQueue()
        self._said: SimpleQueue[dict[Question, Answer]] = SimpleQueue()
        self._known: dict[Question, Answer] | None = None
        self.begun = False
        """Whether it was told what to read."""
        # Else each of its few steps in Python would wait 5 ms for the other thread to let go.
        sys.setswitchinterval(SWITCH)
        self._thread = Thread(target=self._read, daemon=True)
        size = stack_size(STACK)
        try:
            self._thread.start()
        finally:
            stack_size(size)
        RUNNING.append(self)

    def begin(self, asked: Sequence[Question]) -> None:
        """Has texts read; once."""
        assert not self.begun
        self.begun = True
        self._asked.put(asked)

    def __call__(self, asked: Sequence[Question]) -> Sequence[Answer]:
        """What QuickJS says of the texts, if these have been begun; else nothing."""
        if self.begun and self._known is None:
            self._known = self._said.get()
        known = self._known or {}
        return [known[one] for one in asked] if known.keys() >= {*asked} else ()

    def end(self) -> None:
        """Waits until the thread is gone, with what it was told to read or with nothing."""
        if not self.begun:
            self.begin(())
        self._thread.join()

    def _read(self) -> None:
        said: dict[Question, Answer] = {}
        with suppress(Exception):  # raised again where QuickJS is asked next
            quick.ready()
            asked = self._asked.get()
            said = dict(zip(asked, quick.answers(asked), strict=False))
        self._said.put(said)


RUNNING: list[Underway] = []
"""Those whose thread may be at work, or waits to be told what to read."""


def waiting() -> Underway:
    """One that was made ready and not told yet what to read, else a new one."""
    return next((one for one in RUNNING if not one.begun), None) or Underway()


def settled() -> None:
    """Waits until none is left: who forks must be alone, since a thread may be importing."""
    while RUNNING:
        RUNNING.pop().end()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(before=settled)
