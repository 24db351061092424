"""Proposes to bring back what a change took away."""

from __future__ import annotations

from collections.abc import Iterator

from guard.ends import common_ends
from guard.finding import Lines
from guard.javascript.orphans.history import Hunk
from guard.javascript.orphans.repairs import Reading, Repair

LOST = 200
"""How many lines in a row may be missed."""


def restorations(reading: Reading, old: Lines, hunks: list[Hunk]) -> Iterator[Repair]:
    """What a change took away and may be missed: single lines, and the closers among them."""
    starts = [*reading.lines.starts, len(reading.text)]
    for hunk in hunks:
        gone = [old.line(line) for line in range(hunk.old_start, hunk.old_end)]
        place = starts[min(hunk.new_start, len(starts)) - 1]
        if hunk.old_end - hunk.old_start == hunk.new_end - hunk.new_start:
            for line, before in zip(range(hunk.new_start, hunk.new_end), gone, strict=True):
                now = reading.lines.line(line)
                yield narrowed(starts[line - 1], now, before)
        # Behind a last line without an end.
        ahead = (
            "\n" if place == len(reading.text) and place and reading.text[-1] not in "\r\n" else ""
        )
        for missed in gone:
            if missed.strip() and not missed.strip(")]};, \t`"):
                yield Repair("restore", place, place, f"{ahead}{missed}\n")
                stop = starts[min(hunk.new_end, len(starts)) - 1]
                if stop != place:
                    yield Repair("restore", stop, stop, missed + "\n")
        if hunk.new_start == hunk.new_end and len(gone) <= LOST:
            yield Repair("restore", place, place, ahead + "".join(f"{line}\n" for line in gone))


def narrowed(start: int, now: str, before: str) -> Repair:
    """The smallest edit at offset `start` that turns the line `now` into `before`."""
    head, tail = common_ends(now, before)
    return Repair(
        "restore", start + head, start + len(now) - tail, before[head : len(before) - tail]
    )
