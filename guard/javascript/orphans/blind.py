"""Weighs repairs of a text that has no last version: by brackets, indentation and names alone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from guard.javascript.orphans import quotes, repairs
from guard.javascript.orphans.costs import STRAY, cut, faults, stray
from guard.javascript.orphans.doubles import doubles
from guard.javascript.orphans.fragments import Fragments, echo, headed, headless, heads
from guard.javascript.orphans.layout import Layout
from guard.javascript.orphans.litter import litter, littered
from guard.javascript.orphans.repairs import Reading, Repair
from guard.javascript.orphans.shape import Shape
from guard.javascript.orphans.strays import strays

LOOKED_AT = 4_000
"""How many removals have their indentation looked at, the likeliest first."""

SMALL = 2_000
"""Up to so many characters, a removal takes few of the faults away that a file has anyway."""

HEADLESS = 6.0
"""What speaks for a block whose first line is gone."""

NEAR = 40
"""How many tokens ahead of a removal a `return` outside of functions may be part of it."""

FAULT = 0.8
"""What a fault of the indentation costs."""

FEW = 6
"""Up to so many lines may be left over in a file that holds little else."""


class Blind:
    """Costs of repairs of one text."""

    def __init__(self, reading: Reading, shape: Shape, at: int) -> None:
        self.reading = reading
        self.shape = shape
        self.at = at
        self.line = reading.line_of(at)
        self.index = bisect_left(reading.starts, at)
        self.solid = sum(1 for line in reading.stripped if line)
        self.layout = Layout(reading)
        self.fragments = Fragments(reading, at, self.layout)
        opened = reading.brackets.opened
        self.returns = [
            n for n, token in enumerate(reading.tokens) if token.text == "return" and not opened[n]
        ]
        self.headless = headless(reading, at)
        self.doubles = doubles(reading, at)
        self.strays = strays(reading, self.layout, shape, at) | {
            place: repair for place, (repair, _) in self.doubles.items()
        }
        halves = [token.start for token in reading.tokens if token.kind == "half"]
        self.halves = [start for start in halves if reading.line_of(start) == self.line]

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
        number = self.reading.line_of(repair.start)
        return self.fragments.declares(number) and headed(self.reading.lines.line(number), name)

    def opens(self, repair: Repair) -> int:
        """How many more brackets a removal opens than it closes."""
        first, after = (
            bisect_left(self.reading.starts, repair.start),
            bisect_left(self.reading.starts, repair.end),
        )
        kinds = [token.kind for token in self.reading.tokens[first:after]]
        return kinds.count("open") - kinds.count("close")

    def proposals(self) -> Iterator[tuple[float, Repair]]:
        """Every proposal with what it costs at first sight."""
        reading, at = self.reading, self.at
        if (twice := echo(reading, at)) is not None:
            yield -10, twice
        for repair in littered(reading):
            yield -10, repair
        for repair, whole in self.doubles.values():
            if whole:
                yield -10, repair
        for repair in self.strays.values():
            if repair.kind != "remove":
                yield stray(repair), repair
        short = [(self.sight(repair), repair) for repair in repairs.removals(reading, at)]
        short += [(self.sight(repair), repair) for repair in heads(reading, at)]
        short.sort(key=lambda scored: scored[0])
        # Of places that indentation does not tell apart, the last: all before it is inside.
        short = short[:LOOKED_AT]
        short += [(STRAY, repair) for repair in self.strays.values() if repair.kind == "remove"]
        for repair in repairs.closings(reading, at, self.layout.askew()):
            cost = 3 + 0.1 * len(repair.text.strip()) - 1e-5 * repair.start
            short.append((cost + cut(reading, repair), repair))
        for repair in repairs.piled(reading, at):
            cost = 3.5 + 0.5 * repair.text.count("}") - 1e-5 * repair.start
            short.append((cost + cut(reading, repair), repair))
        found = [faults(reading, self.layout, repair) for _, repair in short]
        # What is askew all over the file tells nothing, and less of a file has less of it.
        small = [n for n, (_, r) in zip(found, short, strict=True) if r.end - r.start < SMALL]
        usual = min(small, default=0)
        for (cost, repair), number in zip(short, found, strict=True):
            rest = usual * (1 - (repair.end - repair.start) / len(reading.text))
            yield cost + min(FAULT * max(number - rest, 0), 12), repair
        for repair in repairs.commas(reading, at):
            yield 1.5, repair
        for repair in repairs.parentheses(reading, at):
            yield (2.0 if repair.text else 1.0), repair
        for repair in [*quotes.quotes(reading, at), *quotes.backticks(reading, at)]:
            yield 2.5, repair

    def outside(self, repair: Repair) -> float:
        """What it costs that a `return` outside of all functions stays right above a removal."""
        first = bisect_left(self.reading.starts, repair.start)
        return 3.0 if any(first - NEAR < index < first for index in self.returns) else 0.0

    def sight(self, repair: Repair) -> float:
        """What a removal costs, its indentation aside."""
        first, stop = self.reading.line_of(repair.start), self.reading.end_line(repair.end)
        length = stop - first
        cost = 3 + 0.1 * min(length, 30) + 0.01 * length + 0.3 * repair.depth + self.lonely(repair)
        a, b = (
            bisect_left(self.reading.starts, repair.start),
            bisect_left(self.reading.starts, repair.end),
        )
        cost += 0 if a <= self.index <= b else 1
        cost += 20 if self.most(repair) else 0
        cost += self.fragments.cost(repair, first, stop) + self.outside(repair)
        cost -= HEADLESS if (first, stop) in self.headless else 0
        # Where a string without an end stops the parser, a quote is what is missing.
        return cost + (3 if any(repair.start <= half < repair.end for half in self.halves) else 0)

    def credible(self, repair: Repair) -> bool:
        """Whether a removal takes away what was left behind: not one mistyped statement."""
        if repair.kind != "remove":
            return True
        first, stop = self.reading.line_of(repair.start), self.reading.end_line(repair.end)
        if self.most(repair):
            return False
        if (repair.start, repair.end) in self.strays:
            return True
        if litter(self.reading.stripped[first - 1 : stop - 1]):
            return True
        lines = sum(1 for line in self.reading.stripped[first - 1 : stop - 1] if line)
        if lines > 1 or self.reading.closers_only(first, stop):
            return True
        if self.fragments.repeated(first, stop):
            return True
        return not self.shape.holds_statements(repair.start, repair.end)

    def most(self, repair: Repair) -> bool:
        """Whether a removal takes most of a file: that is never what was left behind in it."""
        first, stop = self.reading.line_of(repair.start), self.reading.end_line(repair.end)
        if 2 * (stop - first) <= self.solid:
            return False
        lines = sum(1 for line in self.reading.stripped[first - 1 : stop - 1] if line)
        return lines > FEW and 2 * lines > self.solid

    def likely(self) -> Iterator[Repair]:
        """Lines that nobody writes as code; else nothing speaks for any but its cost."""
        return littered(self.reading)

    def settled(self, passed: list[tuple[float, Repair]]) -> list[tuple[float, Repair]]:
        """Nothing is known to be new: the costs are what they are."""
        return passed

    def lonely(self, repair: Repair) -> float:
        """What it costs to take out closing brackets only, unless they double the line before."""
        starts, tokens = self.reading.starts, self.reading.tokens
        index, after = bisect_left(starts, repair.start), bisect_left(starts, repair.end)
        if any(t.kind != "close" and t.text not in (";", ",") for t in tokens[index:after]):
            return 0.0
        first, stop = self.reading.line_of(repair.start), self.reading.end_line(repair.end)
        if not self.reading.doubles(first, stop):
            return 1.5
        # Under the line of its opener it may well be the right one.
        return -5.0 if self.first_bent(index) else 0.0

    def first_bent(self, index: int) -> bool:
        """Whether a closer stands askew and the one before it, of those that lead a line, not.

        Behind a bracket too many all closers do.
        """
        layout, tokens = self.layout, self.reading.tokens
        if layout.enclosing[index] >= 0 and not layout.bent(index, layout.enclosing[index]):
            return False
        for earlier in range(index - 1, max(index - 100, -1), -1):
            if tokens[earlier].kind == "close" and layout.leads(earlier):
                opener = layout.enclosing[earlier]
                return opener < 0 or not layout.bent(earlier, opener)
        return True

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
                # A tail stands right behind the function, not a paragraph later.
                above = self.reading.line_of(repair.start) - 1
                cost -= 2.5 if self.reading.stripped[above - 1] else 1.0
        elif repair.kind == "comma" and before and before == after:
            # Two members of one name: the comma is not what is missing.
            cost += 8
        return cost
