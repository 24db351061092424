"""From lines to tokens and to the removal of lines."""

from __future__ import annotations

from bisect import bisect_left

from guard.javascript.orphans.repairs import Reading, Repair


def first_token(reading: Reading, line: int) -> int:
    """The index of the first token that begins on a 1-based line or below."""
    starts = reading.lines.starts
    return (
        bisect_left(reading.starts, starts[line - 1])
        if line <= len(starts)
        else len(reading.starts)
    )


def removal(reading: Reading, first: int, stop: int) -> Repair:
    """The removal of lines `first` up to, not with, `stop`."""
    starts = [*reading.lines.starts, len(reading.text)]
    return Repair("remove", starts[first - 1], starts[min(stop, len(starts)) - 1])
