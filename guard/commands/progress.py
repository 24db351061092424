"""A progress bar for work that takes long, on a terminal only."""

from __future__ import annotations

import sys
import time

from guard.pieces import Progress
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

PATIENCE = 0.5
"""Seconds before a bar appears."""


class Watching:
    """`with Watching() as progress`: what the pipeline calls as it goes, if somebody watches.

    A class, since a commit would have to import `contextlib` for a function.
    """

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._shown: tuple[Bar, TaskID] | None = None

    def __enter__(self) -> Progress | None:
        return self._advance if sys.stderr.isatty() else None

    def __exit__(self, *_: object) -> None:
        if self._shown is not None:
            self._shown[0].stop()

    def _advance(self, done: int, total: int) -> None:
        if self._shown is None:
            if time.monotonic() - self._start < PATIENCE:
                return
            from rich.console import Console
            from rich.progress import Progress as Bar

            bar = Bar(console=Console(stderr=True), transient=True)
            bar.start()
            self._shown = bar, bar.add_task("guard", total=total)
        bar, task = self._shown
        bar.update(task, completed=done)
