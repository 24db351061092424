"""Weighs repairs of a text that has no last version: by brackets, indentation and names alone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from guard.javascript import quotes, repairs
from guard.javascript.layout import Layout
from guard.javascript.repairs import Reading, Repair
from guard.javascript.shape import Shape

LOOKED_AT = 10_000
"""How many removals have their indentation looked at, the shortest first."""

FEW = 6
"""Up to so many lines may be left over in a file that holds little else."""


class Blind:
    """Costs of repairs of one text."""

    def __init__(self, reading: Reading, shape: Shape, at: int) -> None:
        self.reading = reading
        self.shape = shape
        self.at = at
        self.line = reading.line_of(at)
        self.layout = Layout(reading)

    def owner(self, repair: Repair) -> str:
        """The function whose head or tail a removal takes away, as far as names tell."""
        if repair.kind != "remove":
            return ""
        before, after = self.shape.beside(repair.start, repair.end)
        return after if after and self.begins(repair, after) else before

    def touched(self, repair: Repair) -> bool:
        """Anything may be new."""
        return True

    def begins(self, repair: Repair, name: str) -> bool:
        """Whether the first line of a removal is about `name`: the head of a function so called."""
        first = self.reading.lines.line(self.reading.line_of(repair.start))
        return name in first

    def opens(self, repair: Repair) -> int:
        """How many more brackets a removal opens than it closes."""
        first, after = (
            bisect_left(self.reading.starts, repair.start),
            bisect_left(self.reading.starts, repair.end),
        )
        kinds = [token.kind for token in self.reading.tokens[first:after]]
        return kinds.count("open") - kinds.count("close")

    def faults(self, repair: Repair) -> int:
        """The faults of the indentation of the repaired text."""
        first = bisect_left(self.reading.starts, repair.start)
        after = bisect_left(self.reading.starts, repair.end)
        closers = sum(repair.text.count(c) for c in ")]}") if repair.kind == "close" else 0
        return self.layout.faults(first, after, closers)

    def proposals(self) -> Iterator[tuple[float, Repair]]:
        """Every proposal with what it costs at first sight."""
        reading, at = self.reading, self.at
        short = []
        halves = [token.start for token in reading.tokens if token.kind == "half"]
        halves = [start for start in halves if reading.line_of(start) == self.line]
        for repair in repairs.removals(reading, at):
            first, stop = reading.line_of(repair.start), reading.end_line(repair.end)
            length = stop - first
            cost = 3 + min(0.15 * length, 6) + 0.3 * repair.depth + self.lonely(first, stop)
            cost += 0 if first <= self.line <= stop else 1
            # Where a string without an end stops the parser, a quote is what is missing.
            cost += 3 if any(repair.start <= half < repair.end for half in halves) else 0
            short.append((cost, repair))
        short.sort(key=lambda scored: scored[0])
        for cost, repair in short[:LOOKED_AT]:
            yield cost + min(0.8 * self.faults(repair), 12), repair
        for repair in repairs.closings(reading, at):
            # Of places that indentation does not tell apart, the last: all before it is inside.
            cost = 3 + 0.1 * len(repair.text.strip()) - 1e-5 * repair.start
            yield cost + min(0.8 * self.faults(repair), 12), repair
        for repair in repairs.commas(reading, at):
            yield 1.5, repair
        for repair in [*quotes.quotes(reading, at), *quotes.backticks(reading, at)]:
            yield 2.5, repair

    def credible(self, repair: Repair) -> bool:
        """Whether a removal takes away what was left behind: not one mistyped statement."""
        if repair.kind != "remove":
            return True
        first, stop = self.reading.line_of(repair.start), self.reading.end_line(repair.end)
        lines = sum(1 for line in self.reading.stripped[first - 1 : stop - 1] if line)
        whole = sum(1 for line in self.reading.stripped if line)
        if lines > FEW and 2 * lines > whole:
            return False  # most of a file is never what was left behind in it
        if lines > 1 or self.reading.closers_only(first, stop):
            return True
        return not self.shape.holds_statements(repair.start, repair.end)

    def likely(self) -> Iterator[Repair]:
        """Nothing speaks for any removal but what speaks for its cost."""
        return iter(())

    def settled(self, passed: list[tuple[float, Repair]]) -> list[tuple[float, Repair]]:
        """Nothing is known to be new: the costs are what they are."""
        return passed

    def lonely(self, first: int, stop: int) -> float:
        """What it costs to take out closing brackets only, unless they double the line before."""
        if not self.reading.closers_only(first, stop):
            return 0.0
        return -1.0 if self.reading.doubles(first, stop) else 2.0

    def weighed(self, cost: float, repair: Repair) -> float:
        """The cost in full: `cost` and what the functions around the edit say of it."""
        before, after = self.shape.beside(repair.start, repair.end, repair.text)
        if repair.kind == "remove":
            if after and self.begins(repair, after):
                cost -= 4
            elif self.opens(repair) > 0:
                # The beginning of something else, whose end is missing rather than it too much.
                cost += 3
            elif before:
                cost -= 2.5
        elif repair.kind == "comma" and before and before == after:
            # Two members of one name: the comma is not what is missing.
            cost += 8
        return cost
