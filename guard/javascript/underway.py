"""Reads a few texts with QuickJS in a thread, while the rest of a run goes on beside it.

QuickJS lets go of Python's lock for as long as it works.
"""

from __future__ import annotations

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
        self._begun = False
        # Else each of its few steps in Python would wait 5 ms for the other thread to let go.
        sys.setswitchinterval(SWITCH)
        size = stack_size(STACK)
        try:
            Thread(target=self._read, daemon=True).start()
        finally:
            stack_size(size)

    def begin(self, asked: Sequence[Question]) -> None:
        """Has texts read; once."""
        assert not self._begun
        self._begun = True
        self._asked.put(asked)

    def __call__(self, asked: Sequence[Question]) -> Sequence[Answer]:
        """What QuickJS says of the texts, if these have been begun; else nothing."""
        if self._begun and self._known is None:
            self._known = self._said.get()
        known = self._known or {}
        return [known[one] for one in asked] if known.keys() >= {*asked} else ()

    def _read(self) -> None:
        said: dict[Question, Answer] = {}
        with suppress(Exception):  # raised again where QuickJS is asked next
            quick.ready()
            asked = self._asked.get()
            said = dict(zip(asked, quick.answers(asked), strict=False))
        self._said.put(said)
