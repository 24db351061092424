"""Reads a few texts with QuickJS in a thread, while the rest of a run goes on beside it.

QuickJS lets go of Python's lock for as long as it works.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Thread, stack_size

from guard.javascript.engines import quick
from guard.javascript.engines.answers import Answer, Question

STACK = 1 << 23
"""Bytes of stack for the thread: QuickJS takes up to one million, and not every system has them."""

SWITCH = 0.0002
"""Seconds after which a thread has to let another go on."""


class Underway:
    """An engine that was told what to read before it is asked."""

    def __init__(self, asked: Sequence[Question]) -> None:
        self._known: dict[Question, Answer] = {}
        # Else each of its few steps in Python would wait 5 ms for the other thread to let go.
        sys.setswitchinterval(SWITCH)
        self._thread = Thread(target=self._read, args=(asked,), daemon=True)
        size = stack_size(STACK)
        try:
            self._thread.start()
        finally:
            stack_size(size)
        RUNNING.append(self)

    def __call__(self, asked: Sequence[Question]) -> Sequence[Answer]:
        """What QuickJS says of the texts, if it was told to read them; else nothing."""
        self.end()
        known = self._known
        return [known[one] for one in asked] if known.keys() >= {*asked} else ()

    def end(self) -> None:
        """Waits until the thread is gone."""
        self._thread.join()

    def _read(self, asked: Sequence[Question]) -> None:
        with suppress(Exception):  # raised again where QuickJS is asked next
            self._known = dict(zip(asked, quick.answers(asked), strict=False))


RUNNING: list[Underway] = []
"""Those whose thread may be at work."""


def settled() -> None:
    """Waits until none is left: who forks must be alone, since a thread may be importing."""
    while RUNNING:
        RUNNING.pop().end()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(before=settled)
