"""A progress bar for work that takes long, on a terminal only."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from guard.pieces import Progress

PATIENCE = 0.5
"""Seconds before a bar appears."""


@contextmanager
def watched() -> Iterator[Progress | None]:
    """What the pipeline calls as it goes; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    start = time.monotonic()
    bars: list[object] = []

    def advance(done: int, total: int) -> None:
        if not bars:
            if time.monotonic() - start < PATIENCE:
                return
            from rich.console import Console
            from rich.progress import Progress as Bar

            bar = Bar(console=Console(stderr=True), transient=True)
            bar.start()
            bars.extend((bar, bar.add_task("guard", total=total)))
        bars[0].update(bars[1], completed=done)  # type: ignore[attr-defined]  # rich is imported late

    try:
        yield advance
    finally:
        if bars:
            bars[0].stop()  # type: ignore[attr-defined]  # the same
