"""Finds what a botched edit left behind: the region, the function it belongs to, the repair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from guard.javascript import repairs
from guard.javascript.history import History, hunks
from guard.javascript.repairs import Reading, Repair
from guard.javascript.shape import Function, functions, regular

Sound = Callable[[str], bool]

TRIES = 400
"""How many proposals are tried on the quick parser."""

CONFIRMED = 40
"""How many of those that pass it are tried on the exact one."""


@dataclass(frozen=True, slots=True)
class Orphan:
    """What is wrong with a broken text, and the edit that mends it."""

    repair: Repair
    """The edit."""

    start: int
    """Offset of the region's first code point."""

    end: int
    """Offset after its last one."""

    function: Function | None
    """Of the mended text: the function the region trails, or was cut from."""

    symbol: str
    """Its name; empty where it has none."""


def find(text: str, at: int, sound: Sound, before: str | None) -> Orphan | None:
    """The likeliest orphan of `text`, whose parser gave up at offset `at`.

    `before` is the last committed version. None where no small edit makes the text `sound`.
    """
    reading = Reading(text)
    history = History(before) if before is not None and before != text else None
    judge = Judge(reading, history)
    proposals = sorted(judge.proposals(at), key=lambda scored: scored[0])
    passed: list[tuple[float, Repair]] = []
    for cost, repair in proposals[:TRIES]:
        if len(passed) < CONFIRMED and regular(repair.applied(text)):
            passed.append((cost + judge.remainder(repair), repair))
    for _, repair in sorted(passed, key=lambda scored: scored[0]):
        if sound(repair.applied(text)):
            return judge.described(repair)
    return None


class Judge:
    """Weighs proposals: what would have to have happened for each to be the right one."""

    def __init__(self, reading: Reading, history: History | None) -> None:
        self.reading = reading
        self.history = history
        count = len(reading.lines.starts)
        self.stripped = [reading.lines.line(n).strip() for n in range(1, count + 1)]
        # How many lines before each one are unknown to the last version; blank ones never are.
        self.foreign = [0]
        for line in self.stripped:
            new = history is not None and line != "" and not history.known[line]
            self.foreign.append(self.foreign[-1] + new)

    def proposals(self, at: int) -> Iterator[tuple[float, Repair]]:
        """Every proposal with what it costs at first sight."""
        reading = self.reading
        for repair in repairs.removals(reading, at):
            first, stop = reading.line_of(repair.start), reading.line_of(repair.end)
            length = stop - first
            foreign = self.foreign[stop - 1] - self.foreign[first - 1]
            if self.history is None:
                cost = 3 + 0.5 * length
            else:
                cost = 2 + 0.1 * (length - foreign) + 2 * foreign
            yield cost + self.lonely(first, stop) + 0.3 * repair.depth, repair
        simple = [
            *repairs.closings(reading, at),
            *repairs.commas(reading, at),
            *repairs.quotes(reading, at),
            *repairs.backticks(reading, at),
        ]
        for repair in simple:
            yield 1.5 if repair.kind == "comma" else 2.5, repair
        if self.history is not None:
            changes = hunks(self.history.stripped, self.stripped)
            for repair in repairs.restorations(reading, self.history.lines, changes):
                yield 1.0 + 0.1 * repair.text.count("\n"), repair

    def lonely(self, first: int, stop: int) -> float:
        """What it costs to take out closing brackets only: they are rarely left over alone.

        Unless they double the line before: then nothing else is.
        """
        lines = [line for line in self.stripped[first - 1 : stop - 1] if line]
        if any(line.strip(")]};, \t") for line in lines):
            return 0.0
        above = next((line for line in reversed(self.stripped[: first - 1]) if line), "")
        return -1.0 if lines == [above] else 3.0

    def remainder(self, repair: Repair) -> float:
        """What the text that a repair leaves costs: its distance from the last version."""
        if self.history is None:
            return 0.0
        lines = [line.strip() for line in repair.applied(self.reading.text).splitlines()]
        changes = hunks(self.history.stripped, lines)
        return 0.2 * sum(h.old_end - h.old_start + h.new_end - h.new_start for h in changes)

    def described(self, repair: Repair) -> Orphan:
        """The orphan that a repair amounts to."""
        text = self.reading.text
        start, end = repair.start, repair.end
        if repair.kind == "remove":
            gone = text[start:end]
            start += len(gone) - len(gone.lstrip())
            end -= len(gone) - len(gone.rstrip())
        mended = functions(repair.applied(text))
        trailed = trailing(mended, repair.start)
        return Orphan(repair, start, end, trailed, trailed.name if trailed else "")


def trailing(known: list[Function], at: int) -> Function | None:
    """The function that ends last before `at`, or that is around it where none does inside it."""
    around = [f for f in known if f.start < at < f.end]
    inner = max(around, key=lambda f: f.start) if around else None
    floor = inner.start if inner is not None else -1
    ended = [f for f in known if f.end <= at and f.start >= floor]
    if inner is not None:
        return inner
    return max(ended, key=lambda f: (f.end, -f.start)) if ended else None
